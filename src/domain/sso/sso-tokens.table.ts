// One-use tokens of single sign-on, hashed.

import { hotAppend, hotQuery } from '#kit/database/hot-query.ts';
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
  await KEEP(tx, row);
}

const KEEP = hotAppend<SsoTokenRow>('sso_tokens', {
  token_hash: true,
  user_id: true,
  client_id: true,
  target: true,
  issued_by: true,
  created_at: true,
  expires_at: true,
  used_at: true,
});

/** Spends a token: it answers for exactly one caller, within its time. */
export async function spendSsoToken(tx: Context, tokenHash: string): Promise<SsoTokenRow | undefined> {
  return (await SPEND(tx, tx.now(), tokenHash, tx.now()))[0];
}

const SPEND = hotQuery<SsoTokenRow>(
  'update sso_tokens set used_at = ? where token_hash = ? and used_at is null and expires_at > ? returning *',
);

/** A token whatever its state, to tell the log why it opened nothing. */
export async function findSsoToken(ctx: Context, tokenHash: string): Promise<SsoTokenRow | undefined> {
  return ctx.db.selectFrom('sso_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** Takes away tokens that ended before `before`. */
export async function sweepSsoTokens(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('sso_tokens').where('expires_at', '<', before).execute();
}
