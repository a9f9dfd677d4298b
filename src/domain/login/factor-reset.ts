// Switching somebody's second factors off for them: by staff, by the operator's command line, by a recovery that was waited
// for. They can be switched off for somebody and never on (behaviours.md 3.10). The password stays, and lets them in.

import { administratorOf, mayTouchRole } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { tellFactorRemoved } from '#domain/credentials/factor-changes.ts';
import { factorsOf } from '#domain/credentials/factors.ts';
import { tellFactorsTakenAway } from '#domain/login/factor-news.ts';
import { holdHolder, personOfHolder } from '#domain/login/holder.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** So long the reason may be. */
export const MOST_IN_REASON = 500;

/**
 * Takes away every second factor of a person, backup codes with them: their sessions and half-done sign-ins end, and they get
 * a letter. Answers the names of what was taken away. Call it in a transaction, or not. Throws conflict `no-factor-to-remove`,
 * or not-found.
 */
export async function takeFactorsAway(
  ctx: Context,
  actor: Actor,
  holder: FactorHolder,
  how: { readonly by: 'staff' | 'recovery'; readonly reason: string },
): Promise<readonly string[]> {
  return ctx.transaction(async (tx) => {
    if (!(await holdHolder(tx, personOfHolder(holder))))
      throw notFound(holder.kind === 'user' ? 'user-not-found' : 'administrator-not-found');
    const held = await factorsOf(tx, holder);
    if (held.length === 0) throw conflict('no-factor-to-remove');
    for (const factor of held) {
      if (!factor.takeAway) throw new Error(`the second factor ${factor.name} cannot be switched off`);
      await factor.takeAway(tx, holder);
    }
    const names = held.filter((factor) => !factor.isSpare).map((factor) => factor.name);
    for (const name of names)
      await tellFactorRemoved(tx, actor, holder, name, { by: how.by, keepSessionId: undefined, reason: how.reason });
    await tellFactorsTakenAway(tx, holder, names, how.by);
    return names;
  });
}

/**
 * Staff switch off the second factors of a user, or of an administrator whose role can do no more than their own. Throws
 * invalid with the field `reason`; conflict `own-factors-elsewhere` for oneself, `no-factor-to-remove`; not-allowed.
 */
export async function switchOffFactors(
  ctx: Context,
  actor: Actor,
  holder: FactorHolder,
  given: { readonly reason: string },
): Promise<readonly string[]> {
  const reason = oneLine(given.reason);
  if (reason === '') throw invalid({ reason: 'factor-reason-missing' });
  if (reason.length > MOST_IN_REASON) throw invalid({ reason: 'factor-reason-long' }, { most: MOST_IN_REASON });
  return ctx.transaction(async (tx) => {
    if (holder.kind === 'administrator') await requireSwitchingOff(tx, actor, holder.id);
    return takeFactorsAway(tx, actor, holder, { by: 'staff', reason });
  });
}

/** One's own are taken away on one's own pages, which ask for them first; those of staff who can do more, not at all. */
async function requireSwitchingOff(tx: Context, actor: Actor, administratorId: number): Promise<void> {
  if (actor.kind === 'administrator' && actor.administratorId === administratorId)
    throw conflict('own-factors-elsewhere');
  const { role } = await administratorOf(tx, administratorId);
  await mayTouchRole(tx, actor, role);
}
