// The sites that may tell us who somebody is: what staff keep of each, and which are offered at which door.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { isAppleKey } from '#domain/login/federation/apple-secret.ts';
import { signInPrivateProviders } from '#domain/login/federation/federation.settings.ts';
import { identityCounts } from '#domain/login/federation/identities.table.ts';
import type { ProviderKind } from '#domain/login/federation/provider-kinds.ts';
import { KIND_FACTS, microsoftIssuer } from '#domain/login/federation/provider-kinds.ts';
import type { ProviderRow } from '#domain/login/federation/providers.table.ts';
import {
  deleteProvider,
  findProviderRow,
  insertProvider,
  providerRows,
  updateProvider,
} from '#domain/login/federation/providers.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { plainAddress } from '#kit/address.ts';
import { seconds } from '#kit/duration.ts';
import { mayReach } from '#kit/outgoing.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A provider as staff see it: never its secret. */
export type Provider = {
  readonly id: number;
  readonly kind: ProviderKind;
  /** Its name in our addresses; it never changes. */
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly scopes: string;
  readonly forUsers: boolean;
  readonly forAdministrators: boolean;
  readonly enabled: boolean;
  /** Its word that an address is verified counts. */
  readonly trustsAddress: boolean;
  /** Its word that a second factor was shown counts; `factorLevels`: further `acr` values that say so. */
  readonly acceptsFactor: boolean;
  readonly factorLevels: readonly string[];
  readonly updatedAt: number;
};

/** What staff say of a provider, as typed. `secret` empty: it stays. `issuer`: a Microsoft tenant where the kind asks for one. */
export type ProviderWish = {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly scopes: string;
  readonly forUsers: boolean;
  readonly forAdministrators: boolean;
  readonly enabled: boolean;
  readonly trustsAddress: boolean;
  readonly acceptsFactor: boolean;
  readonly factorLevels: string;
};

const SECRET = 'sign-in-provider';
const MOST = 30;
const KEPT = 'sign-in-providers';

/** Every provider, the oldest first. */
export async function listProviders(ctx: Context): Promise<Provider[]> {
  return (await providerRows(ctx)).map(providerFrom);
}

/** The providers offered on a side. A page may show what was true a few seconds ago; whoever signs in is looked at anew. */
export async function providersOffered(ctx: Context, side: FactorHolder['kind']): Promise<readonly Provider[]> {
  const all = await ctx.snapshots.get(KEPT, ctx.now(), seconds(5), () => listProviders(ctx));
  return all.filter((one) => isOffered(one, side));
}

/** Whether people of this side may sign in by it. */
export function isOffered(provider: Provider, side: FactorHolder['kind']): boolean {
  return provider.enabled && (side === 'user' ? provider.forUsers : provider.forAdministrators);
}

/** The provider of this id. Throws not-found. */
export async function providerOf(ctx: Context, id: number): Promise<Provider> {
  const row = await findProviderRow(ctx, id);
  if (!row) throw notFound('provider-not-found');
  return providerFrom(row);
}

/** The provider with this name in our addresses, if people of this side may sign in by it now. */
export async function findOffered(
  ctx: Context,
  side: FactorHolder['kind'],
  slug: string,
): Promise<Provider | undefined> {
  return (await listProviders(ctx)).find((one) => one.slug === slug && isOffered(one, side));
}

/**
 * A provider with its secret (or Apple's signing key), and a `version` that is another after each change. Throws not-found,
 * or an Error when the secret cannot be unsealed.
 */
export async function providerWithSecret(
  ctx: Context,
  id: number,
): Promise<{ readonly provider: Provider; readonly secret: string; readonly version: string }> {
  const row = await findProviderRow(ctx, id);
  if (!row) throw notFound('provider-not-found');
  const secret = ctx.seal.open(SECRET, row.sealed_secret, row.issuer);
  if (secret === undefined) throw new Error('its secret could not be unsealed: was the installation key changed?');
  return { provider: providerFrom(row), secret, version: fingerprint(JSON.stringify(row)) };
}

/** How many people are linked to each, by its id. */
export async function peopleOfProviders(ctx: Context): Promise<ReadonlyMap<number, number>> {
  return identityCounts(ctx);
}

/** A name for the addresses of a new one that is not taken yet. */
export async function freeSlug(ctx: Context, wanted: string): Promise<string> {
  const taken = new Set((await providerRows(ctx)).map((row) => row.slug));
  for (let number = 1; ; number++) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}

