// Where a single sign-on may lead: WHMCS's names, each with a page of ours, or an address that the operator entered.

import { settingOf } from '#domain/settings/settings.ts';
import { DESTINATION_NAMES } from '#domain/sso/destination-names.ts';
import { ssoDestinations } from '#domain/sso/sso.settings.ts';
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

/** The home of a client, or of a person without one. */
export function homePath(clientId: number | undefined): string {
  return clientId === undefined ? '/' : `/account/${clientId}`;
}

/**
 * A path inside our own origin, normalised, or undefined. Refused: another scheme or host in any spelling
 * (`//host`, `/\host`, `https:host`, `/%2f…`, tabs and line breaks that browsers drop), and the redemption itself.
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
  if (url.origin !== base || url.username || /^\/\//.test(url.pathname) || /%5c|%2f%2f|%0|%1/i.test(url.pathname))
    return undefined;
  if (/^\/(oauth|includes|login|logout|admin)(\/|$)/i.test(url.pathname)) return undefined;
  return `${url.pathname}${url.search}${url.hash}`;
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
