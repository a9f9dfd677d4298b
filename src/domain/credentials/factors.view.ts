// Whether somebody has a row in any of the tables that factors keep: one read for all of them, since every sign-in asks.

import type { Factor, FactorHolder } from '#domain/credentials/factor.ts';
import type { HotQuery } from '#kit/database/hot-query.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A table with a row for each person who has the factor. */
export type FactorTable = NonNullable<Factor['keptIn']>;

const queries = new Map<string, HotQuery<{ held: number }>>();

/** Whether this person has a row in one of these tables. */
export async function hasRowInAny(
  ctx: Context,
  tables: readonly FactorTable[],
  { kind, id }: FactorHolder,
): Promise<boolean> {
  if (tables.length === 0) return false;
  const name = `${kind} ${tables.join()}`;
  const query = queries.get(name) ?? made(tables, kind === 'user' ? 'user_id' : 'administrator_id');
  queries.set(name, query);
  return (await query(ctx, ...tables.map(() => id))).length > 0;
}

function made(tables: readonly FactorTable[], column: 'user_id' | 'administrator_id'): HotQuery<{ held: number }> {
  const any = tables.map((table) => `exists (select 1 from ${table} where ${column} = ?)`).join(' or ');
  return hotQuery<{ held: number }>(`select 1 as held where ${any}`);
}
