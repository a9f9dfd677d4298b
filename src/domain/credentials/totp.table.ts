// The table of authenticators: apps that make one-time codes. Their seeds are sealed.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** An authenticator as stored. */
export type AuthenticatorRow = {
  id: number;
  user_id: number | null;
  administrator_id: number | null;
  name: string;
  sealed_secret: string;
  /** The newest step of time whose code was spent. */
  last_step: number;
  created_at: number;
  last_used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    authenticators: Omit<AuthenticatorRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a new authenticator. Answers its id. */
export async function insertAuthenticator(tx: Context, row: Omit<AuthenticatorRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('authenticators').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** The authenticators of a person, the oldest first. */
export async function authenticatorRows(ctx: Context, holder: FactorHolder): Promise<readonly AuthenticatorRow[]> {
  return OF[holder.kind](ctx, holder.id);
}

const OF = {
  user: hotQuery<AuthenticatorRow>('select * from authenticators where user_id = ? order by id'),
  administrator: hotQuery<AuthenticatorRow>('select * from authenticators where administrator_id = ? order by id'),
};

/** Whether a person has any. Asked at every sign-in. */
export async function hasAuthenticatorRow(ctx: Context, holder: FactorHolder): Promise<boolean> {
  return (await ANY_OF[holder.kind](ctx, holder.id)).length > 0;
}

const ANY_OF = {
  user: hotQuery<{ id: number }>('select id from authenticators where user_id = ? limit 1'),
  administrator: hotQuery<{ id: number }>('select id from authenticators where administrator_id = ? limit 1'),
};

/** Which of these people have any. */
export async function holdersOfAuthenticators(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<number[]> {
  const column = holderColumn(kind);
  const rows = await ctx.db.selectFrom('authenticators').select(column).distinct().where(column, 'in', ids).execute();
  return rows.map((row) => row[column]).filter((id) => id !== null);
}

/**
 * Spends the code of a step: true for exactly one caller, and never again for this step or an older one, whatever the clock
 * does. One statement.
 */
export async function spendStep(tx: Context, id: number, step: number): Promise<boolean> {
  return (await SPEND(tx, step, tx.now(), id, step)).length === 1;
}

const SPEND = hotQuery<Pick<AuthenticatorRow, 'id'>>(
  'update authenticators set last_step = ?, last_used_at = ? where id = ? and last_step < ? returning id',
);

/** Gives one of a person's authenticators another name; false when it is not theirs. */
export async function renameAuthenticatorRow(
  tx: Context,
  holder: FactorHolder,
  id: number,
  name: string,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('authenticators')
    .set({ name })
    .where('id', '=', id)
    .where(holderColumn(holder.kind), '=', holder.id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes away one of a person's authenticators; false when it is not theirs, or gone. */
export async function deleteAuthenticator(tx: Context, holder: FactorHolder, id: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('authenticators')
    .where('id', '=', id)
    .where(holderColumn(holder.kind), '=', holder.id)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Takes away all of a person's authenticators. */
export async function deleteAuthenticatorsOf(tx: Context, holder: FactorHolder): Promise<void> {
  await tx.db.deleteFrom('authenticators').where(holderColumn(holder.kind), '=', holder.id).execute();
}

function holderColumn(kind: FactorHolder['kind']): 'user_id' | 'administrator_id' {
  return kind === 'user' ? 'user_id' : 'administrator_id';
}
