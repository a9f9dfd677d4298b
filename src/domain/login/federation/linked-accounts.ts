// Which accounts elsewhere are a person's: linking one after both were proved, and taking one away. Either ends the person's
// other sessions and half-done sign-ins, and is told to them by letter (ASVS 5.0 V6.3.7, V7.4.3).

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { doPasskeysSignIn, passkeysOf } from '#domain/credentials/passkeys.ts';
import { endAttemptsOf } from '#domain/login/attempts.table.ts';
import { userProviderLinked, userProviderUnlinked } from '#domain/login/federation/federation.events.ts';
import type { IdentityRow } from '#domain/login/federation/identities.table.ts';
import {
  deleteIdentity,
  findIdentityRow,
  identityRowsOf,
  insertIdentity,
} from '#domain/login/federation/identities.table.ts';
import { linkedAccountLetter } from '#domain/login/federation/linked-account.mail.ts';
import { takePendingIn } from '#domain/login/federation/pending.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { isOffered, listProviders } from '#domain/login/federation/providers.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import type { Holder } from '#domain/login/holder.ts';
import { factorHolderOf, holdHolder, personOfHolder } from '#domain/login/holder.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { endAllSessions } from '#domain/sessions/ending.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf, proveAddress, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict, notAllowed, notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** An account elsewhere that is linked. `email`: as its provider told it, for telling several apart. */
export type LinkedAccount = {
  readonly id: number;
  readonly provider: Provider | undefined;
  readonly email: string;
  readonly linkedAt: number;
  readonly lastUsedAt: number | undefined;
};

/** The linked accounts of a person, the oldest first. */
export async function linkedIdentitiesOf(ctx: Context, holder: FactorHolder): Promise<LinkedAccount[]> {
  const rows = await identityRowsOf(ctx, holder);
  const providers = rows.length === 0 ? [] : await listProviders(ctx);
  return rows.map((row) => ({
    id: row.id,
    provider: providers.find((one) => one.id === row.provider_id),
    email: row.email,
    linkedAt: row.linked_at,
    lastUsedAt: row.last_used_at ?? undefined,
  }));
}

/** Whose an identity is: nobody's, this person's, or another's. */
export async function whoseIdentity(
  ctx: Context,
  holder: FactorHolder,
  { issuer, subject }: ToldIdentity,
): Promise<'nobody' | 'own' | 'another'> {
  const row = await findIdentityRow(ctx, holder.kind, issuer, subject);
  if (!row) return 'nobody';
  return (holder.kind === 'user' ? row.user_id : row.administrator_id) === holder.id ? 'own' : 'another';
}

/** A person who is signed in, and who has just proved again that it is them. */
export type Linker = { readonly holder: FactorHolder; readonly sessionId: number; readonly browser: string };

/**
 * Links the identity that waits in this browser with whoever is signed in there, once. Answers the provider's name, and where
 * the sign-in was to lead that it came from. Throws not-allowed `link-over`, or conflict `identity-own`, `identity-another`.
 */
export async function linkPending(
  ctx: Context,
  actor: Actor,
  { holder, sessionId, browser }: Linker,
): Promise<{ readonly provider: string; readonly goto: string | undefined }> {
  return ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfHolder(holder));
    const pending = await takePendingIn(tx, browser, holder.kind);
    if (!held || held.disabled || !pending) throw notAllowed('link-over');
    // Begun in another session: whoever sat here before signed out with it.
    if (pending.sessionId !== undefined && pending.sessionId !== sessionId) throw notAllowed('link-over');
    const provider = await providerOfIdentity(tx, holder, pending.identity);
    if (!provider) throw notAllowed('link-over');
    const whose = await whoseIdentity(tx, holder, pending.identity);
    if (whose !== 'nobody') throw conflict(`identity-${whose}`, { provider: provider.name });
    await storeLink(tx, actor, held, provider, pending.identity, sessionId);
    return { provider: provider.name, goto: pending.sessionId === undefined ? pending.goto : undefined };
  });
}

