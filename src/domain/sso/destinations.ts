// Where a single sign-on may lead: WHMCS's names, each with a page of ours, or an address that the operator entered.

import type { Actor } from '#domain/audit/actor.ts';
import { adjustSetting, settingOf } from '#domain/settings/settings.ts';
import { DESTINATION_NAMES } from '#domain/sso/destination-names.ts';
import { ssoDestinations } from '#domain/sso/sso.settings.ts';
import { invalid, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What a destination needs beside its name. */
export type DestinationNeeds = 'service' | 'domain' | undefined;

const NEEDS: Readonly<Record<string, DestinationNeeds>> = {
  'clientarea:product_details': 'service',
  'clientarea:upgrade': 'service',
  'clientarea:domain_details': 'domain',
};

const PAGES: Readonly<Record<string, (clientId: number | undefined) => string>> = {
  'clientarea:homepage': homePath,
  'clientarea:emails': (clientId) => (clientId === undefined ? '/account' : `/account/${clientId}/emails`),
  'clientarea:profile': (clientId) => (clientId === undefined ? '/user/profile' : `/account/${clientId}/details`),
};

/** A destination: its name, what it needs, and whether a page of ours answers it when the operator entered no address. */
export type Destination = { readonly name: string; readonly needs: DestinationNeeds; readonly ours: boolean };

/** Every documented destination. */
export const DESTINATIONS: readonly Destination[] = DESTINATION_NAMES.map((name) => ({
  name,
  needs: NEEDS[name],
  ours: PAGES[name] !== undefined,
}));

/** The destination whose path the caller gives. */
export const CUSTOM_REDIRECT = 'sso:custom_redirect';

/** The ids that an operator's address may ask for. */
export type DestinationIds = {
  readonly clientId: number | undefined;
  readonly userId: number;
  readonly serviceId: number | undefined;
  readonly domainId: number | undefined;
};

/** Where a destination leads: a path of ours or an operator's address; undefined when it leads nowhere yet. */
export async function destinationTarget(
  ctx: Context,
  name: string,
  ids: DestinationIds,
  path: string | undefined,
): Promise<string | undefined> {
  if (name === CUSTOM_REDIRECT) return path === undefined ? undefined : ownPath(path);
  const known = DESTINATIONS.find((one) => one.name === name);
  if (!known) return undefined;
  if (known.needs === 'service' && ids.serviceId === undefined) return undefined;
  if (known.needs === 'domain' && ids.domainId === undefined) return undefined;
  const entered = (await settingOf(ctx, ssoDestinations))[name];
  return entered === undefined ? PAGES[name]?.(ids.clientId) : filled(entered, ids);
}

/** A destination as the operator sees it: the address that they entered, if any. */
export type SetDestination = Destination & { readonly entered: string | undefined };

/** Every destination with the address entered for it. */
export async function setDestinations(ctx: Context): Promise<SetDestination[]> {
  const entered = await settingOf(ctx, ssoDestinations);
  return DESTINATIONS.map((one) => ({ ...one, entered: entered[one.name] }));
}

/** One of them by its name. Throws not-found. */
export async function setDestinationOf(ctx: Context, name: string): Promise<SetDestination> {
  const found = (await setDestinations(ctx)).find((one) => one.name === name);
  if (!found) throw notFound('destination-not-found');
  return found;
}

/** The names that an operator's address may hold in braces. */
export const PLACEHOLDERS = ['client_id', 'user_id', 'service_id', 'domain_id'] as const;

/**
 * Enters where a destination leads; an empty address takes it back to our own page, or to nowhere. Throws not-found, or
 * invalid with the field `address`.
 */
export async function changeDestination(ctx: Context, actor: Actor, name: string, address: string): Promise<void> {
  await setDestinationOf(ctx, name);
  const clean = address.trim();
  const fault = clean === '' ? undefined : addressFault(clean);
  if (fault) throw invalid({ address: fault });
  await adjustSetting(ctx, actor, ssoDestinations, (before) => {
    const { [name]: _, ...others } = before;
    return clean === '' ? others : { ...others, [name]: clean };
  });
}

/** Only http and https, without a name and password in it; in braces only what is filled in, and never in the host. */
function addressFault(address: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (address.length > 1000 || /[\u0000-\u0020\u007f-\u009f\\]/.test(address)) return 'destination-address-invalid';
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return 'destination-address-invalid';
  const url = new URL(address);
  if (url.username || url.password || /[{}]/.test(url.host)) return 'destination-address-invalid';
  const names = [...address.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
  const known: readonly (string | undefined)[] = PLACEHOLDERS;
  return names.every((name) => known.includes(name)) ? undefined : 'destination-placeholder-unknown';
}

/** The origins of the addresses that the operator entered: where a way that began on our pages may end. */
export async function operatorOrigins(ctx: Context): Promise<string[]> {
  const entered = Object.values(await settingOf(ctx, ssoDestinations));
  // Only what reads as an origin wherever it is written: a host may hold signs that mean something in a header.
  const origins = entered
    .map((address) => new URL(address).origin)
    .filter((one) => /^https?:\/\/[\w.:[\]-]+$/.test(one));
  return [...new Set(origins)];
}

/** The home of a client, or of a person without one. */
function homePath(clientId: number | undefined): string {
  return clientId === undefined ? '/' : `/account/${clientId}`;
}

/**
 * A path inside our own origin, normalised, or undefined. Refused: another scheme or host in any spelling
 * (`//host`, `/\host`, `https:host`, `/%2f…`, tabs and line breaks that browsers drop), and what signs in or out, also
 * where letters of it are encoded.
 */
export function ownPath(given: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(given) || given.length > 2000) return undefined;
  if (/^[a-z][a-z0-9+.-]*:/i.test(given)) return undefined;
  const path = given.startsWith('/') ? given : `/${given}`;
  if (/^\/(\/|%2f|%5c|\.)/i.test(path)) return undefined;
  const base = 'http://doorward.invalid';
  if (!URL.canParse(path, base)) return undefined;
  const url = new URL(path, base);
  const plain = decodedPath(url.pathname);
  if (url.origin !== base || url.username || plain === undefined || plain.startsWith('/.')) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/\/\/|\\|[\u0000-\u001f\u007f-\u009f]|\/\.\.?(\/|$)/.test(plain)) return undefined;
  if (/^\/(oauth|includes|login|logout|admin|dologin\.php|login\.php|logout\.php)(\/|$)/i.test(plain)) return undefined;
  return `${url.pathname}${url.search}${url.hash}`;
}

/** A path as whoever answers it may read it: decoded until nothing is left to decode; undefined when it cannot be. */
function decodedPath(path: string): string | undefined {
  let plain = path;
  for (let round = 0; round < 4; round += 1) {
    const before = plain;
    try {
      plain = decodeURIComponent(before);
    } catch {
      return undefined;
    }
    if (plain === before) return plain;
  }
  return undefined;
}

function filled(address: string, ids: DestinationIds): string {
  const values: Record<string, number | undefined> = {
    client_id: ids.clientId,
    user_id: ids.userId,
    service_id: ids.serviceId,
    domain_id: ids.domainId,
  };
  return address.replace(/\{(client_id|user_id|service_id|domain_id)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
}
