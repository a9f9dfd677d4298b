// Small rules about texts that people type: comparing keys, addresses, names.

/** The form in which names and addresses are compared, sorted and searched: trimmed, composed, lower case. */
export function comparable(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** The smallest text that sorts, by bytes, after every text that starts with `prefix`. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** Whether this is a mail address that letters can be sent to: RFC 5321's lengths, one @, no quoting, a real-looking host. */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const match = /^([^\s@"<>(),:;[\]\\]{1,64})@([^\s@"<>(),:;[\]\\_]+)$/u.exec(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (!match || /[\u0000-\u001f\u007f-\u009f]/.test(text)) return false;
  const [, local = '', host = ''] = match;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
  return host.split('.').every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u.test(label));
}

/** A line of text as people type it: no control characters, no invisible direction marks, outer spaces gone. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
}

/** An address with its middle hidden, for screens that a stranger may see: `a•••@example.com`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
