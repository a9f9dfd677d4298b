// What a password may be as a text, and the one form in which it is hashed. Length is counted here and nowhere else.

/** The most characters (Unicode code points) a password may have; at four bytes each that is 4 KiB of UTF-8. */
export const MOST_CHARACTERS = 1024;

/** Why a text cannot be a password at all, whatever the settings say. A code of locales/en/errors.json. */
export type TextFault = 'password-missing' | 'password-too-long' | 'password-unreadable';

/**
 * What keeps `password` from being hashed, or undefined. Costs next to nothing however long the text is, so it may stand
 * before everything else. There is no other rule: any character is allowed (ASVS 5.0 V6.2.5) and nothing is cut off (V6.2.8).
 */
export function textFault(password: string): TextFault | undefined {
  if (password === '') return 'password-missing';
  // A code point is at most two UTF-16 units, so a megabyte is refused without being counted.
  if (password.length > 2 * MOST_CHARACTERS || charactersOf(password) > MOST_CHARACTERS) return 'password-too-long';
  // Half a surrogate pair has no UTF-8: each would become U+FFFD, and different passwords would match each other.
  if (!password.isWellFormed()) return 'password-unreadable';
  return undefined;
}

/** How many characters a person would count: each Unicode code point is one (NIST SP 800-63B-4, 3.1.1.2). */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * The form that is hashed: NFC, so that an "é" typed on one keyboard is the "é" of another. NIST SP 800-63B-4, 3.1.1.2 and
 * RFC 8265, 4.2 ask for NFC; the NFKC of the older 800-63B-3 would make "²" and "2" the same, which V6.2.8 forbids.
 */
export function normalised(password: string): string {
  return password.normalize('NFC');
}
