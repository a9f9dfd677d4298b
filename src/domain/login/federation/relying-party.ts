// Asking a provider who somebody is, by OpenID Connect (authorization code, PKCE S256, nonce, signatures always checked).
// The protocol is the library's (openid-client); which provider, which addresses may be reached, and what is taken of the
// answer is decided here. Anything that is not right throws: nobody is signed in by half an answer. State, nonce and `iss` are
// checked (ASVS 5.0 V10.2.1, V10.2.2, V10.5.1), the issuer that the metadata names (V10.5.3), the audience (V10.5.4), and each
// signature, although it came straight from the provider (V6.8.2).

import type { Configuration, IDToken } from 'openid-client';
import { appleSecret } from '#domain/login/federation/apple-secret.ts';
import { githubConfiguration, toldByGithub } from '#domain/login/federation/github.ts';
import { isIssuerOf } from '#domain/login/federation/provider-kinds.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { allowedRanges, providerWithSecret } from '#domain/login/federation/providers.ts';
import { challengeOf, nonceOf, verifierOf } from '#domain/login/federation/start-state.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { FRESH_MS } from '#domain/login/step-up.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import { guardedFetch } from '#kit/outgoing.ts';
import { isMailAddress, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const WITHIN = seconds(10);
/** More than any provider's keys and metadata are. */
const MOST_BYTES = 512 * 1024;
/** How long what was discovered is held to be so, and for how long a provider that failed is not asked again. */
const KEPT_MS = hours(1);
const FAILED_MS = seconds(15);

/** The callback of a provider on one side: from the public address, and nothing that a request says (ASVS 5.0 V10.4.1). */
export async function callbackAddress(ctx: Context, side: 'user' | 'administrator', slug: string): Promise<string> {
  return publicLink(ctx, `${side === 'user' ? '' : '/admin'}/login/with/${slug}/callback`);
}

/** Where a browser is sent to. Throws when the provider cannot be discovered or is set up wrongly. */
export async function authorizationAddress(
  ctx: Context,
  provider: Provider,
  side: 'user' | 'administrator',
  state: string,
): Promise<string> {
  const [client, configuration] = await configured(ctx, provider.id);
  const parameters: Record<string, string> = {
    redirect_uri: await callbackAddress(ctx, side, provider.slug),
    scope: provider.scopes,
    state,
    code_challenge: challengeOf(verifierOf(ctx, state)),
    code_challenge_method: 'S256',
  };
  if (provider.kind !== 'github') parameters['nonce'] = nonceOf(ctx, state);
  // Apple sends a name or an address only by a form (its documentation of `response_mode`).
  if (provider.kind === 'apple') parameters['response_mode'] = 'form_post';
  if (provider.kind === 'google' || provider.kind === 'microsoft') parameters['prompt'] = 'select_account';
  if (provider.acceptsFactor && provider.factorLevels.length > 0)
    parameters['acr_values'] = provider.factorLevels.join(' ');
  // Whose word on a second factor counts is asked to have it shown now, and to say when it was (OpenID Connect Core, 3.1.2.1).
  if (provider.acceptsFactor) parameters['max_age'] = String(FRESH_MS / seconds(1));
  return client.buildAuthorizationUrl(configuration, parameters).href;
}

/** What came back to the callback, as the address has it. */
export type CallbackParameters = Readonly<Record<string, string>>;

/** Trades what came back for who it is. Throws when anything about it is not right. */
export async function askWhoItIs(
  ctx: Context,
  provider: Provider,
  side: 'user' | 'administrator',
  given: CallbackParameters,
): Promise<ToldIdentity> {
  const [client, configuration] = await configured(ctx, provider.id);
  const state = given['state'] ?? '';
  const callback = new URL(await callbackAddress(ctx, side, provider.slug));
  for (const name of ['code', 'state', 'iss', 'error', 'error_description'] as const) {
    const value = given[name];
    if (value !== undefined) callback.searchParams.set(name, value);
  }
  const checks = { expectedState: state, pkceCodeVerifier: verifierOf(ctx, state) };
  if (provider.kind === 'github') {
    const tokens = await client.authorizationCodeGrant(configuration, callback, checks);
    return toldByGithub(client, configuration, provider, tokens.access_token);
  }
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    ...checks,
    expectedNonce: nonceOf(ctx, state),
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('there was no ID token');
  const asked = provider.scopes.split(' ').includes('email') && claims['email'] === undefined;
  const hasMore = asked && configuration.serverMetadata().userinfo_endpoint !== undefined;
  const more = hasMore ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
  return toldBy(ctx, provider, claims, { ...more, ...claims });
}

/** Takes from the claims what we need, each held to its form: whatever a provider says is only said. */
function toldBy(
  ctx: Context,
  provider: Provider,
  claims: IDToken,
  all: Readonly<Record<string, unknown>>,
): ToldIdentity {
  if (claims.sub.length > 255 || claims.iss.length > 300) throw new Error('its subject or issuer is too long'); // OpenID Connect Core, 2
  if (provider.kind === 'microsoft' && claims.iss !== `https://login.microsoftonline.com/${claims['tid']}/v2.0`)
    throw new Error('its issuer is not that of its tenant');
  const words = (name: string) => (typeof all[name] === 'string' ? oneLine(all[name]).slice(0, 200) : '');
  const address = typeof all['email'] === 'string' ? all['email'].trim() : '';
  const email = isMailAddress(address) ? address : '';
  const verified = all['email_verified'] === true || (provider.kind === 'apple' && all['email_verified'] === 'true');
  const [first = '', ...rest] = words('name').split(' ');
  return {
    providerId: provider.id,
    issuer: claims.iss,
    subject: claims.sub,
    email,
    addressVerified: provider.trustsAddress && verified && email !== '',
    firstName: words('given_name') || (rest.length > 0 ? first : ''),
    lastName: words('family_name') || rest.join(' '),
    vouchesFactor: provider.acceptsFactor && saysFactor(provider, claims) && isRecent(ctx, claims.auth_time),
  };
}

/** Methods that mean a second factor, by RFC 8176: several factors, a code, a key, a card. */
const FACTOR_METHODS = ['mfa', 'otp', 'hwk', 'sc'];

/**
 * Whether the provider says that a second factor was shown: by its methods, or by one of the levels that staff named. Only the
 * signed token counts. One that says nothing vouched for nothing (ASVS 5.0 V6.8.4).
 */
function saysFactor(provider: Provider, claims: IDToken): boolean {
  const methods = Array.isArray(claims['amr']) ? claims['amr'] : [];
  const level = claims['acr'];
  return (
    methods.some((method) => FACTOR_METHODS.includes(String(method))) ||
    (typeof level === 'string' && provider.factorLevels.includes(level))
  );
}

/** Clocks may differ by so much. */
const SKEW_MS = minutes(1);

/**
 * Whether somebody showed who they are there just now, in seconds since 1970: for as long as a proof of our own is fresh. Their
 * session there may be weeks old, and whoever stole it shows nothing. One that does not say when vouched for nothing either.
 */
function isRecent(ctx: Context, shownAt: unknown): boolean {
  if (typeof shownAt !== 'number') return false;
  const age = ctx.now() - seconds(shownAt);
  return age >= -SKEW_MS && age < FRESH_MS + SKEW_MS;
}

type Client = typeof import('openid-client');
type Kept = { readonly version: string; readonly until: number; readonly configuration: Promise<Configuration> };
// By the settings of an installation, of which tests have several in one process.
const keptOf = new WeakMap<object, Map<number, Kept>>();

/** The library and what it knows of a provider, discovered now or within the last hour. Throws when that fails. */
async function configured(ctx: Context, id: number): Promise<[Client, Configuration]> {
  const client = await import('openid-client');
  const { provider, secret, version } = await providerWithSecret(ctx, id);
  const kept = keptOf.get(ctx.settings) ?? new Map<number, Kept>();
  keptOf.set(ctx.settings, kept);
  const ranges = await allowedRanges(ctx);
  const whole = `${version} ${ranges.join(' ')}`;
  const known = kept.get(id);
  if (known && known.version === whole && ctx.now() < known.until) return [client, await known.configuration];
  const configuration = discovered(ctx, client, provider, secret, ranges);
  const entry: Kept = { version: whole, until: ctx.now() + KEPT_MS, configuration };
  kept.set(id, entry);
  configuration.catch(() => {
    if (kept.get(id) === entry) kept.set(id, { ...entry, until: ctx.now() + FAILED_MS });
  });
  return [client, await configuration];
}

/** What a look at a provider found; or why it cannot even be discovered, in words for staff. */
export type ProviderFindings =
  | { readonly failure: string }
  | {
      readonly issuer: string;
      /** How many keys it signs with, or why they cannot be read. */
      readonly keys: number | string;
      /** Whether it says that it knows PKCE. */
      readonly pkce: boolean;
      readonly credentials: { readonly outcome: 'yes' | 'no' | 'unclear'; readonly said?: string };
    };

/**
 * Looks at a provider as it is now: discovers it anew, reads its keys, and offers it a code that there is not. A provider that
 * refuses the code has accepted our client ID and secret before (RFC 6749, 5.2: `invalid_client` comes first).
 */
export async function tryProvider(ctx: Context, provider: Provider): Promise<ProviderFindings> {
  keptOf.get(ctx.settings)?.delete(provider.id);
  try {
    const [client, configuration] = await configured(ctx, provider.id);
    const metadata = configuration.serverMetadata();
    return {
      issuer: metadata.issuer,
      keys: await keysAt(ctx, metadata.jwks_uri),
      pkce: metadata.supportsPKCE(),
      credentials: await tryCredentials(ctx, client, configuration, provider),
    };
  } catch (error) {
    return { failure: troubleOf(error) };
  }
}

async function keysAt(ctx: Context, address: string | undefined): Promise<number | string> {
  if (address === undefined) return 'jwks_uri?';
  try {
    const fetch = guardedFetch({ allowed: await allowedRanges(ctx), withinMs: WITHIN, mostBytes: MOST_BYTES });
    const answer: unknown = await (await fetch(address, { headers: { accept: 'application/json' } })).json();
    return typeof answer === 'object' && answer !== null && 'keys' in answer && Array.isArray(answer.keys)
      ? answer.keys.length
      : 'keys?';
  } catch (error) {
    return troubleOf(error);
  }
}

async function tryCredentials(
  ctx: Context,
  client: Client,
  configuration: Configuration,
  { kind, slug }: Provider,
): Promise<{ outcome: 'yes' | 'no' | 'unclear'; said?: string }> {
  const callback = new URL(await callbackAddress(ctx, 'user', slug));
  callback.search = '?code=there-is-no-such-code';
  const checks = { pkceCodeVerifier: verifierOf(ctx, 'test'), idTokenExpected: kind !== 'github' };
  try {
    const { issuer, authorization_response_iss_parameter_supported: namesItself } = configuration.serverMetadata();
    if (namesItself) callback.searchParams.set('iss', issuer);
    await client.authorizationCodeGrant(configuration, callback, checks);
    return { outcome: 'unclear' };
  } catch (error) {
    return judged(client, error);
  }
}

/** GitHub has its own words for the same, and says them with a status of 200. */
function judged(client: Client, error: unknown): { outcome: 'yes' | 'no' | 'unclear'; said?: string } {
  const inner = error instanceof Error ? error.cause : undefined;
  const body = typeof inner === 'object' && inner !== null && 'cause' in inner ? inner.cause : inner;
  const told = error instanceof client.ResponseBodyError ? error.error : errorIn(body);
  if (['invalid_grant', 'bad_verification_code'].includes(told)) return { outcome: 'yes' };
  const said = told === '' ? troubleOf(error) : told;
  const refused = ['invalid_client', 'unauthorized_client', 'incorrect_client_credentials'].includes(told);
  return { outcome: refused ? 'no' : 'unclear', said };
}

function errorIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  if ('error' in value && typeof value.error === 'string') return value.error.slice(0, 100);
  return 'body' in value ? errorIn(value.body) : '';
}

