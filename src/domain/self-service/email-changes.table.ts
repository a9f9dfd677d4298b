// Addresses that people mean to have, by the hash of the token in the letter to each: one use, newest kills older.

import type { Context } from '#src/context.ts';

/** A change as asked for. */
export type EmailChangeRow = {
  token_hash: string;
  user_id: number;
  email: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    email_changes: EmailChangeRow;
  }
}

/** Keeps what is asked for and ends every earlier wish of the person. */
export async function putEmailChange(tx: Context, row: EmailChangeRow): Promise<void> {
  await endEmailChangesOf(tx, row.user_id);
  await tx.db.insertInto('email_changes').values(row).execute();
}

/** Ends what a person asked for. Answers whether there was anything. */
export async function endEmailChangesOf(tx: Context, userId: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('email_changes')
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return done.numDeletedRows > 0n;
}

/** A change, whatever its state; for the page that says which. */
export async function findEmailChangeRow(ctx: Context, tokenHash: string): Promise<EmailChangeRow | undefined> {
  return ctx.db.selectFrom('email_changes').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** What a person asked for and may still confirm. */
export async function openEmailChangeRow(ctx: Context, userId: number): Promise<EmailChangeRow | undefined> {
  return ctx.db
    .selectFrom('email_changes')
    .selectAll()
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .executeTakeFirst();
}

/** Spends the link of this very person; it answers for exactly one caller. */
export async function spendEmailChangeRow(
  tx: Context,
  tokenHash: string,
  userId: number,
): Promise<EmailChangeRow | undefined> {
  return tx.db
    .updateTable('email_changes')
    .set({ used_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Takes away changes that ended before `before`. */
export async function sweepEmailChangeRows(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('email_changes').where('expires_at', '<', before).execute();
}
