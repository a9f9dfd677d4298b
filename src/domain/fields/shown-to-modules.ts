// What modules of the operator see of custom fields that somebody filled in: nothing that is typed unseen, and nothing that
// would not be stored.

import type { Audience, TypedValues } from '#domain/fields/field-values.ts';
import { fieldsFor, plain } from '#domain/fields/field-values.ts';
import type { Context } from '#src/context.ts';

/**
 * The values by the id of their field, as they would be stored; those of fields of the kind `password`, and of fields that
 * are not there or not theirs to fill in, are left out.
 */
export async function shownTo(
  ctx: Context,
  typed: TypedValues,
  audience: Audience,
): Promise<Readonly<Record<string, string>>> {
  if (typed.size === 0) return {};
  const open = (await fieldsFor(ctx, audience)).filter(({ id, type }) => type !== 'password' && typed.has(id));
  return Object.fromEntries(open.map((field) => [String(field.id), plain(field, typed.get(field.id) ?? '')]));
}