/**
 * What went wrong, in words for staff and the log: those of the error, of what lies below it, and of the provider. Never the
 * error itself: it may hold what the provider answered, tokens among it.
 */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const told = ['error', 'error_description'].flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? [value] : [];
  });
  const below = error.cause instanceof Error ? [error.cause.message] : [];
  return oneLine([error.message, ...below, ...told].join(': ')).slice(0, 300);
}

async function discovered(
  ctx: Context,
  client: Client,
  provider: Provider,
  secret: string,
  allowed: readonly string[],
): Promise<Configuration> {
  const fetch = guardedFetch({ allowed, withinMs: WITHIN, mostBytes: MOST_BYTES });
  if (provider.kind === 'github') return githubConfiguration(client, provider, secret, fetch);
  const plain = new URL(provider.issuer).protocol === 'http:';
  const authentication: import('openid-client').ClientAuth = (server, ...rest) =>
    clientAuthentication(ctx, client, provider, secret, server.token_endpoint_auth_methods_supported)(server, ...rest);
  const configuration = await client.discovery(new URL(provider.issuer), provider.clientId, {}, authentication, {
    [client.customFetch]: fetch,
    timeout: WITHIN / 1000,
    // The library may not go without TLS but to an address of ours; `guardedFetch` holds it to the listed ranges.
    execute: plain
      ? [client.allowInsecureRequests, client.enableNonRepudiationChecks]
      : [client.enableNonRepudiationChecks],
  });
  const { issuer } = configuration.serverMetadata();
  if (!isIssuerOf(provider.kind, provider.issuer, issuer)) throw new Error(`it calls itself ${issuer.slice(0, 300)}`);
  return configuration;
}

/** By a form where the provider says that it takes that, else by a header: the one that it has to take (RFC 6749, 2.3.1). */
function clientAuthentication(
  ctx: Context,
  client: Client,
  provider: Provider,
  secret: string,
  methods: readonly string[] | undefined,
): import('openid-client').ClientAuth {
  const { teamId, keyId, clientId } = provider;
  if (provider.kind === 'apple')
    return client.ClientSecretPost(appleSecret({ teamId, keyId, clientId, key: secret }, ctx.now()));
  return methods?.includes('client_secret_post') ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
}
