// Sites that tell who somebody is, for tests, on loopback: a real OpenID Connect provider (oidc-provider), one that says and
// signs whatever a test wants, and a stand-in for GitHub that follows GitHub's published OAuth 2 protocol.

import { createHmac, generateKeyPairSync, hash, sign } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider as OidcProvider } from 'oidc-provider';
import { systemActor } from '#domain/audit/actor.ts';
import type { ProviderKind } from '#domain/login/federation/provider-kinds.ts';
import type { ProviderWish } from '#domain/login/federation/providers.ts';
import { addProvider } from '#domain/login/federation/providers.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { TestBrowser, World } from '#tests/world.ts';

/** The client ID and secret that every provider here knows. */
export const CLIENT = { id: 'doorward-test', secret: 'a secret of forty characters, more or less' } as const;

/** Somebody at a provider. */
export type Account = {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
};

/** A running site. */
export type Site = { readonly issuer: string; close(): Promise<void> };

/** Lets a world ask providers on loopback. */
export async function allowLoopback(world: World): Promise<void> {
  await changeSettings(world.ctx, systemActor('Test'), { 'sign-in-private-providers': '127.0.0.0/8' });
}

/** Adds a provider to a world. Answers its id. */
export async function offer(
  world: World,
  kind: ProviderKind,
  slug: string,
  over: Partial<ProviderWish> = {},
): Promise<number> {
  return addProvider(world.ctx, systemActor('Test'), kind, slug, wish(over));
}

/** What staff would type. */
export function wish(over: Partial<ProviderWish> = {}): ProviderWish {
  return {
    name: 'Example ID',
    issuer: '',
    clientId: CLIENT.id,
    secret: CLIENT.secret,
    teamId: '',
    keyId: '',
    scopes: '',
    forUsers: true,
    forAdministrators: true,
    enabled: true,
    trustsAddress: true,
    acceptsFactor: false,
    factorLevels: '',
    ...over,
  };
}

/** Opens the sign-in page and takes its button. Answers where the provider is asked. */
export async function begin(browser: TestBrowser, slug: string, from = '/login'): Promise<URL> {
  const page = await browser.get(from);
  const login = from.startsWith('/admin') ? '/admin/login' : '/login';
  const link = new RegExp(`href="(${login}/with/${slug}\\?key=[^"]*)"`).exec(page.body)?.[1];
  if (!link) throw new Error(`no button for ${slug} on ${from}`);
  return sentTo(await browser.get(link.replaceAll('&amp;', '&')));
}

/** The address that an answer redirects to. */
export function sentTo(answer: { readonly statusCode: number; readonly headers: Record<string, unknown> }): URL {
  if (answer.statusCode !== 303) throw new Error(`answered ${answer.statusCode}`);
  return new URL(String(answer.headers['location']), 'http://localhost:8080');
}

/** A real provider, at which somebody signs in by being named: `account` is who sits there. */
export async function realProvider(
  accounts: readonly Account[],
  redirects: readonly string[],
): Promise<Site & { account: string; walk(address: URL): Promise<URL> }> {
  const server = createServer();
  const issuer = await listening(server);
  const provider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirects],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const found = accounts.find((one) => one.sub === id);
      return found && { accountId: id, claims: () => ({ ...found }) };
    },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId,
        accountId: ctx.oidc.session?.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  provider.on('server_error', (_ctx, error) => console.error(error));
  const answer = provider.callback();
  const site = {
    issuer,
    account: accounts[0]?.sub ?? '',
    close: () => closed(server),
    walk: (address: URL) => walk(address),
  };
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    provider
      .interactionFinished(request, response, { login: { accountId: site.account } })
      .catch((error: unknown) => console.error(error));
  });
  return site;
}

/** Follows a provider's redirects as a browser does, until it sends us home. */
async function walk(start: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let at = start;
  for (let step = 0; step < 10 && at.origin === start.origin; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      cookies.set(name, value);
    }
    const to = answer.headers.get('location');
    if (to === null) throw new Error(`${at.href} answered ${answer.status}: ${await answer.text()}`);
    at = new URL(to, at);
  }
  return at;
}

/** What the next answer of a made-up provider is. */
export type Said = {
  /** Claims over the usual ones; undefined takes one away. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** `none`: unsigned; `foreign`: by a key that it does not publish; `client-secret`: an HMAC by the client's secret. */
  signed?: 'own' | 'none' | 'foreign' | 'client-secret' | 'public-key';
  /** Answers this instead of a token. */
  instead?: (response: ServerResponse) => void;
};

