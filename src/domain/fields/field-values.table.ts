// The table of what clients filled in. An empty value has no row.

import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A value as stored; `sealed` 1: only the installation's key opens it. */
export type FieldValueRow = { client_id: number; field_id: number; value: string; sealed: number };

declare module '#kit/tables.ts' {
  interface Tables {
    custom_field_values: FieldValueRow;
  }
}

/** What one client filled in. */
export async function valueRowsOf(ctx: Context, clientId: number): Promise<readonly FieldValueRow[]> {
  return OF_CLIENT(ctx, clientId);
}

const OF_CLIENT = hotQuery<FieldValueRow>('select * from custom_field_values where client_id = ?');

/** Keeps a value in place of the one before. */
export async function putValue(tx: Context, row: FieldValueRow): Promise<void> {
  await tx.db
    .insertInto('custom_field_values')
    .values(row)
    .onConflict((on) => on.columns(['client_id', 'field_id']).doUpdateSet({ value: row.value, sealed: row.sealed }))
    .execute();
}

/** Takes a value away. */
export async function dropValue(tx: Context, clientId: number, fieldId: number): Promise<void> {
  await tx.db
    .deleteFrom('custom_field_values')
    .where('client_id', '=', clientId)
    .where('field_id', '=', fieldId)
    .execute();
}

/** How many clients filled in a field, counted up to `most`. */
export async function countValues(ctx: Context, fieldId: number, most: number): Promise<number> {
  const some = ctx.db.selectFrom('custom_field_values').select('field_id').where('field_id', '=', fieldId).limit(most);
  const counted = await ctx.db
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}
