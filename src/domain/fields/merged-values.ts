// What a client filled in when it becomes a part of another: what the other has holds, and what it left empty is filled.

import { keepFields } from '#domain/fields/custom-fields.ts';
import type { FieldValueRow } from '#domain/fields/field-values.table.ts';
import { dropValue, putValue, valueRowsOf } from '#domain/fields/field-values.table.ts';
import { openedValue, sealedFor } from '#domain/fields/field-values.ts';
import type { Context } from '#src/context.ts';

/** A value that was taken along. `filled`: the other had none. */
export type TakenValue = { readonly row: FieldValueRow; readonly filled: boolean };

/** How many values another client would get, and how many it has of its own. */
export async function valuesToTake(
  ctx: Context,
  from: number,
  into: number,
): Promise<{ readonly filling: number; readonly known: number }> {
  const theirs = new Set((await valueRowsOf(ctx, into)).map((row) => row.field_id));
  const rows = await valueRowsOf(ctx, from);
  const known = rows.filter((row) => theirs.has(row.field_id)).length;
  return { filling: rows.length - known, known };
}

/** Fills what the other client left empty, and takes the values of the first away. Answers what they were. */
export async function takeValuesAlong(tx: Context, from: number, into: number): Promise<TakenValue[]> {
  const theirs = new Set((await valueRowsOf(tx, into)).map((row) => row.field_id));
  const taken: TakenValue[] = [];
  for (const row of await valueRowsOf(tx, from)) {
    const moved = theirs.has(row.field_id) ? undefined : asOf(tx, row, into);
    if (moved) await putValue(tx, moved);
    await dropValue(tx, from, row.field_id);
    taken.push({ row, filled: moved !== undefined });
  }
  return taken;
}

/**
 * Gives the values back, as they were. What was filled by them is emptied, unless it was changed meanwhile. Answers how many
 * could not come back, since their field is gone.
 */
export async function bringValuesBack(tx: Context, into: number, taken: readonly TakenValue[]): Promise<number> {
  const ids = taken.map(({ row }) => row.field_id).sort((a, b) => a - b);
  const fields = new Set((await keepFields(tx, ids)).map((field) => field.id));
  const now = new Map((await valueRowsOf(tx, into)).map((row) => [row.field_id, row]));
  const back = taken.filter(({ row }) => fields.has(row.field_id));
  for (const { row, filled } of back) {
    const there = now.get(row.field_id);
    if (filled && there && textIn(tx, there) === textIn(tx, row)) await dropValue(tx, into, row.field_id);
    await putValue(tx, row);
  }
  return taken.length - back.length;
}

/** A hidden value is sealed for the client it is of: it is sealed anew, and one that cannot be opened moves nowhere. */
function asOf(ctx: Context, row: FieldValueRow, clientId: number): FieldValueRow | undefined {
  if (row.sealed === 0) return { ...row, client_id: clientId };
  const text = openedValue(ctx, row);
  return text === undefined
    ? undefined
    : { ...row, client_id: clientId, value: sealedFor(ctx, clientId, row.field_id, text) };
}

function textIn(ctx: Context, row: FieldValueRow): string | undefined {
  return row.sealed === 1 ? openedValue(ctx, row) : row.value;
}
