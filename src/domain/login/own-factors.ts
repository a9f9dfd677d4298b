// What people change about their own second factors while they are signed in. One transaction holds the person, so that two
// changes at once, or a change and a sign-in, come one after the other.

import type { Actor } from '#domain/audit/actor.ts';
import { keepBackupCodes, sealBackupCodes } from '#domain/credentials/backup-codes.ts';
import { factorsOf, factorsOffered, hasSecondFactor, isFactorName, isRequiredOf } from '#domain/credentials/factors.ts';
import { holdHolder, personOfHolder } from '#domain/login/holder.ts';
import type { InSession } from '#domain/login/step-up.ts';
import { noteProof } from '#domain/sessions/opening.ts';
import { conflict, notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Adds a factor. `enrol` stores it in the given transaction, tells of it (factor-changes.ts) keeping this session, and
 * answers its name. Showing that it works counts as a proof of the person by it, so nothing is asked again right away.
 * Throws what `enrol` does; not-allowed `step-up-stronger` when the session was proved by a password alone while a factor
 * exists (ASVS 5.0 V7.5.1: self-enrolment past a factor), or `login-refused` when the session is over.
 */
export async function addOwnFactor(
  ctx: Context,
  who: InSession,
  enrol: (tx: Context) => Promise<string>,
): Promise<void> {
  await changeOwnFactors(ctx, who, async (tx) => {
    const name = await enrol(tx);
    if (!(await noteProof(tx, who.sessionId, name))) throw notAllowed('login-refused');
  });
}

/**
 * Takes a factor away. `remove` deletes it in the given transaction and tells of it (factor-changes.ts), keeping this session.
 * Throws what `remove` does; or conflict `factor-required` when it was the last and the operator asks for one: then nothing
 * was done.
 */
export async function loseOwnFactor(
  ctx: Context,
  who: InSession,
  remove: (tx: Context) => Promise<void>,
): Promise<void> {
  await changeOwnFactors(ctx, who, async (tx) => {
    await remove(tx);
    if (!(await mayBeWithout(tx, who)) && !(await hasSecondFactor(tx, who.holder))) throw conflict('factor-required');
  });
}

/**
 * Puts the backup codes of a draft in place of all that the person had. Throws not-allowed `codes-over`, or conflict
 * `factor-first`.
 */
export async function renewOwnBackupCodes(
  ctx: Context,
  actor: Actor,
  who: InSession,
  browser: string,
  draft: string,
): Promise<void> {
  const sealed = await sealBackupCodes(ctx, { holder: who.holder, browser }, draft);
  await changeOwnFactors(ctx, who, (tx) => keepBackupCodes(tx, actor, who.holder, sealed));
}

/** Whether the operator lets this person be without a second factor: no one is asked for what there is not. */
export async function mayBeWithout(ctx: Context, { holder }: Pick<InSession, 'holder'>): Promise<boolean> {
  return !(await isRequiredOf(ctx, holder.kind)) || (await factorsOffered(ctx, holder.kind)).length === 0;
}

async function changeOwnFactors(ctx: Context, who: InSession, change: (tx: Context) => Promise<void>): Promise<void> {
  await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfHolder(who.holder));
    if (!held || held.disabled) throw notAllowed('login-refused');
    // The page asked before; a factor that was set up elsewhere meanwhile has to be shown first.
    if (!isFactorName(tx, who.lastProof.provenBy) && (await factorsOf(tx, who.holder)).length > 0)
      throw notAllowed('step-up-stronger');
    await change(tx);
  });
}
