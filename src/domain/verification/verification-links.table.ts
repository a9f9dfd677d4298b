// Links that prove an address: hashed, one use, newest kills older.

import type { Context } from '#src/context.ts';

/** A link as stored, by the hash of its token. It holds for the address of this key alone. */
export type VerificationLinkRow = {
  token_hash: string;
  user_id: number;
  email_key: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    verification_links: VerificationLinkRow;
  }
}

/** Keeps a link and ends every earlier one of the person. */
export async function putVerificationLink(tx: Context, row: VerificationLinkRow): Promise<void> {
  await endVerificationLinksOf(tx, row.user_id);
  await tx.db.insertInto('verification_links').values(row).execute();
}

/** Ends every link of a person that was not used. */
export async function endVerificationLinksOf(tx: Context, userId: number): Promise<void> {
  await tx.db.deleteFrom('verification_links').where('user_id', '=', userId).where('used_at', 'is', null).execute();
}

/** A link, whatever its state; for the page that says which. */
export async function findVerificationLink(ctx: Context, tokenHash: string): Promise<VerificationLinkRow | undefined> {
  return ctx.db.selectFrom('verification_links').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** Spends a link of this person; it answers for exactly one caller. */
export async function spendVerificationLink(
  tx: Context,
  tokenHash: string,
  userId: number,
): Promise<VerificationLinkRow | undefined> {
  return tx.db
    .updateTable('verification_links')
    .set({ used_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Takes away links that ended before `before`. */
export async function sweepVerificationLinks(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('verification_links').where('expires_at', '<', before).execute();
}
