// An invitation accepted by somebody new: the person, their password and the access come to be together, or none of it.

import { acceptInvitationAs, findOpenInvitation, mayAccept } from '#domain/access/invitation-answers.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { sealFirstPassword } from '#domain/login/own-password.ts';
import { addUser, findUserByEmail, userFaults } from '#domain/users/users.ts';
import { sendVerification, verificationIsOn } from '#domain/verification/verification.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Who they say they are. `email`: the invited one, or another where the operator allows that. */
export type InvitedUser = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language?: string | undefined;
  readonly password: string;
};

/**
 * Makes the person and accepts for them. Of any number of callers one does. Throws not-allowed `invitation-over` or
 * `invitation-other-address`, or invalid by field (`email-taken`: they sign in instead); then nothing is spent. The address
 * does not count as verified: whoever was handed the link may have typed it.
 */
export async function acceptAsNewUser(
  ctx: Context,
  token: string,
  given: InvitedUser,
  ip: string,
): Promise<{ readonly clientId: number; readonly userId: number }> {
  const invitation = await findOpenInvitation(ctx, token);
  if (!invitation) throw notAllowed('invitation-over');
  if (!mayAccept(invitation, given.email)) throw notAllowed('invitation-other-address');
  const faults = userFaults(given);
  if (given.password === '') faults['password'] = 'password-missing';
  if (Object.keys(faults).length > 0) throw invalid(faults);
  if (await findUserByEmail(ctx, given.email)) throw invalid({ email: 'email-taken' });
  await requireAllowedAddress(ctx, given.email);
  // Slow on purpose, so before the transaction, and only for whoever holds a link that opens something.
  const sealed = await sealFirstPassword(ctx, given.password, [given.email, given.firstName, given.lastName], {
    lenient: false,
  });
  const { password: _, ...person } = given;
  return ctx.transaction((tx) =>
    acceptInvitationAs(tx, token, async () => {
      const userId = await addUser(tx, strangerActor(ip), { ...person, passwordHash: sealed.hash });
      // Accepting is no proof of the address: the letter may have been handed on (behaviours.md 1.16).
      if (await verificationIsOn(tx)) await sendVerification(tx, strangerActor(ip), userId);
      return { kind: 'user', userId, name: given.email, ip };
    }),
  );
}
