// Who has a second factor, whatever it is, and who must have one.

import type { Factor, FactorHolder, FactorResponse, Spend } from '#domain/credentials/factor.ts';
import { graceEnd, startGrace } from '#domain/credentials/factor-grace.table.ts';
import {
  secondFactorGraceDays,
  secondFactorRequiredOfAdministrators,
  secondFactorRequiredOfUsers,
} from '#domain/credentials/factors.settings.ts';
import { tablesHolding } from '#domain/credentials/factors.view.ts';
import { usersWithQuestion } from '#domain/credentials/security-questions.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** The method of a sign-in on a browser that its person trusts, where the second factor was shown some time before. */
export const TRUSTED_DEVICE = 'trusted-device';
/** The method beside a sign-in with another site whose word that a second factor was shown there counts (login/federation). */
export const VOUCHED_FACTOR = 'vouched-factor';

/** Whether this installation has any second factor to set up at all. */
export function hasFactors(ctx: Context): boolean {
  return ctx.factors.some((factor) => !factor.isSpare);
}

/** Whether somebody who signed in by these methods showed a second factor among them. */
export function showedSecondFactor(ctx: Context, methods: readonly string[]): boolean {
  if (methods.includes(TRUSTED_DEVICE) || methods.includes(VOUCHED_FACTOR)) return true;
  return ctx.factors.some((factor) => methods.includes(factor.name));
}

/** Whether this method is a factor's name. */
export function isFactorName(ctx: Context, method: string): boolean {
  return ctx.factors.some((factor) => factor.name === method);
}

/**
 * The factors that this person has set up, the strongest first; spare ones last, and only beside others. None: no second
 * factor is due.
 */
export async function factorsOf(ctx: Context, holder: FactorHolder): Promise<readonly Factor[]> {
  const held = await heldOf(ctx, ctx.factors, holder);
  if (held.every((factor) => factor.isSpare)) return [];
  return inOrder(held);
}

/** The strongest first, spare ones last. */
function inOrder(factors: readonly Factor[]): readonly Factor[] {
  return factors.toSorted((a, b) => Number(a.isSpare) - Number(b.isSpare) || b.strength - a.strength);
}

/** Whether a second factor is due from this person. */
export async function hasSecondFactor(ctx: Context, holder: FactorHolder): Promise<boolean> {
  return (await strongestFactor(ctx, holder)) !== undefined;
}

/** The factor that is asked first; undefined where none is due. One read. */
export async function strongestFactor(ctx: Context, holder: FactorHolder): Promise<Factor | undefined> {
  const real = ctx.factors.filter((factor) => !factor.isSpare);
  return inOrder(await heldOf(ctx, real, holder))[0];
}

/** Whether a person has one kind of second factor and no other, backup codes aside: with the last of it they have none. */
export async function isOnlyFactor(ctx: Context, holder: FactorHolder): Promise<boolean> {
  return (await factorsOf(ctx, holder)).filter((factor) => !factor.isSpare).length === 1;
}

/** Those of these factors that a person has set up. One read for all that say where they are kept. */
async function heldOf(ctx: Context, factors: readonly Factor[], holder: FactorHolder): Promise<readonly Factor[]> {
  const kept = await tablesHolding(
    ctx,
    factors.flatMap((factor) => factor.keptIn ?? []),
    holder,
  );
  const asked = factors.map(async (factor) =>
    factor.keptIn === undefined ? factor.isSetUp(ctx, holder) : kept.has(factor.keptIn),
  );
  const is = await Promise.all(asked);
  return factors.filter((_, at) => is[at]);
}

/** The factors that people of this kind may set up, the strongest first. */
export async function factorsOffered(ctx: Context, kind: FactorHolder['kind']): Promise<readonly Factor[]> {
  const asked = await Promise.all(
    ctx.factors.map(async (factor) => ({ factor, is: !factor.isSpare && (await factor.isOffered(ctx, kind)) })),
  );
  return asked
    .filter(({ is }) => is)
    .map(({ factor }) => factor)
    .sort((a, b) => b.strength - a.strength);
}