/** A provider that says whatever a test wants. */
export type MadeUp = Site & {
  said: Said;
  metadata: Record<string, unknown>;
  /** How often the token endpoint was asked. */
  asked: number;
  /** The address that our callback would be called with, for the state in `asked` address. */
  answerTo(address: URL, over?: Record<string, string>): string;
};

/** Starts one. `account` is who sits there. */
export async function madeUpProvider(account: Account): Promise<MadeUp> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' };
  const nonces = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/.well-known/openid-configuration') return json(response, site.metadata);
    if (path === '/keys') return json(response, { keys: [jwk] });
    if (path !== '/token') return json(response, { error: 'not_found' }, 404);
    site.asked += 1;
    body(request).then((form) => {
      if (site.said.instead) return site.said.instead(response);
      const code = form.get('code') ?? '';
      if (!nonces.has(code)) return json(response, { error: 'invalid_grant' }, 400);
      json(response, { access_token: 'x', token_type: 'Bearer', id_token: token(nonces.get(code) ?? '') });
    });
  });
  const issuer = await listening(server);
  const token = (nonce: string): string => {
    const at = Math.floor(Date.now() / 1000);
    const usual = { iss: issuer, aud: CLIENT.id, iat: at, exp: at + 300, nonce, ...account };
    const claims = Object.fromEntries(
      Object.entries({ ...usual, ...site.said.claims }).filter(([, value]) => value !== undefined),
    );
    const how = site.said.signed ?? 'own';
    const header = {
      alg: how === 'none' ? 'none' : how.includes('-') ? 'HS256' : 'ES256',
      kid: 'one',
      ...site.said.header,
    };
    const text = `${part(header)}.${part(claims)}`;
    return `${text}.${signature(how, text)}`;
  };
  const signature = (how: string, text: string): string => {
    if (how === 'none') return '';
    if (how === 'client-secret') return hmac(CLIENT.secret, text);
    if (how === 'public-key') return hmac(publicKey.export({ type: 'spki', format: 'pem' }).toString(), text);
    const key = how === 'foreign' ? foreign : privateKey;
    return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  };
  const site: MadeUp = {
    issuer,
    said: {},
    asked: 0,
    metadata: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    },
    answerTo: (address, over = {}) => {
      const code = `code-${nonces.size}`;
      nonces.set(code, address.searchParams.get('nonce') ?? '');
      const callback = new URL(address.searchParams.get('redirect_uri') ?? '');
      const query = { code, state: address.searchParams.get('state') ?? '', iss: issuer, ...over };
      return `${callback.pathname}?${new URLSearchParams(query)}`;
    },
    close: () => closed(server),
  };
  return site;
}

/** A stand-in for GitHub, by its published protocol ("Authorizing OAuth apps"); laid out as GitHub Enterprise Server is. */
export async function githubStandIn(
  user: { readonly id: number; readonly login: string; readonly name: string | null },
  emails: readonly { readonly email: string; readonly primary: boolean; readonly verified: boolean }[],
): Promise<Site & { answerTo(address: URL): string }> {
  const challenges = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const known = request.headers.authorization === 'Bearer gho_test' && request.headers['user-agent'] !== undefined;
    if (path === '/api/v3/user') return known ? json(response, user) : json(response, {}, 401);
    if (path === '/api/v3/user/emails') return known ? json(response, emails) : json(response, {}, 401);
    if (path !== '/login/oauth/access_token') return json(response, { message: 'Not Found' }, 404);
    body(request).then((form) => {
      const isClient = form.get('client_id') === CLIENT.id && form.get('client_secret') === CLIENT.secret;
      if (!isClient) return json(response, { error: 'incorrect_client_credentials' });
      const challenge = challenges.get(form.get('code') ?? '');
      challenges.delete(form.get('code') ?? '');
      if (challenge === undefined || challenge !== hash('sha256', form.get('code_verifier') ?? '', 'base64url'))
        return json(response, { error: 'bad_verification_code' }); // with a status of 200, as GitHub does
      json(response, { access_token: 'gho_test', token_type: 'bearer', scope: 'read:user,user:email' });
    });
  });
  const issuer = await listening(server);
  return {
    issuer,
    answerTo: (address) => {
      const code = `code-${challenges.size}`;
      challenges.set(code, address.searchParams.get('code_challenge') ?? '');
      const callback = new URL(address.searchParams.get('redirect_uri') ?? '');
      return `${callback.pathname}?${new URLSearchParams({ code, state: address.searchParams.get('state') ?? '' })}`;
    },
    close: () => closed(server),
  };
}

/** A key as Apple hands them out. */
export function appleKeyFile(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function body(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
