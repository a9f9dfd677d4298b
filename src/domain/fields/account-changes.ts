// A change of an account together with its custom fields: all of it or nothing, and everything that is wrong said at once.

import type { Actor } from '#domain/audit/actor.ts';
import type { ClientChange } from '#domain/clients/client-changes.ts';
import { changeClient, requireAllowedMove } from '#domain/clients/client-changes.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { asStored, detailFaults, profileOf } from '#domain/clients/client-profile.ts';
import { findClient, holdClient } from '#domain/clients/clients.ts';
import { changeDetails, lockedNames, openDetails } from '#domain/clients/own-details.ts';
import { listFields } from '#domain/fields/custom-fields.ts';
import { valueRowsOf } from '#domain/fields/field-values.table.ts';
import type { Audience, CheckedValues, FillingIn, TypedValues } from '#domain/fields/field-values.ts';
import { checkValues, faultsOf, requireFitting, storeValues } from '#domain/fields/field-values.ts';
import { shownTo } from '#domain/fields/shown-to-modules.ts';
import { tellStaff } from '#domain/fields/tell-staff.ts';
import { changedDetails, checksDetails, filledInBy, requireAcceptedDetails } from '#domain/modules/asking.ts';
import { conflict, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** How staff or a program change a client. `and`: what else is done in the same transaction. */
export type StaffManner = {
  readonly lenient?: boolean;
  readonly requiredOf?: FillingIn['requiredOf'];
  readonly and?: (tx: Context) => Promise<void>;
};

/**
 * Changes a client for staff or a program. Not inside a transaction: modules are asked before it. Throws as `changeClient`,
 * as the modules object, or conflict `changed-meanwhile` where they were asked and the details are others by now. Answers the names of what really changed.
 */
export async function changeClientAndFields(
  ctx: Context,
  actor: Actor,
  id: number,
  change: ClientChange,
  typed: TypedValues,
  { and, ...how }: StaffManner = {},
): Promise<string[]> {
  if (change.email !== undefined) await requireAllowedMove(ctx, id, change.email);
  const seen = await askAboutChange(ctx, actor, id, change, typed, 'staff');
  const filling: FillingIn = { audience: 'staff', requiredOf: how.requiredOf, lenient: how.lenient ?? false };
  const work = (tx: Context) =>
    together(tx, actor, id, typed, filling, (inner) =>
      fromSeen(inner, id, seen, (same) => changeClient(same, actor, id, change, how)),
    );
  if (!and) return work(ctx);
  return ctx.transaction(async (tx) => {
    const changed = await work(tx);
    await and(tx);
    return changed;
  });
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
  const locked = await lockedNames(ctx);
  if (!locked.has('email')) await requireAllowedMove(ctx, id, given.email);
  const seen = await askAboutChange(ctx, actor, id, openDetails(given, locked), typed, 'customer');
  return ctx.transaction(async (tx) => {
    const change = (inner: Context) => fromSeen(inner, id, seen, (same) => changeDetails(same, actor, id, given));
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

/**
 * What the operator's modules have against a change; one of other things than the details is no matter of theirs. Answers
 * the details that it was judged by, where there is a module that judges.
 */
async function askAboutChange(
  ctx: Context,
  actor: Actor,
  clientId: number,
  change: ClientChange,
  typed: TypedValues,
  audience: Audience,
): Promise<ClientProfile | undefined> {
  const before = checksDetails(ctx, 'clientDetails') ? await findClient(ctx, clientId) : undefined;
  if (!before) return undefined;
  const seen = profileOf(before);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const whole = { ...before, ...given };
  const profile = asStored(whole);
  const changed = changedDetails(before, profile);
  if (changed.length === 0 && typed.size === 0) return seen;
  // What changes and does not fit is refused by our own rules. What was taken over and does not fit is no way past a module.
  const faults = detailFaults(whole, []);
  if (changed.some((field) => faults[field] !== undefined)) return seen;
  const customFields = await shownTo(ctx, typed, audience);
  const by = filledInBy(actor);
  await requireAcceptedDetails(ctx, { purpose: 'change', by, clientId, profile, customFields, changed });
  return seen;
}

/** Changes details that are still those it was judged by: of two at once, each harmless, the sum may be none. */
async function fromSeen(
  ctx: Context,
  id: number,
  seen: ClientProfile | undefined,
  change: (tx: Context) => Promise<string[]>,
): Promise<string[]> {
  if (!seen) return change(ctx);
  return ctx.transaction(async (tx) => {
    const now = profileOf(await holdClient(tx, id, 'change'));
    if (changedDetails(seen, now).length > 0) throw conflict('changed-meanwhile');
    return change(tx);
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
