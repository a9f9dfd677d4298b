// Banned addresses.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** A ban as stored. `expires_at` null: for good. `reason_shown`: 1 where whoever is shut out may read the reason. */
export type BanRow = {
  id: number;
  range: string;
  reason: string;
  source: string;
  created_at: number;
  expires_at: number | null;
  reason_shown: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    banned_addresses: Omit<BanRow, 'id'> & { id: Generated<number> };
  }
}

/** Adds a ban, or renews the one of the same range. */
export async function putBan(tx: Context, row: Omit<BanRow, 'id'>): Promise<number> {
  const made = await tx.db
    .insertInto('banned_addresses')
    .values(row)
    .onConflict((on) =>
      on.column('range').doUpdateSet({
        reason: row.reason,
        source: row.source,
        created_at: row.created_at,
        expires_at: row.expires_at,
        reason_shown: row.reason_shown,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Adds a ban unless one of the same range holds as long or longer: a rule of ours shortens nothing that staff decided. */
export async function putBanUnlessLonger(
  tx: Context,
  row: Omit<BanRow, 'id' | 'expires_at'> & { readonly expires_at: number },
): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('banned_addresses')
    .values(row)
    .onConflict((on) =>
      on
        .column('range')
        .doUpdateSet({
          reason: row.reason,
          source: row.source,
          created_at: row.created_at,
          expires_at: row.expires_at,
          reason_shown: row.reason_shown,
        })
        .where('banned_addresses.expires_at', '<', row.expires_at),
    )
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Removes a ban. Answers the range it had. */
export async function deleteBan(tx: Context, id: number): Promise<string | undefined> {
  const gone = await tx.db.deleteFrom('banned_addresses').where('id', '=', id).returning('range').executeTakeFirst();
  return gone?.range;
}

/** The bans that hold now, newest first. */
export async function bansInForce(ctx: Context): Promise<BanRow[]> {
  return ctx.db
    .selectFrom('banned_addresses')
    .selectAll()
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', ctx.now())]))
    .orderBy('id', 'desc')
    .execute();
}
