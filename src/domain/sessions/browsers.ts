// What a person does with their browsers where sessions end by it: signing out of all of them, having one forgotten; and what
// follows when a "remember me" turns out to be in two hands.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { distrustAll, forgetDevice } from '#domain/devices/devices.ts';
import { announceSignOut } from '#domain/sessions/ending.ts';
import { endSessionRowsOf, endSessionRowsOnDevice, endSessionRowsRemembered } from '#domain/sessions/sessions.table.ts';
import type { Context } from '#src/context.ts';

/**
 * Signs a person out everywhere, here too: every session ends, no browser is remembered or trusted any more (ASVS 5.0
 * V7.4.3, V7.5.2). Answers how many sessions ended.
 */
export async function signOutEverywhere(
  ctx: Context,
  actor: Actor,
  of: FactorHolder,
  sessionId: number,
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const ended = await endSessionRowsOf(tx, ofHolder(of), 'signed-out');
    await distrustAll(tx, of, 'signed-out');
    await audit(tx, actor, {
      event: of.kind === 'user' ? 'user.logout' : 'admin.logout',
      description: `${actor.name} signed out everywhere`,
      ...ofHolder(of),
      details: { everywhere: true, ended },
    });
    await announceSignOut(tx, actor, sessionId);
    return ended;
  });
}

/** Forgets a browser of a person: its sessions end, and it counts as new from now on. Throws not-found `device-not-found`. */
export async function forgetBrowser(ctx: Context, actor: Actor, of: FactorHolder, deviceId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await forgetDevice(tx, actor, of, deviceId);
    await endSessionRowsOnDevice(tx, ofHolder(of), deviceId, 'ended-elsewhere');
  });
}

/** Ends the sessions of a person on a browser whose cookie somebody else has a copy of. Answers how many. */
export async function endCopiedSessions(tx: Context, of: FactorHolder, deviceId: number): Promise<number> {
  return endSessionRowsOnDevice(tx, ofHolder(of), deviceId, 'ended-elsewhere');
}

/** Ends the sessions that go back to a "remember me" of which somebody has a copy. Answers how many. */
export async function endStolenSessions(tx: Context, rememberedId: number): Promise<number> {
  return endSessionRowsRemembered(tx, rememberedId, 'remember-stolen');
}
