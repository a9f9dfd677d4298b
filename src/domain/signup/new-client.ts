// A client account together with its owner: a new person, or one who is here already. All or none.

import { addOwner } from '#domain/access/member-changes.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { asStored, profileFaults } from '#domain/clients/client-profile.ts';
import type { ClientSwitches } from '#domain/clients/clients.ts';
import { DETAIL_FIELDS } from '#domain/clients/own-details.ts';
import { sealAnswer, storeAnswer } from '#domain/credentials/security-questions.ts';
import type { FillingIn, TypedValues } from '#domain/fields/field-values.ts';
import { checkNewValues, faultsOf, storeValues } from '#domain/fields/field-values.ts';
import { shownTo } from '#domain/fields/shown-to-modules.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import type { SealedPassword } from '#domain/login/own-password.ts';
import { sealFirstPassword } from '#domain/login/own-password.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { checksDetails, filledInBy, requireAcceptedDetails } from '#domain/modules/asking.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { accountReadyLetter } from '#domain/signup/account-ready.mail.ts';
import { addUser, findUser, findUserByEmail, nameOf, userOf } from '#domain/users/users.ts';
import { sendVerification, verificationIsOn } from '#domain/verification/verification.ts';
import { days } from '#kit/duration.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** Who will own the account. A new person without a password sets one by the letter. */
export type NewOwner =
  | { readonly kind: 'existing'; readonly userId: number }
  | {
      readonly kind: 'new';
      readonly password: string | undefined;
      /** Their security question and the answer, for installations that still ask them. */
      readonly question?: { readonly id: number; readonly answer: string };
    }
  /** A new person whose password was checked and sealed before. */
  | { readonly kind: 'sealed'; readonly passwordHash: string };

/** What the account is made of. */
export type NewClient = {
  readonly profile: ClientProfile & Partial<ClientSwitches>;
  readonly owner: NewOwner;
  /** The custom fields as filled in, and by whom. */
  readonly fields?: { readonly typed: TypedValues; readonly filling: FillingIn };
  /**
   * Whether a new person gets a letter: with a link for choosing a password, or, where one is given here, the letter that
   * confirms their address where that is asked for, else a welcome. Without a letter a new person needs a password here.
   */
  readonly welcome: boolean;
  /** Required fields may be left out (`skipvalidation`). */
  readonly lenient?: boolean;
  /** A weak password may be let through by the setting for the API. */
  readonly lenientPassword?: boolean;
  readonly signupIp?: string;
  /** The operator's modules were asked when it came in. */
  readonly accepted?: true;
  /** Shows in the same transaction that the new owner reads letters to their address, where something else than a letter does. */
  readonly proves?: (tx: Context, ownerId: number) => Promise<boolean>;
};

/** Makes the account and its owner. Throws invalid by field, not-found `owner-not-found`, or conflict `email-taken`. */
export async function addClientWithOwner(
  ctx: Context,
  actor: Actor,
  given: NewClient,
): Promise<{ clientId: number; ownerId: number }> {
  const faults = await profileFaults(ctx, given.profile, given.lenient);
  const checked = given.fields && (await checkNewValues(ctx, given.fields.typed, given.fields.filling));
  if (checked && Object.keys({ ...faults, ...checked.faults }).length > 0) throw faultsOf(checked, faults);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  if (given.owner.kind === 'existing' && !(await findUser(ctx, given.owner.userId))) throw notFound('owner-not-found');
  if (given.owner.kind !== 'sealed') await requireAllowedAddress(ctx, given.profile.email);
  if (given.owner.kind !== 'existing' && (await findUserByEmail(ctx, given.profile.email)))
    throw invalid({ email: 'email-taken' });
  if (!given.accepted && checksDetails(ctx, 'clientDetails')) await askAboutNew(ctx, actor, given);
  const sealed = await firstPassword(ctx, given);
  const question = await answeredQuestion(ctx, given.owner);
  return ctx.transaction(async (tx) => {
    const ownerId = await ownerFor(tx, actor, given, sealed);
    if (question) await storeAnswer(tx, actor, ownerId, question);
    const clientId = await addClient(tx, actor, given.profile, {
      lenient: given.lenient ?? false,
      ...(given.signupIp === undefined ? {} : { signupIp: given.signupIp }),
    });
    await addOwner(tx, actor, ownerId, clientId);
    if (given.fields) {
      const { typed, filling } = given.fields;
      await storeValues(tx, actor, clientId, typed, { ...filling, whole: true });
    }
    const proven = (await given.proves?.(tx, ownerId)) ?? false;
    if (given.welcome && given.owner.kind !== 'existing')
      await welcome(tx, actor, { ownerId, clientId, sealed, proven });
    return { clientId, ownerId };
  });
}

