// The table of settings: the text of each one that was changed from its default.

import { sql } from 'kysely';
import type { Context } from '#src/context.ts';

type Db = Pick<Context, 'db' | 'now'>;

declare module '#kit/tables.ts' {
  interface Tables {
    settings: { name: string; value: string; updated_at: number };
  }
}

/** Every stored setting, by name. */
export async function storedSettings(ctx: Pick<Context, 'db'>): Promise<ReadonlyMap<string, string>> {
  const rows = await ctx.db.selectFrom('settings').select(['name', 'value']).execute();
  return new Map(rows.map((row) => [row.name, row.value]));
}

/** Makes other transactions that want to change settings wait for this one: what is read now is what is changed. */
export async function lockSettings(tx: Pick<Context, 'db' | 'dialect'>): Promise<void> {
  // On SQLite a transaction has the database to itself anyway.
  if (tx.dialect === 'postgres') await sql`lock table settings in share row exclusive mode`.execute(tx.db);
}

/** Stores one setting's text, over whatever was there. */
export async function putSetting(tx: Db, name: string, value: string): Promise<void> {
  const row = { name, value, updated_at: tx.now() };
  await tx.db
    .insertInto('settings')
    .values(row)
    .onConflict((on) => on.column('name').doUpdateSet({ value, updated_at: row.updated_at }))
    .execute();
}

/** Forgets one setting, so that its default holds again. */
export async function dropSetting(tx: Db, name: string): Promise<void> {
  await tx.db.deleteFrom('settings').where('name', '=', name).execute();
}
