// The places that links lead to by WHMCS's names of destinations, each with the permission that opens it to a member. Each
// is a page of ours or an address that the operator entered (domain/sso/destinations.ts).

import type { AccessPermission } from '#domain/access/permissions.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { destinationTarget } from '#domain/sso/destinations.ts';
import { ssoDestinations } from '#domain/sso/sso.settings.ts';
import type { Context } from '#src/context.ts';

/**
 * A place. `opensTo`: who of an account's people may go there; `public` is for everybody, signed in or not.
 * `of`: it shows one service or domain, so it is led to with an id and never listed.
 */
export type Place = {
  readonly name: string;
  readonly opensTo: AccessPermission | 'member' | 'public';
  readonly of?: 'service' | 'domain';
  /** It is a page of ours, below the account's address; it is no destination. */
  readonly page?: string;
};

/** Every place, in the order in which a home shows them. */
export const PLACES = [
  { name: 'services', opensTo: 'products' },
  { name: 'domains', opensTo: 'domains' },
  { name: 'invoices', opensTo: 'invoices' },
  { name: 'billing_info', opensTo: 'invoices' },
  { name: 'tickets', opensTo: 'tickets' },
  { name: 'submit_ticket', opensTo: 'tickets' },
  { name: 'emails', opensTo: 'emails' },
  { name: 'shopping_cart', opensTo: 'orders' },
  { name: 'shopping_cart_addons', opensTo: 'orders' },
  { name: 'shopping_cart_domain_register', opensTo: 'orders' },
  { name: 'shopping_cart_domain_transfer', opensTo: 'orders' },
  { name: 'knowledgebase', opensTo: 'public' },
  { name: 'announcements', opensTo: 'public' },
  { name: 'downloads', opensTo: 'public' },
  { name: 'network_status', opensTo: 'public' },
  { name: 'profile', opensTo: 'profile' },
  { name: 'homepage', opensTo: 'member' },
  { name: 'product_details', opensTo: 'products', of: 'service' },
  { name: 'upgrade', opensTo: 'orders', of: 'service' },
  { name: 'domain_details', opensTo: 'domains', of: 'domain' },
  { name: 'users', opensTo: 'member', page: 'users' },
  { name: 'contacts', opensTo: 'contacts', page: 'contacts' },
  { name: 'single_sign_on', opensTo: 'member', page: 'single-sign-on' },
] as const satisfies readonly Place[];

/** The name of a place. */
export type PlaceName = (typeof PLACES)[number]['name'];

/** The place of this name, if there is one. */
export function findPlace(name: string): (typeof PLACES)[number] | undefined {
  return PLACES.find((one) => one.name === name);
}

/** Where a place is for a person in an account; undefined when nothing is there yet. `id`: of the service or domain shown. */
export async function placeTarget(
  ctx: Context,
  place: Place,
  of: { readonly clientId: number; readonly userId: number },
  id: number | undefined,
): Promise<string | undefined> {
  if (place.page !== undefined) return `/account/${of.clientId}/${place.page}`;
  const ids = {
    ...of,
    serviceId: place.of === 'service' ? id : undefined,
    domainId: place.of === 'domain' ? id : undefined,
  };
  return destinationTarget(ctx, `clientarea:${place.name}`, ids, undefined);
}

/** Whether the operator linked any place that shows one service: else there is nothing that a limit to services could mean. */
export async function areServicesLinked(ctx: Context): Promise<boolean> {
  const entered = await settingOf(ctx, ssoDestinations);
  return PLACES.some((one) => 'of' in one && one.of === 'service' && Object.hasOwn(entered, `clientarea:${one.name}`));
}

/** An id of an address, or undefined. */
export function idIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
