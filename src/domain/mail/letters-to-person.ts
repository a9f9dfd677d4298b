// The letters that a person got, as they may have them again, and taking them away when the person leaves for good.

import { forgetLettersTo, keptLettersTo, sweepFarewellRows } from '#domain/mail/letters.table.ts';
import type { Context } from '#src/context.ts';

/** A letter as its reader may have it again: every link that opened something is masked. */
export type OwnLetter = {
  readonly at: number;
  readonly sentAt: number | undefined;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

/** The newest letters to a person. */
export async function lettersTo(ctx: Context, userId: number, most: number): Promise<OwnLetter[]> {
  return (await keptLettersTo(ctx, userId, most)).map((row) => ({
    at: row.created_at,
    sentAt: row.sent_at ?? undefined,
    to: row.to_address,
    subject: row.subject,
    text: row.kept_text,
  }));
}

/** Takes a person's letters out of the outbox and the history. Those of an account stay as lines without address or text. */
export async function forgetLetters(tx: Context, userId: number): Promise<void> {
  await forgetLettersTo(tx, userId);
}

/** The name of the last letter to somebody who left for good. The history keeps such letters for a while only. */
export const FAREWELL = 'farewell';

/** Takes away last letters that were written before `before`. */
export async function sweepFarewells(ctx: Context, before: number): Promise<void> {
  await sweepFarewellRows(ctx, before);
}
