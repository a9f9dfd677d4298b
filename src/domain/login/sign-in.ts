// The end of every sign-in: one transaction that opens the session, notes it on the person, and writes the log.

import { audit } from '#domain/audit/audit.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { TRUSTED_DEVICE } from '#domain/credentials/factors.ts';
import type { MetDevice } from '#domain/devices/devices.ts';
import { knownDevice, meetDevice, trustDevice } from '#domain/devices/devices.ts';
import { REMEMBERED, remember } from '#domain/devices/remembered.ts';
import type { Sitting } from '#domain/login/browser-letters.ts';
import { sittingOf, tellNewDevice } from '#domain/login/browser-letters.ts';
import { identityRowsOf } from '#domain/login/federation/identities.table.ts';
import { findOffered } from '#domain/login/federation/providers.ts';
import type { Holder } from '#domain/login/holder.ts';
import { holderActor, holdHolder, noteHolder } from '#domain/login/holder.ts';
import { administratorSignedIn, userSignedIn, userSigningIn } from '#domain/login/login.events.ts';
import { FEDERATED, stepDue } from '#domain/login/steps.ts';
import type { CountedTry } from '#domain/login/tries.ts';
import { forgetTries } from '#domain/login/tries.ts';
import { endCopiedSessions } from '#domain/sessions/browsers.ts';
import type { OpenedSession, Opening } from '#domain/sessions/opening.ts';
import { handoverUserId, openSession, takeHandover } from '#domain/sessions/opening.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Signs in whoever the Proof is of: always a new session with a new token (ASVS 5.0 V7.2.4, session fixation). Throws
 * not-allowed `login-refused` when they are gone, were deactivated, have another password than the Proof rests on, or
 * something more is due by now.
 */
export async function signIn(
  ctx: Context,
  proof: Proof,
  opening: Opening,
  counted?: CountedTry,
): Promise<OpenedSession> {
  // The words for the letter about a new browser are found before: a transaction waits for nothing slow.
  const isNew = opening.browser !== undefined && opening.browser.device === undefined;
  const sitting = isNew ? await sittingOf(ctx, opening) : undefined;
  return ctx.transaction(async (tx) =>
    signInHeld(tx, await holdHolder(tx, proof.person), proof, opening, counted, sitting),
  );
}

/** The same for whoever has the person held already, in this transaction. */
export async function signInHeld(
  tx: Context,
  holder: Holder | undefined,
  proof: Proof,
  opening: Opening,
  counted?: CountedTry,
  sitting?: Sitting,
): Promise<OpenedSession> {
  if (!holder || holder.disabled || isOutlived(proof, holder)) throw notAllowed('login-refused');
  if (await isProviderGone(tx, holder, proof)) throw notAllowed('login-refused');
  const { person } = proof;
  const { origin, answers } = opening;
  if (await isMoreDue(tx, holder, proof, origin)) throw notAllowed('login-refused');
  if (person.kind === 'user') await tx.bus.announce(tx, userSigningIn, { userId: person.userId, origin, answers });
  const met = await meetBrowser(tx, holder, proof, opening);
  const session = { ...(await openSession(tx, proof, { ...opening, ...met?.opening })), ...met?.keeps };
  if (met?.device.before === 'new' || (met?.device.before === 'first' && holder.lastIp !== undefined))
    await tellNewDevice(tx, holder, sitting ?? (await sittingOf(tx, opening)));
  // A program's address is not the person's: their own network stays known (tries.ts).
  await noteHolder(tx, person, origin === 'api' ? undefined : opening.ip);
  await audit(tx, holderActor(holder, opening.ip), {
    event: person.kind === 'user' ? 'user.login.success' : 'admin.login.success',
    description: `${holder.label} signed in (${origin})`,
    details: { methods: proof.methods, sessionId: session.id, origin },
  });
  const opened = { sessionId: session.id, origin };
  if (person.kind === 'user')
    await tx.bus.announce(tx, userSignedIn, { userId: person.userId, ...opened, methods: proof.methods });
  else await tx.bus.announce(tx, administratorSignedIn, { administratorId: person.administratorId, ...opened });
  // Last: everybody of a network waits for its counter.
  if (counted) await counted.succeeded(tx);
  else if (origin === 'login') await forgetTries(tx, holder, opening.ip, met?.device.deviceId);
  return session;
}

/**
 * Moves a session that a program got by ValidateLogin into a browser: once, within its short time. The program's token
 * is dead afterwards. Answers undefined when it is not, or no longer, worth anything, or when something is due before, such
 * as a new password: then they sign in by the page.
 */