/** Adds a provider. Answers its id. Throws invalid by field, or conflict `too-many-providers`. */
export async function addProvider(
  ctx: Context,
  actor: Actor,
  kind: ProviderKind,
  slug: string,
  wish: ProviderWish,
): Promise<number> {
  const faults: Record<string, string> = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(slug)
    ? {}
    : { slug: 'slug-invalid' };
  const clean = await checked(ctx, kind, wish, undefined, faults);
  return ctx.transaction(async (tx) => {
    const all = await providerRows(tx);
    if (all.length >= MOST) throw conflict('too-many-providers', { most: MOST });
    if (all.some((row) => row.slug === slug)) throw invalid({ slug: 'slug-taken' });
    const id = await insertProvider(tx, {
      ...clean,
      kind,
      slug,
      sealed_secret: tx.seal.seal(SECRET, wish.secret.trim(), clean.issuer),
      created_at: tx.now(),
    });
    tx.afterCommit(() => ctx.snapshots.forget(KEPT));
    await audit(tx, actor, {
      event: 'sign_in_provider.created',
      description: `The sign-in provider ${clean.name} was added`,
      details: { providerId: id, kind, ...told(clean) },
    });
    return id;
  });
}

/** Changes a provider. Another issuer needs the secret anew: it was given for the old one. Throws not-found, or invalid by field. */
export async function changeProvider(ctx: Context, actor: Actor, id: number, wish: ProviderWish): Promise<void> {
  const known = await providerOf(ctx, id);
  const clean = await checked(ctx, known.kind, wish, known, {});
  const secret = wish.secret.trim();
  await ctx.transaction(async (tx) => {
    const before = await providerOf(tx, id);
    const sealed = secret === '' ? {} : { sealed_secret: tx.seal.seal(SECRET, secret, clean.issuer) };
    if (secret === '' && before.issuer !== clean.issuer) throw invalid({ secret: 'provider-secret-again' });
    if (!(await updateProvider(tx, id, { ...clean, ...sealed }))) throw notFound('provider-not-found');
    tx.afterCommit(() => ctx.snapshots.forget(KEPT));
    await audit(tx, actor, {
      event: 'sign_in_provider.updated',
      description: `The sign-in provider ${clean.name} was changed`,
      details: { providerId: id, ...told(clean), before: before.issuer, newSecret: secret !== '' },
    });
  });
}

/** Removes a provider and every link to it. Answers how many people it was linked to. Throws not-found. */
export async function removeProvider(ctx: Context, actor: Actor, id: number): Promise<number> {
  return ctx.transaction(async (tx) => {
    const { name, issuer } = await providerOf(tx, id);
    const people = (await identityCounts(tx)).get(id) ?? 0;
    if (!(await deleteProvider(tx, id))) throw notFound('provider-not-found');
    tx.afterCommit(() => ctx.snapshots.forget(KEPT));
    await audit(tx, actor, {
      event: 'sign_in_provider.removed',
      description: `The sign-in provider ${name} was removed`,
      details: { providerId: id, issuer, people },
    });
    return people;
  });
}

type Clean = Omit<ProviderRow, 'id' | 'kind' | 'slug' | 'sealed_secret' | 'created_at'>;

