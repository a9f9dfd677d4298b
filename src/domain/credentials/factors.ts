// Who of several people has a second factor, whatever it is.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

/** Whether this installation has any second factor to set up at all. */
export function hasFactors(ctx: Context): boolean {
  return ctx.factors.length > 0;
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
