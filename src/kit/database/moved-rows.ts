// Rows that go from one owner to another.

import { sql } from 'kysely';
import type { Queries } from '#kit/database/database.ts';
import { portions } from '#kit/portions.ts';
import type { Tables } from '#kit/tables.ts';

/** Gives rows from one owner to another: all, or only these. Answers the ids of those that moved, in their order. */
export type RowMover = (
  tx: { readonly db: Queries },
  from: number,
  into: number,
  only?: readonly number[],
) => Promise<number[]>;

/** The mover of a table whose column `owner` says whose a row is. Only for *.table.ts. */
export function rowMover<Name extends keyof Tables & string>(
  table: Name,
  owner: keyof Tables[Name] & string,
): RowMover {
  const given = sql`update ${sql.table(table)} set ${sql.ref(owner)}`;
  return async ({ db }, from, into, only) => {
    const moved: number[] = [];
    for (const ids of only ? portions(only) : [undefined]) {
      const these = ids ? sql`and id in (${sql.join(ids)})` : sql``;
      const query = sql<{ id: number }>`${given} = ${into} where ${sql.ref(owner)} = ${from} ${these} returning id`;
      moved.push(...(await query.execute(db)).rows.map(({ id }) => id));
    }
    return moved.sort((a, b) => a - b);
  };
}