async function checked(
  ctx: Context,
  kind: ProviderKind,
  wish: ProviderWish,
  before: Provider | undefined,
  more: Readonly<Record<string, string>>,
): Promise<Clean> {
  const facts = KIND_FACTS[kind];
  const faults: Record<string, string> = { ...more };
  const name = oneLine(wish.name) || facts.name;
  if (name === '') faults['name'] = 'provider-name-missing';
  else if (name.length > 60) faults['name'] = 'too-long';
  const issuer = issuerOf(kind, wish.issuer.trim());
  const issuerFault = issuer === undefined ? faultyIssuer(kind) : await issuerTrouble(ctx, issuer);
  if (issuerFault) faults['issuer'] = issuerFault;
  const clientId = wish.clientId.trim();
  if (!/^[\x21-\x7e]{1,300}$/.test(clientId)) faults['clientId'] = 'provider-client-id';
  const secretFault = secretTrouble(kind, wish.secret.trim(), before !== undefined);
  if (secretFault) faults['secret'] = secretFault;
  const [teamId, keyId] = kind === 'apple' ? [wish.teamId.trim(), wish.keyId.trim()] : ['', ''];
  if (kind === 'apple' && !/^[A-Z0-9]{10}$/.test(teamId)) faults['teamId'] = 'provider-apple-id';
  if (kind === 'apple' && !/^[A-Z0-9]{10}$/.test(keyId)) faults['keyId'] = 'provider-apple-id';
  const scopes = wish.scopes.trim().replace(/\s+/g, ' ') || facts.scopes;
  const needsOpenid = kind !== 'github' && !scopes.split(' ').includes('openid');
  if (needsOpenid || !/^[\x21\x23-\x5b\x5d-\x7e ]{1,300}$/.test(scopes)) faults['scopes'] = 'provider-scopes'; // RFC 6749, 3.3
  const levels = wish.factorLevels.trim().replace(/\s+/g, ' ');
  if (levels.length > 500) faults['factorLevels'] = 'too-long';
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return {
    name,
    issuer: issuer ?? '',
    client_id: clientId,
    team_id: teamId,
    key_id: keyId,
    scopes,
    for_users: wish.forUsers ? 1 : 0,
    for_administrators: wish.forAdministrators ? 1 : 0,
    enabled: wish.enabled ? 1 : 0,
    trusts_address: wish.trustsAddress && facts.verifies !== 'never' ? 1 : 0,
    accepts_factor: wish.acceptsFactor && kind !== 'github' ? 1 : 0,
    factor_levels: levels,
    updated_at: ctx.now(),
  };
}

/** The issuer as it is kept; undefined when what was typed is none. */
function issuerOf(kind: ProviderKind, typed: string): string | undefined {
  const facts = KIND_FACTS[kind].issuer;
  if (facts.is === 'fixed') return facts.value;
  if (facts.is === 'tenant') return microsoftIssuer(typed);
  const address = typed || facts.value;
  if (address.length > 300 || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && /^https?:$/.test(url.protocol)
    ? kind === 'github'
      ? address.replace(/\/+$/, '')
      : address
    : undefined;
}

function faultyIssuer(kind: ProviderKind): string {
  return kind === 'microsoft' ? 'provider-tenant' : 'provider-issuer';
}

/** Only https, and nowhere inside, but where the operator listed the range (SSRF; ASVS 5.0 V13.2.4). */
async function issuerTrouble(ctx: Context, issuer: string): Promise<string | undefined> {
  const url = new URL(issuer);
  const allowed = await allowedRanges(ctx);
  if (url.protocol !== 'https:' && allowed.length === 0) return 'provider-issuer';
  const literal = plainAddress(url.hostname.replace(/^\[|\]$/g, ''));
  return literal !== undefined && !mayReach(literal, allowed) ? 'provider-issuer-private' : undefined;
}

/** The private ranges at which providers may be asked. */
export async function allowedRanges(ctx: Context): Promise<string[]> {
  return (await settingOf(ctx, signInPrivateProviders)).map((one) => one.range);
}

function secretTrouble(kind: ProviderKind, secret: string, mayStay: boolean): string | undefined {
  if (secret === '') return mayStay ? undefined : 'provider-secret-missing';
  if (kind === 'apple') return isAppleKey(secret) ? undefined : 'provider-apple-key';
  return secret.length > 500 ? 'too-long' : undefined;
}

/** What the log keeps of a change. */
function told(clean: Clean) {
  const { issuer, client_id: clientId, scopes } = clean;
  const yes = (flag: number) => flag === 1;
  return {
    issuer,
    clientId,
    scopes,
    enabled: yes(clean.enabled),
    forUsers: yes(clean.for_users),
    forAdministrators: yes(clean.for_administrators),
    trustsAddress: yes(clean.trusts_address),
    acceptsFactor: yes(clean.accepts_factor),
  };
}

function providerFrom(row: ProviderRow): Provider {
  return {
    id: row.id,
    kind: row.kind,
    slug: row.slug,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    teamId: row.team_id,
    keyId: row.key_id,
    scopes: row.scopes,
    forUsers: row.for_users === 1,
    forAdministrators: row.for_administrators === 1,
    enabled: row.enabled === 1,
    trustsAddress: row.trusts_address === 1,
    acceptsFactor: row.accepts_factor === 1,
    factorLevels: row.factor_levels.split(' ').filter((level) => level !== ''),
    updatedAt: row.updated_at,
  };
}