/** What the operator's modules have against it. */
async function askAboutNew(ctx: Context, actor: Actor, { profile, fields }: NewClient): Promise<void> {
  await requireAcceptedDetails(ctx, {
    purpose: 'addition',
    by: filledInBy(actor),
    clientId: undefined,
    profile: asStored(profile),
    customFields: fields ? await shownTo(ctx, fields.typed, fields.filling.audience) : {},
    changed: DETAIL_FIELDS,
  });
}

/** One letter, not two: where addresses are confirmed, that letter is the welcome (behaviours.md 1.6). */
async function welcome(
  tx: Context,
  actor: Actor,
  given: { ownerId: number; clientId: number; sealed: SealedPassword | undefined; proven: boolean },
): Promise<void> {
  const { ownerId, clientId, sealed, proven } = given;
  if (sealed === undefined) return sendPasswordLink(tx, actor, ownerId, 'welcome');
  return !proven && (await verificationIsOn(tx))
    ? sendVerification(tx, actor, ownerId)
    : sayAccountIsReady(tx, ownerId, clientId);
}

/** A link for choosing a password would throw away the one that was chosen already. */
async function sayAccountIsReady(tx: Context, userId: number, clientId: number): Promise<void> {
  const user = await userOf(tx, userId);
  await queueLetter(
    tx,
    accountReadyLetter({
      to: { address: user.email, name: nameOf(user), language: user.language },
      company: await settingOf(tx, companyName),
      loginUrl: await publicLink(tx, '/login'),
      resetUrl: await publicLink(tx, '/password/reset'),
      expiresAt: tx.now() + days(7),
      userId,
      clientId,
    }),
  );
}

/** Slow on purpose, so before the transaction. */
async function firstPassword(ctx: Context, given: NewClient): Promise<SealedPassword | undefined> {
  if (given.owner.kind === 'sealed') return { hash: given.owner.passwordHash, mustChange: false };
  if (given.owner.kind === 'existing' || given.owner.password === undefined) return undefined;
  const words = [given.profile.email, given.profile.firstName, given.profile.lastName, given.profile.companyName];
  return sealFirstPassword(ctx, given.owner.password, words, { lenient: given.lenientPassword ?? false });
}

/** Slow likewise. Throws invalid with the field `answer`. */
async function answeredQuestion(
  ctx: Context,
  owner: NewOwner,
): Promise<{ questionId: number; answerHash: string } | undefined> {
  if (owner.kind !== 'new' || !owner.question) return undefined;
  return { questionId: owner.question.id, answerHash: await sealAnswer(ctx, owner.question.answer) };
}

async function ownerFor(
  tx: Context,
  actor: Actor,
  given: NewClient,
  sealed: SealedPassword | undefined,
): Promise<number> {
  if (given.owner.kind === 'existing') return given.owner.userId;
  return addUser(tx, actor, {
    firstName: oneLine(given.profile.firstName) || oneLine(given.profile.companyName) || given.profile.email,
    lastName: oneLine(given.profile.lastName) || '-',
    email: given.profile.email,
    language: given.profile.language,
    passwordHash: sealed?.hash,
    mustChangePassword: sealed?.mustChange,
  });
}
