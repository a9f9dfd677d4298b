// Taking in a registration (behaviours.md 9.3). Everything that is wrong with the form is said at once; whether its address
// is somebody's already is not. So the form is only written down here, the same for every address and with the same work,
// and what becomes of it is found out afterwards (registration-settling.ts) and said in a letter.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { asStored, profileFaults } from '#domain/clients/client-profile.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { DETAIL_FIELDS } from '#domain/clients/own-details.ts';
import { marketingEmails } from '#domain/consent/consent.settings.ts';
import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { newPasswordFault } from '#domain/credentials/password-rule.ts';
import type { TypedValues } from '#domain/fields/field-values.ts';
import { checkNewValues, faultsOf } from '#domain/fields/field-values.ts';
import { shownTo } from '#domain/fields/shown-to-modules.ts';
import { isRefused } from '#domain/guard/banned-emails.ts';
import { countUse, spendLimit } from '#domain/guard/limits.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { checksDetails, requireAcceptedDetails } from '#domain/modules/asking.ts';
import { settingOf } from '#domain/settings/settings.ts';
import {
  registrationApproval,
  registrationDailyCap,
  registrationOpen,
  registrationWaitDays,
  termsAddress,
} from '#domain/signup/registration.settings.ts';
import type { SealedRegistration } from '#domain/signup/registration-sealed.ts';
import { sealRegistration } from '#domain/signup/registration-sealed.ts';
import { settleSoon } from '#domain/signup/registration-settling.ts';
import { countWaiting, insertRegistration } from '#domain/signup/registrations.table.ts';
import { isLanguage } from '#domain/users/users.ts';
import { networkName } from '#kit/address.ts';
import { days, hours } from '#kit/duration.ts';
import { notAllowed, Problem } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What the form asks. `currencyId` undefined: the default one. */
export type RegistrationForm = {
  readonly profile: ClientProfile;
  readonly language: string;
  readonly currencyId: number | undefined;
  readonly marketingOptIn: boolean;
  readonly fields: TypedValues;
  readonly acceptsTerms: boolean;
};

const FROM_ONE_NETWORK = { name: 'registration-network', most: 20, withinMs: hours(1) };
const WITH_ONE_ADDRESS = { name: 'registration-address', most: 5, withinMs: hours(1) };
const BY_ONE_PERSON = { name: 'registration-person', most: 5, withinMs: days(1) };
/** As many wait for staff at the most: what nobody can read through any more is refused. */
const MOST_WAITING = 2000;

/**
 * Takes in the registration of somebody new. Throws not-allowed `registration-closed`, invalid by field, `too-many`, or
 * unavailable. What is answered tells nothing of the address.
 */
export async function register(
  ctx: Context,
  given: RegistrationForm & { readonly password: string; readonly identity?: ToldIdentity | undefined },
  ip: string,
): Promise<void> {
  await requireOpen(ctx);
  const { profile, password } = given;
  const words = [profile.email, profile.firstName, profile.lastName, profile.companyName];
  const passwordFault = await newPasswordFault(ctx, password, words);
  await requireGoodForm(ctx, given, passwordFault ? { password: passwordFault } : {});
  await spendLimit(ctx, FROM_ONE_NETWORK, networkName(ip));
  await spendLimit(ctx, WITH_ONE_ADDRESS, comparable(profile.email).slice(0, 300));
  await askModules(ctx, given, 'stranger');
  const approval = await waitsForStaff(ctx);
  const passwordHash = await ctx.passwords.seal(password); // slow on purpose, for taken addresses too
  const { identity } = given;
  await takeIn(ctx, { ...(await settled(ctx, given)), passwordHash, approval, identity }, undefined, ip);
}

/** Takes in a further account of somebody who is signed in, who becomes its owner. Throws as `register`. */
export async function registerFurther(
  ctx: Context,
  given: RegistrationForm,
  user: { readonly userId: number; readonly ip: string },
): Promise<'made' | 'waiting'> {
  await requireOpen(ctx);
  await requireGoodForm(ctx, given, {});
  await spendLimit(ctx, BY_ONE_PERSON, `user ${user.userId}`);
  await askModules(ctx, given, 'user');
  const approval = await waitsForStaff(ctx);
  await takeIn(ctx, { ...(await settled(ctx, given)), passwordHash: undefined, approval }, user.userId, user.ip);
  return approval ? 'waiting' : 'made';
}