/**
 * Links an identity with somebody who has just registered with the very address that the provider vouches for, which is
 * proved by it too. Answers whether it did: what does not fit links nothing, and they can link it once they are signed in.
 */
export async function linkRegistered(
  tx: Context,
  actor: Actor,
  userId: number,
  identity: ToldIdentity,
): Promise<boolean> {
  const held = await holdHolder(tx, { kind: 'user', userId });
  const key = comparable(identity.email);
  if (!held || !identity.addressVerified || comparable(held.label) !== key) return false;
  const provider = await providerOfIdentity(tx, held.factor, identity);
  if (!provider?.trustsAddress || (await whoseIdentity(tx, held.factor, identity)) !== 'nobody') return false;
  await proveAddress(tx, actor, userId, key);
  await storeLink(tx, actor, held, provider, identity, 'registered');
  return true;
}

/** What stands in the way of taking a link away: nothing, or that it is the last way in. */
export async function mayUnlink(ctx: Context, holder: FactorHolder, id: number): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfHolder(holder));
    return held !== undefined && hasOtherWay(tx, held, id);
  });
}

/** Takes a link away. Answers the provider's name. Throws not-found `identity-not-found`, or conflict `identity-last-way`. */
export async function unlink(
  ctx: Context,
  actor: Actor,
  { holder, sessionId }: Omit<Linker, 'browser'>,
  id: number,
): Promise<string> {
  return ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfHolder(holder)); // of two at once the later sees what the earlier left
    if (!held) throw notFound('identity-not-found');
    const row = (await identityRowsOf(tx, holder)).find((one) => one.id === id);
    if (!row) throw notFound('identity-not-found');
    if (!(await hasOtherWay(tx, held, id))) throw conflict('identity-last-way');
    return removeLink(tx, actor, held, row, sessionId);
  });
}

/** A linked account of a user, and whether it is their only way in. Throws not-found `identity-not-found`. */
export async function linkedIdentityOf(
  ctx: Context,
  userId: number,
  id: number,
): Promise<{ readonly linked: LinkedAccount; readonly isLastWay: boolean }> {
  const holder = { kind: 'user', id: userId } as const;
  const linked = (await linkedIdentitiesOf(ctx, holder)).find((one) => one.id === id);
  if (!linked) throw notFound('identity-not-found');
  return { linked, isLastWay: !(await mayUnlink(ctx, holder, id)) };
}

/**
 * Takes a link of a user away as staff, also the last way in: they set a password by a letter then. All their sessions end,
 * and they are told. Answers the provider's name. Throws not-found `user-not-found`, `identity-not-found`.
 */
export async function unlinkByStaff(ctx: Context, actor: Actor, userId: number, id: number): Promise<string> {
  return ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, { kind: 'user', userId });
    if (!held) throw notFound('user-not-found');
    const row = (await identityRowsOf(tx, held.factor)).find((one) => one.id === id);
    if (!row) throw notFound('identity-not-found');
    return removeLink(tx, actor, held, row, undefined);
  });
}

/**
 * Takes every link of a user away whose address was never proved and who now proves it by setting a password: whoever
 * opened the account with somebody else's address shall not keep a way in (account pre-hijacking).
 */
export async function dropUnprovenLinks(tx: Context, actor: Actor, userId: number): Promise<void> {
  if ((await userOf(tx, userId)).emailVerifiedAt === undefined) await dropLinks(tx, actor, userId);
}

/** Takes every link of a user away who takes their account back: nobody knows which of them is of whoever had it meanwhile. */
export async function dropLinks(tx: Context, actor: Actor, userId: number): Promise<void> {
  const held = await holdHolder(tx, { kind: 'user', userId });
  if (!held) return;
  for (const row of await identityRowsOf(tx, held.factor)) await removeLink(tx, actor, held, row, undefined);
}

/** Whether a person gets in without this link: by a password, a passkey, or another provider that is offered to them. */
async function hasOtherWay(tx: Context, { factor, hash }: Holder, id: number): Promise<boolean> {
  if (hash !== undefined) return true;
  if ((await doPasskeysSignIn(tx, factor.kind)) && (await passkeysOf(tx, factor)).length > 0) return true;
  return (await linkedIdentitiesOf(tx, factor)).some(
    ({ id: other, provider }) => other !== id && provider !== undefined && isOffered(provider, factor.kind),
  );
}

