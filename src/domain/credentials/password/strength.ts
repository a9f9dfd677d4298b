// Whether a new password is good enough: long enough, not one that everybody tries first, not the person's own name.

import { readFileSync } from 'node:fs';
import { charactersOf, normalised, type TextFault, textFault } from './password-text.ts';

/** What is wrong with a new password: a code of locales/en/errors.json. */
export type PasswordFault = TextFault | 'password-too-short' | 'password-common' | 'password-contains-personal';

/** Shorter than this no installation may allow (ASVS 5.0 V6.2.1, NIST SP 800-63B-4 beside a second factor). */
export const LEAST_MINIMUM_LENGTH = 8;

/**
 * What is wrong with `password` as a new password, or undefined. `minimumLength` is the administrator's setting, in
 * characters. `words` are what an attacker would know of the person: e-mail address, names, company, the name of the
 * installation; each counts whole and in its parts of at least four letters and digits.
 *
 * There are no rules of composition (ASVS 5.0 V6.2.5). Refused are the passwords that are tried first (V6.2.4) and those
 * made of the person's own words (V6.2.11), also with a few characters put around them: as soon as what was added is
 * less than half of the length that is asked for.
 */
export function passwordFault(
  password: string,
  about: { minimumLength: number; words?: readonly string[] },
): PasswordFault | undefined {
  const fault = textFault(password);
  if (fault) return fault;
  const minimum = Math.max(about.minimumLength, LEAST_MINIMUM_LENGTH);
  const folded = foldCase(password);
  // Counted after composing, so that accents typed apart are not taken for length.
  if (charactersOf(normalised(password)) < minimum) return 'password-too-short';
  if (isMadeOf(folded, partsOf(about.words ?? []), minimum / 2)) return 'password-contains-personal';
  if (isCommon(folded, minimum / 2)) return 'password-common';
  return undefined;
}

// On the list itself; the same few characters again and again, or in a row; or one of the list with a little around it.
function isCommon(folded: string, leastAdded: number): boolean {
  const common = commonPasswords();
  if (common.has(folded) || isRun(folded)) return true;
  const unit = repeatedUnit(folded);
  if (unit !== folded && (charactersOf(unit) <= 4 || common.has(unit))) return true;
  const core = folded.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
  return common.has(core) && charactersOf(folded) - charactersOf(core) < leastAdded;
}

// "abcdefghijkl", "987654321098": every character is the next, or the previous one; nine and nought are neighbours.
function isRun(folded: string): boolean {
  const codes = [...folded].map((character) => character.codePointAt(0) ?? 0);
  const isNext = (from: number, to: number): boolean => to === from + 1 || (from === 0x39 && to === 0x30);
  const pairs = codes.slice(1).map((code, index) => [codes[index] ?? 0, code] as const);
  return pairs.every(([a, b]) => isNext(a, b)) || pairs.every(([a, b]) => isNext(b, a));
}

// The shortest text that gives `text` when repeated; `text` itself when none does.
function repeatedUnit(text: string): string {
  return text.slice(0, `${text}${text}`.indexOf(text, 1));
}

// Whether less than `leastAdded` characters are left once the words are taken out, the longest first.
function isMadeOf(folded: string, words: readonly string[], leastAdded: number): boolean {
  const rest = words.reduce((left, word) => left.replaceAll(word, ' '), folded);
  const isTouched = rest !== folded;
  return isTouched && charactersOf(rest.replace(/[^\p{L}\p{N}]/gu, '')) < leastAdded;
}

const LEAST_WORD = 4;

// "Ada.Lovelace@example.com" is guessed as a whole, as "ada.lovelace", as "lovelace" and as "example".
function partsOf(words: readonly string[]): string[] {
  const parts = words.map(foldCase).flatMap((word) => [word, ...word.split('@'), ...word.split(/[^\p{L}\p{N}]+/u)]);
  const squeezed = parts.flatMap((part) => [part, part.replace(/[^\p{L}\p{N}]/gu, '')]);
  return [...new Set(squeezed)].filter((part) => charactersOf(part) >= LEAST_WORD).sort((a, b) => b.length - a.length);
}

function foldCase(text: string): string {
  return normalised(text).toLowerCase();
}

let loaded: ReadonlySet<string> | undefined;

// Read on first use, once: some 32,000 entries. Its head says where they come from.
function commonPasswords(): ReadonlySet<string> {
  loaded ??= new Set(entriesOf(readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')));
  return loaded;
}

// The head ends with the first empty line; after it a line is a password, whatever it starts with.
function entriesOf(file: string): string[] {
  return file
    .slice(file.indexOf('\n\n') + 2)
    .trimEnd()
    .split('\n');
}