/** A response that was right: whose factor it was, and how it is spent. */
export type RightResponse = { readonly factor: Factor; readonly spend: Spend };

/**
 * Looks which factor of a person this response is right for. `name`: the one that was asked; without it, whichever takes
 * typed codes. Call it outside a transaction; count the try before.
 */
export async function checkResponse(
  ctx: Context,
  holder: FactorHolder,
  name: string | undefined,
  response: FactorResponse,
): Promise<RightResponse | undefined> {
  const asked = ctx.factors.filter((factor) => (name === undefined ? factor.asks === 'code' : factor.name === name));
  for (const factor of inOrder(asked)) {
    const spend = (await mayAnswer(ctx, holder, factor)) ? await factor.check(ctx, holder, response) : undefined;
    if (spend) return { factor, spend };
  }
  return undefined;
}

/**
 * Whether a person has this factor; spare ones count beside others alone. The codes of an app are looked for where they are
 * kept, which says as much.
 */
async function mayAnswer(ctx: Context, holder: FactorHolder, factor: Factor): Promise<boolean> {
  if (factor.isSpare && !(await hasSecondFactor(ctx, holder))) return false;
  return (factor.asks === 'code' && factor.keptIn !== undefined) || factor.isSetUp(ctx, holder);
}

/**
 * Until when whoever must have a second factor may do without: undefined where none is asked of them, or they have one.
 * The time begins with the first sign-in after it was asked. A time that is past means now (behaviours.md 3.10).
 */
export async function factorDueAt(ctx: Context, holder: FactorHolder): Promise<number | undefined> {
  if (!(await isRequiredOf(ctx, holder.kind))) return undefined;
  if ((await factorsOffered(ctx, holder.kind)).length === 0) return undefined; // nobody is asked for what there is not
  if (await hasSecondFactor(ctx, holder)) return undefined;
  const graceDays = await settingOf(ctx, secondFactorGraceDays);
  if (graceDays === 0) return 0;
  const known = await graceEnd(ctx, holder);
  if (known !== undefined) return known;
  await startGrace(ctx, holder, ctx.now() + days(graceDays));
  return graceEnd(ctx, holder);
}

/** Whether the operator asks a second factor of people of this kind. */
export async function isRequiredOf(ctx: Context, kind: FactorHolder['kind']): Promise<boolean> {
  return settingOf(ctx, kind === 'user' ? secondFactorRequiredOfUsers : secondFactorRequiredOfAdministrators);
}

/** The ids of those among `ids` who have a second factor set up. */
export async function holdersWithFactor(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const found = ctx.factors.filter((factor) => !factor.isSpare).map((factor) => holdersOf(ctx, factor, kind, ids));
  return new Set((await Promise.all(found)).flat());
}

/** The name of the factor that each of these people would be asked for first, by id; who has none is left out. */
export async function firstFactors(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const real = ctx.factors.filter((factor) => !factor.isSpare).sort((a, b) => a.strength - b.strength);
  const held = await Promise.all(real.map((factor) => holdersOf(ctx, factor, kind, ids)));
  return new Map(real.flatMap(({ name }, at) => (held[at] ?? []).map((id): [number, string] => [id, name])));
}

async function holdersOf(
  ctx: Context,
  factor: Factor,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  if (factor.holdersOf) return factor.holdersOf(ctx, kind, ids);
  const asked = ids.map(async (id) => ({ id, is: await factor.isSetUp(ctx, { kind, id }) }));
  return (await Promise.all(asked)).filter(({ is }) => is).map(({ id }) => id);
}

/** How a sign-in is protected beside its password, as the marks in a list of users say it. */
export type CredentialMarks = { readonly secondFactor: boolean; readonly securityQuestion: boolean };

/** The marks of these people, by id. Only users have security questions. */
export async function credentialMarks(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<ReadonlyMap<number, CredentialMarks>> {
  const guarded = await holdersWithFactor(ctx, kind, ids);
  const asked = kind === 'user' ? await usersWithQuestion(ctx, ids) : new Set<number>();
  return new Map(ids.map((id) => [id, { secondFactor: guarded.has(id), securityQuestion: asked.has(id) }]));
}
