// Links for setting a password: hashed, one use, newest kills older. A dead one is kept for a while, so that its page can
// say why it is dead.

import type { Context } from '#src/context.ts';

/** Why a link died unused: a newer one was sent, or what it was for was overtaken (another password, say). */
export type LinkEnd = 'replaced' | 'overtaken';

/** A link as stored, by the hash of its token. `sent_to`: null only of links from before it was kept. */
export type PasswordLinkRow = {
  token_hash: string;
  user_id: number | null;
  administrator_id: number | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  sent_to: string | null;
  ended_at: number | null;
  ended_how: LinkEnd | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    password_links: PasswordLinkRow;
  }
}

/** Keeps a link and ends every earlier one of the person. */
export async function putPasswordLink(
  tx: Context,
  row: Omit<PasswordLinkRow, 'used_at' | 'ended_at' | 'ended_how'>,
): Promise<void> {
  const of = row.user_id === null ? { administratorId: row.administrator_id ?? 0 } : { userId: row.user_id };
  await endPasswordLinksOf(tx, of, 'replaced');
  await tx.db
    .insertInto('password_links')
    .values({ ...row, used_at: null, ended_at: null, ended_how: null })
    .execute();
}

/** Ends every link of a person that still opens something. */
export async function endPasswordLinksOf(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  how: LinkEnd = 'overtaken',
): Promise<void> {
  const query = tx.db
    .updateTable('password_links')
    .set({ ended_at: tx.now(), ended_how: how })
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null);
  await ('userId' in of
    ? query.where('user_id', '=', of.userId)
    : query.where('administrator_id', '=', of.administratorId)
  ).execute();
}

/** A link, whatever its state; for the page that says which. */
export async function findPasswordLink(ctx: Context, tokenHash: string): Promise<PasswordLinkRow | undefined> {
  return ctx.db.selectFrom('password_links').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** Spends a link; it answers for exactly one caller. */
export async function spendPasswordLink(tx: Context, tokenHash: string): Promise<PasswordLinkRow | undefined> {
  return tx.db
    .updateTable('password_links')
    .set({ used_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Takes away links that ended before `before`. */
export async function sweepPasswordLinks(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('password_links').where('expires_at', '<', before).execute();
}
