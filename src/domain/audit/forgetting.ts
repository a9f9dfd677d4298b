// Taking a person out of the log who leaves for good: that something happened, and when, stays; who it was does not.

import { detailsAbout, forgetInLines } from '#domain/audit/audit.table.ts';
import type { Context } from '#src/context.ts';

/**
 * Takes a person out of the log in the transaction that removes them: their names and addresses out of the sentences, what
 * stood beside those, and where they acted from. `words`: how they are called now. Lines written afterwards are not touched.
 */
export async function forgetInLog(
  tx: Context,
  of: { readonly userId: number; readonly words: readonly string[]; readonly clientIds: readonly number[] },
): Promise<void> {
  const earlier = (await detailsAbout(tx, of.userId, 'user.updated')).flatMap(wordsOfChange);
  // Addresses and whole names alone: a first name such as Al stands in half of all sentences. The longest first, since a name
  // that is a part of an address must not be taken out of it alone.
  const words = [...new Set([...of.words, ...earlier])].filter((word) => /[@ ]/.test(word));
  words.sort((a, b) => b.length - a.length);
  await forgetInLines(tx, { ...of, words, instead: `user ${of.userId}` });
}

/** The texts of a change: `{ email: { before, after } }`. */
function wordsOfChange(details: string): string[] {
  const read: unknown = JSON.parse(details); // written by audit()
  if (typeof read !== 'object' || read === null) return [];
  return Object.entries(read)
    .filter(([field]) => field !== 'language')
    .flatMap(([, change]) => (typeof change === 'object' && change !== null ? Object.values(change) : []))
    .filter((word) => typeof word === 'string');
}
