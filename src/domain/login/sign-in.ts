// The end of every sign-in: one transaction that opens the session, notes it on the person, and writes the log.

import { audit } from '#domain/audit/audit.ts';
import type { Holder } from '#domain/login/holder.ts';
import { holderActor, holdHolder, noteHolder } from '#domain/login/holder.ts';
import { userSignedIn, userSigningIn } from '#domain/login/login.events.ts';
import type { CountedTry } from '#domain/login/tries.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import type { OpenedSession, Opening } from '#domain/sessions/sessions.ts';
import { handoverUserId, openSession, takeHandover } from '#domain/sessions/sessions.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Signs in whoever the Proof is of: always a new session with a new token (ASVS 5.0 V7.2.4, session fixation). Throws
 * not-allowed `login-refused` when they are gone, were deactivated, or have another password than the Proof rests on.
 */
export async function signIn(
  ctx: Context,
  proof: Proof,
  opening: Opening,
  counted?: CountedTry,
): Promise<OpenedSession> {
  return ctx.transaction(async (tx) => signInHeld(tx, await holdHolder(tx, proof.person), proof, opening, counted));
}

/** The same for whoever has the person held already, in this transaction. */
export async function signInHeld(
  tx: Context,
  holder: Holder | undefined,
  proof: Proof,
  opening: Opening,
  counted?: CountedTry,
): Promise<OpenedSession> {
  if (!holder || holder.disabled || isOutlived(proof, holder)) throw notAllowed('login-refused');
  const { person } = proof;
  const { origin, answers } = opening;
  if (person.kind === 'user') await tx.bus.announce(tx, userSigningIn, { userId: person.userId, origin, answers });
  const session = await openSession(tx, proof, opening);
  // A program's address is not the person's: their own network stays known (tries.ts).
  await noteHolder(tx, person, origin === 'api' ? undefined : opening.ip);
  await audit(tx, holderActor(holder, opening.ip), {
    event: person.kind === 'user' ? 'user.login.success' : 'admin.login.success',
    description: `${holder.label} signed in (${origin})`,
    details: { methods: proof.methods, sessionId: session.id, origin },
  });
  if (person.kind === 'user')
    await tx.bus.announce(tx, userSignedIn, { userId: person.userId, sessionId: session.id, origin });
  await counted?.succeeded(tx); // last: everybody of a network waits for its counter
  return session;
}

/**
 * Moves a session that a program got by ValidateLogin into a browser: once, within its short time. The program's token
 * is dead afterwards. Answers undefined when it is not, or no longer, worth anything.
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
    const session = await openSession(tx, makeProof(holder.person, taken.methods), opening);
    await audit(tx, holderActor(holder, opening.ip), {
      event: 'user.login.success',
      description: `${holder.label} signed in (handed over by a program)`,
      details: { methods: taken.methods, sessionId: session.id },
    });
    return session;
  });
}

/** The password that was shown to be known is not theirs any more: it was changed since. */
function isOutlived(proof: Proof, holder: Holder): boolean {
  return proof.credential !== undefined && proof.credential !== holder.hash;
}
