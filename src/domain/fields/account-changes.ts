// A change of an account together with its custom fields: all of it or nothing, and everything that is wrong said at once.

import type { Actor } from '#domain/audit/actor.ts';
import type { ClientChange } from '#domain/clients/clients.ts';
import { changeClient, requireAllowedMove } from '#domain/clients/clients.ts';
import { changeDetails, lockedNames } from '#domain/clients/own-details.ts';
import { listFields } from '#domain/fields/custom-fields.ts';
import { valueRowsOf } from '#domain/fields/field-values.table.ts';
import type { CheckedValues, FillingIn, TypedValues } from '#domain/fields/field-values.ts';
import { checkValues, faultsOf, requireFitting, storeValues } from '#domain/fields/field-values.ts';
import { tellStaff } from '#domain/fields/tell-staff.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Changes a client for staff or a program. Throws as `changeClient`. Answers the names of what really changed. */
export async function changeClientAndFields(
  ctx: Context,
  actor: Actor,
  id: number,
  change: ClientChange,
  typed: TypedValues,
  how: { readonly lenient?: boolean; readonly requiredOf?: FillingIn['requiredOf'] } = {},
): Promise<string[]> {
  if (change.email !== undefined) await requireAllowedMove(ctx, id, change.email);
  const filling: FillingIn = { audience: 'staff', requiredOf: how.requiredOf, lenient: how.lenient ?? false };
  return together(ctx, actor, id, typed, filling, (tx) => changeClient(tx, actor, id, change, how));
}

/** What people of an account may change of it, as `changeDetails` takes it. */
type OwnDetails = Parameters<typeof changeDetails>[3];

/** Changes an account for its people: locked fields and those for staff alone stay as they are. Throws as `changeDetails`. */
export async function changeDetailsAndFields(
  ctx: Context,
  actor: Actor,
  id: number,
  given: OwnDetails,
  typed: TypedValues,
): Promise<string[]> {
  if (!(await lockedNames(ctx)).has('email')) await requireAllowedMove(ctx, id, given.email);
  return ctx.transaction(async (tx) => {
    const change = (inner: Context) => changeDetails(inner, actor, id, given);
    const changed = await together(tx, actor, id, typed, { audience: 'customer' }, change);
    await tellStaff(
      tx,
      actor,
      id,
      changed.filter((name) => name !== 'marketingOptIn'),
    );
    return changed;
  });
}

async function together(
  ctx: Context,
  actor: Actor,
  id: number,
  typed: TypedValues,
  how: FillingIn,
  change: (tx: Context) => Promise<string[]>,
): Promise<string[]> {
  if (typed.size === 0) return change(ctx);
  const stored = new Set((await valueRowsOf(ctx, id)).map((row) => row.field_id));
  const checked = checkValues(await listFields(ctx), typed, how, stored);
  return ctx.transaction(async (tx) => {
    const changed = await change(tx).catch((error: unknown) => sayingBoth(error, checked));
    requireFitting(checked);
    return [...changed, ...(await storeValues(tx, actor, id, typed, how))];
  });
}

/** The faults of the profile first, as they stand first on the form. */
function sayingBoth(error: unknown, checked: CheckedValues): never {
  if (!(error instanceof Problem) || error.kind !== 'invalid') throw error;
  throw faultsOf(checked, error.fields);
}