async function providerOfIdentity(
  tx: Context,
  holder: FactorHolder,
  { providerId }: ToldIdentity,
): Promise<Provider | undefined> {
  return (await listProviders(tx)).find((one) => one.id === providerId && isOffered(one, holder.kind));
}

async function storeLink(
  tx: Context,
  actor: Actor,
  held: Holder,
  provider: Provider,
  identity: ToldIdentity,
  by: number | 'registered',
): Promise<void> {
  const holder = factorHolderOf(held.person);
  const stored = await insertIdentity(tx, {
    side: holder.kind,
    user_id: holder.kind === 'user' ? holder.id : null,
    administrator_id: holder.kind === 'administrator' ? holder.id : null,
    provider_id: provider.id,
    issuer: identity.issuer,
    subject: identity.subject,
    email: identity.email,
    linked_at: tx.now(),
    last_used_at: null,
  });
  if (!stored) throw conflict('identity-another', { provider: provider.name });
  await tell(tx, actor, held, {
    what: 'linked',
    provider: provider.name,
    slug: provider.slug,
    account: identity.email,
    keepSessionId: by === 'registered' ? undefined : by,
    byLetter: by !== 'registered', // who registers gets a letter of that
  });
}

async function removeLink(
  tx: Context,
  actor: Actor,
  held: Holder,
  row: IdentityRow,
  keepSessionId: number | undefined,
): Promise<string> {
  if (!(await deleteIdentity(tx, held.factor, row.id))) throw notFound('identity-not-found');
  const provider = (await listProviders(tx)).find((one) => one.id === row.provider_id);
  const name = provider?.name ?? new URL(row.issuer).host;
  const slug = provider?.slug ?? '';
  await tell(tx, actor, held, {
    what: 'unlinked',
    provider: name,
    slug,
    account: row.email,
    keepSessionId,
    byLetter: true,
  });
  return name;
}

type Change = {
  readonly what: 'linked' | 'unlinked';
  readonly provider: string;
  readonly slug: string;
  readonly account: string;
  readonly keepSessionId: number | undefined;
  readonly byLetter: boolean;
};

/** The log, the letter, the event, and what ends: sessions and sign-ins that were begun before. */
async function tell(tx: Context, actor: Actor, held: Holder, change: Change): Promise<void> {
  const { what, provider, slug, account, keepSessionId } = change;
  const holder = held.factor;
  const of = ofHolder(holder);
  await endAllSessions(tx, of, 'provider-changed', keepSessionId);
  await endAttemptsOf(tx, of);
  await audit(tx, actor, {
    event: `${holder.kind === 'user' ? 'user' : 'admin'}.provider.${what}`,
    description: `The account of ${held.label} was ${what === 'linked' ? 'linked with' : 'unlinked from'} ${provider}`,
    ...of,
    details: { provider: slug, account },
  });
  if (change.byLetter) await write(tx, holder, change);
  if (holder.kind !== 'user') return;
  const event = what === 'linked' ? userProviderLinked : userProviderUnlinked;
  await tx.bus.announce(tx, event, { userId: holder.id, provider: slug });
}

async function write(tx: Context, holder: FactorHolder, { what, provider, account }: Change): Promise<void> {
  await queueLetter(
    tx,
    linkedAccountLetter(what, {
      to: await addressee(tx, holder),
      company: await settingOf(tx, companyName),
      provider,
      account: account || '-',
      resetUrl: await publicLink(tx, holder.kind === 'user' ? '/password/reset' : '/admin/login'),
      expiresAt: tx.now() + days(7),
      ...ofHolder(holder),
    }),
  );
}

async function addressee(tx: Context, { kind, id }: FactorHolder) {
  const person = kind === 'user' ? await userOf(tx, id) : await administratorOf(tx, id);
  return { address: person.email, name: nameOf(person), language: person.language };
}
