// The table of those who are asked by Duo: by which name it knows them.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** Somebody's Duo as stored. */
export type DuoRow = {
  id: number;
  user_id: number | null;
  administrator_id: number | null;
  name: string;
  created_at: number;
  last_used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    duo_holders: Omit<DuoRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps that a person is asked by Duo under this name. False when they are already, or another is under this name. */
export async function insertDuo(tx: Context, holder: FactorHolder, name: string): Promise<boolean> {
  const made = await tx.db
    .insertInto('duo_holders')
    .values({
      user_id: holder.kind === 'user' ? holder.id : null,
      administrator_id: holder.kind === 'administrator' ? holder.id : null,
      name,
      created_at: tx.now(),
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

/** A person's Duo, if they have it set up. Asked at every sign-in. */
export async function duoRow(ctx: Context, holder: FactorHolder): Promise<DuoRow | undefined> {
  return (await OF[holder.kind](ctx, holder.id))[0];
}

const OF = {
  user: hotQuery<DuoRow>('select * from duo_holders where user_id = ?'),
  administrator: hotQuery<DuoRow>('select * from duo_holders where administrator_id = ?'),
};

/** Which of these people have it set up. */
export async function holdersOfDuo(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<number[]> {
  const column = holderColumn(kind);
  const rows = await ctx.db.selectFrom('duo_holders').select(column).where(column, 'in', ids).execute();
  return rows.map((row) => row[column]).filter((id) => id !== null);
}

/** Notes that it was used; false when it is not there any more. */
export async function noteDuoUse(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db
    .updateTable('duo_holders')
    .set({ last_used_at: tx.now() })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes a person's Duo away; true for exactly one caller. */
export async function deleteDuo(tx: Context, holder: FactorHolder): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('duo_holders')
    .where(holderColumn(holder.kind), '=', holder.id)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

function holderColumn(kind: FactorHolder['kind']): 'user_id' | 'administrator_id' {
  return kind === 'user' ? 'user_id' : 'administrator_id';
}
