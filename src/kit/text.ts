// Small rules about texts that people type: comparing keys, addresses, names.

/** The form in which names and addresses are compared, sorted and searched: trimmed, composed, lower case. */
export function comparable(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/**
 * The start of a text as `comparable` has it: at most `most` UTF-16 units, whole characters. What lists are sorted by and
 * searched through, since several such texts must fit one row of an index (2,704 bytes on PostgreSQL).
 */
export function comparableStart(text: string, most: number): string {
  const whole = comparable(text);
  return whole.length <= most ? whole : whole.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/** The smallest text that sorts, by bytes, after every text that starts with `prefix`. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/**
 * Whether this is a mail address that letters can be sent to: RFC 5321's lengths, one @, no quoting, a real-looking host,
 * and no sign that turns or hides others, which would make one address look like another.
 */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const match = /^([^\s@"<>(),:;[\]\\]{1,64})@([^\s@"<>(),:;[\]\\_]+)$/u.exec(text);
  // \p{C}: control signs, marks of direction, signs without width, halves of pairs. Of what is left, some signs become an
  // @ or a dot when addresses are compared (U+FF20, U+2024): then it is not the address that it looks like.
  if (!match || /\p{C}/u.test(text) || (text.normalize('NFKC') !== text && !isMailAddress(text.normalize('NFKC')))) {
    return false;
  }
  const [, local = '', host = ''] = match;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
  return host.split('.').every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u.test(label));
}

/**
 * A line of text as people type it: no control characters, no invisible marks (but for the joiners that some scripts and
 * emoji need), no half of a pair, outer spaces gone. What shows nothing comes out empty.
 */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const breaks = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
  return edgesOff(text.toWellFormed().replace(breaks, ' ').replace(INVISIBLE, ''));
}

/** Lines of text as people type them: as `oneLine`, but line breaks and tabs stay. */
export function manyLines(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g;
  return edgesOff(text.toWellFormed().replaceAll(/\r\n?/g, '\n').replace(bad, ' ').replace(INVISIBLE, ''));
}

// Soft hyphen, marks and overrides of direction, signs without width. Not U+200C and U+200D: Persian, Hindi and emoji need them.
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Without spaces at either end, nor joiners, which join nothing there. Not by one pattern: those search a long run of spaces again from each of them. */
function edgesOff(text: string): string {
  const isEdge = (at: number): boolean => /[\s\u200c\u200d]/.test(text.charAt(at));
  let [from, to] = [0, text.length];
  while (from < to && isEdge(from)) from += 1;
  while (to > from && isEdge(to - 1)) to -= 1;
  return text.slice(from, to);
}

/**
 * A name that somebody chose, as it may stand in a letter to somebody else: short, and no address that mail programs make a
 * link of. Else an account called `Win at https://…` would advertise by our letters.
 */
export function harmlessName(name: string): string {
  const plain = oneLine(
    name.replace(/\b[a-z][a-z0-9+.-]*:\/\/|\bwww\./gi, ' ').replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}]{2})/gu, ' '),
  );
  const characters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(plain)];
  if (characters.length <= 60) return plain;
  return `${characters
    .slice(0, 59)
    .map(({ segment }) => segment)
    .join('')
    .trim()}…`;
}

/** An address with its middle hidden, for screens that a stranger may see: `a•••@example.com`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  return at === -1 ? `${first}•••` : `${first}•••${address.slice(at)}`;
}
