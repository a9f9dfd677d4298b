// One-use tokens of single sign-on, hashed.

import type { Context } from '#src/context.ts';

/** A token as stored, by its hash. `target` is a path of ours or an operator's address. */
export type SsoTokenRow = {
  token_hash: string;
  user_id: number;
  client_id: number | null;
  target: string;
  issued_by: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    sso_tokens: SsoTokenRow;
  }
}

/** Keeps a token. */
export async function insertSsoToken(tx: Context, row: SsoTokenRow): Promise<void> {
  await tx.db.insertInto('sso_tokens').values(row).execute();
}

/** Spends a token: it answers for exactly one caller, within its time. */
export async function spendSsoToken(tx: Context, tokenHash: string): Promise<SsoTokenRow | undefined> {
  return tx.db
    .updateTable('sso_tokens')
    .set({ used_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** A token whatever its state, to tell the log why it opened nothing. */
export async function findSsoToken(ctx: Context, tokenHash: string): Promise<SsoTokenRow | undefined> {
  return ctx.db.selectFrom('sso_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** Takes away tokens that ended before `before`. */
export async function sweepSsoTokens(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('sso_tokens').where('expires_at', '<', before).execute();
}