export async function signInByHandover(
  ctx: Context,
  token: string,
  opening: Opening,
): Promise<OpenedSession | undefined> {
  return ctx.transaction(async (tx) => {
    const userId = await handoverUserId(tx, token);
    const holder = userId === undefined ? undefined : await holdHolder(tx, { kind: 'user', userId });
    const taken = holder && (await takeHandover(tx, token));
    if (!taken || holder.disabled) return undefined;
    // A program lets nobody choose a new password: in a browser there is somebody, who does it at the sign-in page.
    const shown = { methods: taken.methods, ip: opening.ip, remember: false };
    if ((await stepDue(tx, holder, shown, true)) !== undefined) return undefined;
    const session = await openSession(tx, makeProof(holder.person, taken.methods), opening);
    await audit(tx, holderActor(holder, opening.ip), {
      event: 'user.login.success',
      description: `${holder.label} signed in (handed over by a program)`,
      details: { methods: taken.methods, sessionId: session.id },
    });
    return session;
  });
}

type MetBrowser = {
  readonly device: MetDevice;
  readonly opening: Pick<Opening, 'deviceId' | 'rememberedId'>;
  readonly keeps: Pick<OpenedSession, 'device' | 'remembered'>;
};

/**
 * Meets the browser of somebody who signs in by a page: it is known from now on, and remembered or trusted where they ticked
 * that. Throws not-allowed `login-refused` where the sign-in rests on a trust that ended meanwhile.
 */
async function meetBrowser(
  tx: Context,
  holder: Holder,
  { methods }: Proof,
  { browser, ip, userAgent }: Opening,
): Promise<MetBrowser | undefined> {
  const isTrusting = methods.includes(TRUSTED_DEVICE) && !methods.includes(REMEMBERED); // remembered.ts looks for itself
  if (!browser) {
    if (isTrusting) throw notAllowed('login-refused');
    return undefined;
  }
  const of = holder.factor;
  if (isTrusting && (await knownDevice(tx, of, browser.device))?.trustedUntil === undefined)
    throw notAllowed('login-refused');
  const device = await meetDevice(tx, of, browser.device, { ip, userAgent });
  const { deviceId, token } = device;
  if (device.copied !== undefined) await noteCopied(tx, holder, device.copied, ip);
  // A code of the spare ones is for the day on which the factor is lost: nothing rests on it.
  const showsFactor = tx.factors.some(({ name, isSpare }) => !isSpare && methods.includes(name));
  if (browser.trust && showsFactor) await trustDevice(tx, holderActor(holder, ip), of, deviceId);
  const remembered = browser.remember ? await remember(tx, of, { deviceId, methods, ip }) : undefined;
  return {
    device,
    opening: { deviceId, rememberedId: remembered?.id },
    keeps: { device: token, remembered: remembered?.cookie },
  };
}

/** Whoever signs in brought a cookie that had been replaced: what was opened on that browser as them may be somebody else's. */
async function noteCopied(tx: Context, holder: Holder, deviceId: number, ip: string): Promise<void> {
  const ended = await endCopiedSessions(tx, holder.factor, deviceId);
  await audit(tx, holderActor(holder, ip), {
    event: holder.factor.kind === 'user' ? 'user.device.copied' : 'admin.device.copied',
    description: `The cookie by which a browser of ${holder.label} was known had been used before; nobody is known there any more, and ${ended} sessions ended`,
    ...ofHolder(holder.factor),
    details: { deviceId, ended },
  });
}

/**
 * Whether something became due since the steps of this sign-in were looked at: a second factor was set up elsewhere, or staff
 * asked for a new password. What that ends must not begin afterwards. Of a program's word nothing was asked; whoever is
 * remembered is asked in the same transaction (remembered.ts).
 */
async function isMoreDue(tx: Context, holder: Holder, { methods }: Proof, origin: Opening['origin']): Promise<boolean> {
  if (origin !== 'login' && origin !== 'api') return false;
  const shown = { methods, ip: '', remember: false };
  return (await stepDue(tx, holder, shown, origin === 'login')) !== undefined;
}

/**
 * The site that said who they are was switched off or removed, or closed to this door, while a further step was waited for; or
 * their account there was unlinked.
 */
async function isProviderGone(tx: Context, { factor }: Holder, { methods }: Proof): Promise<boolean> {
  const by = methods.find((method) => method.startsWith(FEDERATED));
  if (by === undefined) return false;
  const provider = await findOffered(tx, factor.kind, by.slice(FEDERATED.length));
  return !provider || (await identityRowsOf(tx, factor)).every((row) => row.provider_id !== provider.id);
}

/** The password that was theirs when it was shown who they are is so no more: it was changed since, or they had none. */
function isOutlived(proof: Proof, holder: Holder): boolean {
  return proof.credential !== undefined && proof.credential !== (holder.hash ?? '');
}
