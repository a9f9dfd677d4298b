// The first sign-in of somebody whom an outside store knows and Doorward does not (WHMCS: ClientLoginShare). A module hands
// over what the store has, the hash of the password among it; the password itself is checked here and never leaves. So a
// module can make nobody a user without the password that the store has, and what they become is a user like any other:
// never staff, never somebody who is here already, and with every step due that is due of a new user.

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { newPasswordFault } from '#domain/credentials/password-rule.ts';
import { isRefused } from '#domain/guard/banned-emails.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { findHolder } from '#domain/login/holder.ts';
import { userVouchedFor } from '#domain/login/login.events.ts';
import type { Voucher } from '#domain/modules/asking.ts';
import { whoVouchesFor } from '#domain/modules/asking.ts';
import { addUser, isLanguage } from '#domain/users/users.ts';
import { Problem } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What is offered at the sign-in; of `PasswordOffer` what this file needs. */
type Offer = {
  readonly side: Side;
  readonly name: string;
  readonly password: string;
  readonly ip: string;
  readonly isPersonThere: boolean;
};

/**
 * Who vouches for the name of an offer: a person at the door of customers. Asked also where the name is known here, whose
 * own password counts alone: else the time of an answer would tell who is.
 */
export async function voucherFor(ctx: Context, { side, name, isPersonThere }: Offer): Promise<Voucher | undefined> {
  return side === 'user' && isPersonThere ? whoVouchesFor(ctx, name.trim()) : undefined;
}

/**
 * Makes a user of somebody who has just shown the password that the voucher speaks of. Undefined where they may be none:
 * their address is refused, or somebody else's, or what the store has is no person. Two at once make one.
 */
export async function takeIn(ctx: Context, offer: Offer, { module, vouched }: Voucher): Promise<Holder | undefined> {
  const email = offer.name.trim();
  if (await isRefused(ctx, email)) return undefined;
  const { firstName, lastName, language = '' } = vouched;
  const actor = strangerActor(offer.ip);
  const weak = (await newPasswordFault(ctx, offer.password, [email, firstName, lastName])) !== undefined;
  const passwordHash = await ctx.passwords.seal(offer.password);
  try {
    await ctx.transaction(async (tx) => {
      const userId = await addUser(tx, actor, {
        firstName: oneLine(firstName) || email,
        lastName: oneLine(lastName) || '-',
        email,
        language: isLanguage(language) ? language : '',
        passwordHash,
        mustChangePassword: weak,
      });
      await audit(tx, actor, {
        event: 'user.vouched_for',
        description: `The module ${module} vouched for ${email}, who became a user at the first sign-in`,
        userId,
        details: { module, weakPassword: weak },
      });
      await tx.bus.announce(tx, userVouchedFor, { userId, module });
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    ctx.log.warn({ module, trouble: error.message }, 'somebody whom a module vouched for could not become a user');
  }
  // Made just now, or by another sign-in with the same password at the same time; anybody else's password is not this one.
  const holder = await findHolder(ctx, 'user', email);
  return holder?.hash !== undefined && (await ctx.passwords.check(offer.password, holder.hash)).matches
    ? holder
    : undefined;
}