/** Whether people may open accounts by themselves. */
export async function isRegistrationOpen(ctx: Context): Promise<boolean> {
  return settingOf(ctx, registrationOpen);
}

async function requireOpen(ctx: Context): Promise<void> {
  if (!(await isRegistrationOpen(ctx))) throw notAllowed('registration-closed');
}

/** Refuses the form with everything that is wrong with it. An address that is refused is told so, whoever has it. */
async function requireGoodForm(
  ctx: Context,
  given: RegistrationForm,
  others: Readonly<Record<string, string>>,
): Promise<void> {
  const { profile, language, currencyId, acceptsTerms } = given;
  const first: Record<string, string> = { ...(await profileFaults(ctx, profile)), ...others };
  if (first['email'] === undefined && (await isRefused(ctx, profile.email))) first['email'] = 'email-banned';
  const checked = await checkNewValues(ctx, given.fields, { audience: 'newcomer' });
  const last: Record<string, string> = {};
  if (!isLanguage(language)) last['language'] = 'language-unknown';
  if (currencyId !== undefined && !(await listCurrencies(ctx)).some((one) => one.id === currencyId))
    last['currency'] = 'currency-not-found';
  if (!acceptsTerms && (await settingOf(ctx, termsAddress)) !== '') last['terms'] = 'terms-not-accepted';
  if (Object.keys({ ...first, ...checked.faults, ...last }).length === 0) return;
  throw faultsOf(checked, first, last, { minimum: await settingOf(ctx, passwordMinimumLength) });
}

/** Once the form is sound and counted: a module may ask somebody else, who wants to be paid for it. */
async function askModules(ctx: Context, given: RegistrationForm, by: 'stranger' | 'user'): Promise<void> {
  if (!checksDetails(ctx, 'clientDetails')) return;
  await requireAcceptedDetails(ctx, {
    purpose: 'registration',
    by,
    clientId: undefined,
    profile: asStored(given.profile),
    customFields: await shownTo(ctx, given.fields, 'newcomer'),
    changed: DETAIL_FIELDS,
  });
}

/** Counts one registration more. Whether staff have to look at it; throws when there is no room for it. */
async function waitsForStaff(ctx: Context): Promise<boolean> {
  const [approval, cap] = [await settingOf(ctx, registrationApproval), await settingOf(ctx, registrationDailyCap)];
  const today = { name: 'registrations-a-day', most: cap, withinMs: days(1) };
  const isAbove = cap > 0 && (await countUse(ctx, today, 'everybody')) > cap;
  if (isAbove && approval === 'none') throw full(hours(1));
  const waits = approval === 'all' || isAbove;
  if (waits && (await countWaiting(ctx, MOST_WAITING)) >= MOST_WAITING) throw full(days(1));
  return waits;
}

function full(retryAfterMs: number): Problem {
  return new Problem('unavailable', 'registration-full', { retryAfterSeconds: retryAfterMs / 1000 });
}

type Settled = Omit<SealedRegistration, 'passwordHash' | 'approval'>;

async function settled(ctx: Context, given: RegistrationForm): Promise<Settled> {
  const { profile, language, currencyId, marketingOptIn, fields } = given;
  return {
    profile: { ...profile, email: profile.email.trim() },
    language,
    currencyId,
    marketingOptIn: marketingOptIn && (await settingOf(ctx, marketingEmails)),
    fields: [...fields],
    terms: await settingOf(ctx, termsAddress),
  };
}

async function takeIn(
  ctx: Context,
  registration: SealedRegistration,
  userId: number | undefined,
  ip: string,
): Promise<void> {
  const { profile } = registration;
  const name = oneLine(profile.companyName) || oneLine(`${profile.firstName} ${profile.lastName}`);
  await insertRegistration(ctx, {
    state: 'received',
    name: name.slice(0, 300),
    email: profile.email,
    email_key: comparable(profile.email),
    user_id: userId ?? null,
    sealed: sealRegistration(ctx, registration),
    ip,
    tries: 0,
    leased_until: null,
    created_at: ctx.now(),
    expires_at: ctx.now() + days(await settingOf(ctx, registrationWaitDays)),
  });
  settleSoon(ctx);
}
