// Which of the tables that factors keep hold a row of somebody: one read for all of them, since every sign-in asks.

import type { Factor, FactorHolder } from '#domain/credentials/factor.ts';
import type { HotQuery } from '#kit/database/hot-query.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A table with a row for each person who has the factor. */
export type FactorTable = NonNullable<Factor['keptIn']>;

type Held = Readonly<Record<string, number>>;
const queries = new Map<string, HotQuery<Held>>();

/** Those of these tables in which this person has a row. */
export async function tablesHolding(
  ctx: Context,
  tables: readonly FactorTable[],
  { kind, id }: FactorHolder,
): Promise<ReadonlySet<FactorTable>> {
  if (tables.length === 0) return new Set();
  const name = `${kind} ${tables.join()}`;
  const query = queries.get(name) ?? made(tables, kind === 'user' ? 'user_id' : 'administrator_id');
  queries.set(name, query);
  const [held] = await query(ctx, ...tables.map(() => id));
  return new Set(tables.filter((table) => held?.[table] === 1));
}

function made(tables: readonly FactorTable[], column: 'user_id' | 'administrator_id'): HotQuery<Held> {
  const each = tables.map(
    (table) => `case when exists (select 1 from ${table} where ${column} = ?) then 1 else 0 end as ${table}`,
  );
  return hotQuery<Held>(`select ${each.join(', ')}`);
}
