// Duo as a person's second factor: set up by showing it once, under a name that stays; asked for; taken away. Customers are
// known there by their address, staff by their user name (behaviours.md 3.10; ASVS 5.0 V6.3.3, V6.6.2).

import type { Actor } from '#domain/audit/actor.ts';
import { duoForAdministrators, duoForUsers } from '#domain/credentials/duo.settings.ts';
import { deleteDuo, duoRow, insertDuo, noteDuoUse } from '#domain/credentials/duo.table.ts';
import type { AskedOfDuo } from '#domain/credentials/duo-service.ts';
import { askDuo, duoPrompt, isDuoConfigured } from '#domain/credentials/duo-service.ts';
import type { Carried, DuoVisit } from '#domain/credentials/duo-visit.ts';
import {
  duoCallback,
  newDuoState,
  nonceOfDuoState,
  readDuoState,
  spendDuoState,
} from '#domain/credentials/duo-visit.ts';
import type { FactorHolder, Spend } from '#domain/credentials/factor.ts';
import { tellFactorAdded, tellFactorRemoved } from '#domain/credentials/factor-changes.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { hours } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound, Problem } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The factor's name, in a Proof and in addresses. */
export const DUO = 'duo';

/** As often may what came back be offered for setting it up: signing in counts its own tries. */
const SET_UP_TRIES: Limit = { name: 'duo-set-up', most: 20, withinMs: hours(1) };

/** Whether people of this kind may set it up. */
export async function isDuoOffered(ctx: Context, kind: FactorHolder['kind']): Promise<boolean> {
  const allowed = await settingOf(ctx, kind === 'user' ? duoForUsers : duoForAdministrators);
  return allowed && (await isDuoConfigured(ctx));
}

/** Somebody's Duo as they see it. */
export type OwnDuo = {
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
};

/** A person's Duo, if they have it set up. */
export async function duoOf(ctx: Context, holder: FactorHolder): Promise<OwnDuo | undefined> {
  const row = await duoRow(ctx, holder);
  return row && { name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at ?? undefined };
}

/**
 * The link to Duo's prompt for somebody who has it set up; undefined when Duo cannot be asked. `carried` comes back by
 * `carriedBy`. Whoever looks again gets another link.
 */
export async function askByDuo(ctx: Context, visit: DuoVisit, carried: Carried): Promise<string | undefined> {
  const row = await duoRow(ctx, visit.holder);
  return row && promptFor(ctx, visit, row.name, carried);
}

/** The link for setting it up. `name`: the address of a customer, the user name of staff. */
export async function askForDuo(
  ctx: Context,
  visit: DuoVisit,
  name: string,
  carried: Carried,
): Promise<string | undefined> {
  return promptFor(ctx, visit, comparable(name), carried);
}

/** What the visit that came back took along; undefined when it is none of this person, browser and purpose, or too old. */
export function carriedBy(ctx: Context, visit: DuoVisit, state: string): Carried | undefined {
  return readDuoState(ctx, visit, state);
}

/** A visit to set it up that Duo said yes to. */
export type ConfirmedDuo = { readonly name: string; readonly state: string; readonly until: number };

/**
 * Looks what came of a visit to set it up, outside any transaction. Throws not-allowed `duo-over` when the visit is none of
 * this person and browser, or too old; invalid `duo-denied`; unavailable `duo-unavailable`; `too-many`.
 */
export async function confirmDuo(
  ctx: Context,
  visit: DuoVisit,
  name: string,
  given: { readonly state: string; readonly code: string },
): Promise<ConfirmedDuo> {
  const read = readDuoState(ctx, visit, given.state);
  if (!read) throw notAllowed('duo-over');
  await spendLimit(ctx, SET_UP_TRIES, `${visit.holder.kind} ${visit.holder.id}`);
  const known = comparable(name);
  if (!(await isAllowed(ctx, visit, known, given))) throw invalid({ form: 'duo-denied' });
  return { name: known, state: given.state, until: read.until };
}

/**
 * Stores it: the visit is spent. Call it in the transaction that holds the person. `keepSessionId`: their session that does
 * it. Throws not-allowed `duo-over`, or conflict `duo-taken`.
 */
export async function addDuo(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  { confirmed, keepSessionId }: { readonly confirmed: ConfirmedDuo; readonly keepSessionId: number | undefined },
): Promise<string> {
  if (!(await spendDuoState(tx, confirmed.state, confirmed.until))) throw notAllowed('duo-over');
  if (!(await insertDuo(tx, holder, confirmed.name))) throw conflict('duo-taken');
  await tellFactorAdded(tx, actor, holder, DUO, keepSessionId);
  return DUO;
}

/** Takes one's own away. Call it by `loseOwnFactor` (login/own-factors.ts). Throws not-found. */
export async function removeDuo(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  keepSessionId: number | undefined,
): Promise<void> {
  if (!(await deleteDuo(tx, holder))) throw notFound('duo-not-found');
  await tellFactorRemoved(tx, actor, holder, DUO, { by: 'self', keepSessionId });
}

/**
 * How a visit that Duo said yes to would be spent; undefined when it said no, or the visit is none of this person, browser and
 * purpose. Throws unavailable `duo-unavailable`: then nobody is let on, and another factor may be asked.
 */
export async function spendingOfVisit(
  ctx: Context,
  visit: DuoVisit,
  given: { readonly state: string; readonly code: string },
): Promise<Spend | undefined> {
  const [read, row] = [readDuoState(ctx, visit, given.state), await duoRow(ctx, visit.holder)];
  if (!read || !row || !(await isAllowed(ctx, visit, row.name, given))) return undefined;
  return async (tx) => (await spendDuoState(tx, given.state, read.until)) && (await noteDuoUse(tx, row.id));
}

async function promptFor(ctx: Context, visit: DuoVisit, name: string, carried: Carried): Promise<string | undefined> {
  const state = newDuoState(ctx, visit, carried);
  return duoPrompt(ctx, { ...(await askedOf(ctx, visit, name, state)), state });
}

async function isAllowed(
  ctx: Context,
  visit: DuoVisit,
  name: string,
  { state, code }: { readonly state: string; readonly code: string },
): Promise<boolean> {
  const answer = await askDuo(ctx, code, await askedOf(ctx, visit, name, state));
  if (answer === 'unavailable') throw new Problem('unavailable', 'duo-unavailable');
  return answer === 'allowed';
}

async function askedOf(ctx: Context, visit: DuoVisit, name: string, state: string): Promise<AskedOfDuo> {
  return { name, callback: await duoCallback(ctx, visit), nonce: nonceOfDuoState(ctx, state) };
}
