// Who of several people has a second factor, whatever it is.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

/** Whether this installation has any second factor to set up at all. */
export function hasFactors(ctx: Context): boolean {
  return ctx.factors.length > 0;
}

/** Whether somebody who signed in by these methods showed a second factor among them. */
export function showedSecondFactor(ctx: Context, methods: readonly string[]): boolean {
  return ctx.factors.some((factor) => methods.includes(factor.name));
}

/** The ids of those among `ids` who have a second factor set up. */
export async function holdersWithFactor(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const asked = ids.flatMap((id) =>
    ctx.factors.map(async (factor) => ({ id, is: await factor.isSetUp(ctx, { kind, id }) })),
  );
  return new Set((await Promise.all(asked)).filter(({ is }) => is).map(({ id }) => id));
}

/** How a sign-in is protected beside its password, as the marks in a list of users say it. */
export type CredentialMarks = { readonly secondFactor: boolean; readonly securityQuestion: boolean };

/**
 * The marks of these people, by id. A security question counts only where somebody has set one; there is no such thing to
 * set yet, so nobody has.
 */
export async function credentialMarks(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<ReadonlyMap<number, CredentialMarks>> {
  const guarded = await holdersWithFactor(ctx, kind, ids);
  return new Map(ids.map((id) => [id, { secondFactor: guarded.has(id), securityQuestion: false }]));
}
