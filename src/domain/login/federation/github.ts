// GitHub, which speaks OAuth 2 and no OpenID Connect: who it is, is asked of its API. GitHub Enterprise Server, which an
// operator runs, has the same below its own address.

import type { Configuration, CustomFetch } from 'openid-client';
import type { Provider } from '#domain/login/federation/providers.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { isMailAddress, oneLine } from '#kit/text.ts';

type Client = typeof import('openid-client');

/** What the library has to know of it; GitHub publishes none of it where OpenID Connect would look. */
export function githubConfiguration(
  client: Client,
  { issuer, clientId }: Provider,
  secret: string,
  fetch: CustomFetch,
): Configuration {
  const configuration = new client.Configuration(
    {
      issuer: `${issuer}/login/oauth`,
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/login/oauth/access_token`,
    },
    clientId,
    {},
    client.ClientSecretPost(secret),
  );
  configuration[client.customFetch] = fetch;
  configuration.timeout = 10;
  if (issuer.startsWith('http:')) client.allowInsecureRequests(configuration);
  return configuration;
}

/** Asks the API who the token is of: the number of the account, which stays when its name changes. Throws on any other answer. */
export async function toldByGithub(
  client: Client,
  configuration: Configuration,
  provider: Provider,
  accessToken: string,
): Promise<ToldIdentity> {
  const base = provider.issuer === 'https://github.com' ? 'https://api.github.com' : `${provider.issuer}/api/v3`;
  const ask = async (path: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'Doorward' });
    const answer = await client.fetchProtectedResource(
      configuration,
      accessToken,
      new URL(base + path),
      'GET',
      null,
      headers,
    );
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  const user = record(await ask('/user'));
  if (typeof user['id'] !== 'number' || !Number.isSafeInteger(user['id']) || user['id'] <= 0)
    throw new Error('/user told no account');
  const address = primaryAddress(await ask('/user/emails'));
  const [firstName = '', ...rest] = (typeof user['name'] === 'string' ? oneLine(user['name']).slice(0, 200) : '').split(
    ' ',
  );
  return {
    providerId: provider.id,
    issuer: provider.issuer,
    subject: String(user['id']),
    email: address?.email ?? '',
    addressVerified: provider.trustsAddress && address?.verified === true,
    firstName,
    lastName: rest.join(' '),
    vouchesFactor: false,
  };
}

/** The account's first address, and whether GitHub verified it. */
function primaryAddress(given: unknown): { readonly email: string; readonly verified: boolean } | undefined {
  const first = (Array.isArray(given) ? given : []).map(record).find((one) => one['primary'] === true);
  const email = first?.['email'];
  return typeof email === 'string' && isMailAddress(email)
    ? { email, verified: first?.['verified'] === true }
    : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
