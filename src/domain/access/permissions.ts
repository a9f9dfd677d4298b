// The 13 permissions that a user can hold on a client account (behaviours.md 2.3), in the order of the API.

/** The keys, in the order of the API. */
export const ACCESS_PERMISSIONS = [
  'profile',
  'contacts',
  'products',
  'manageproducts',
  'productsso',
  'domains',
  'managedomains',
  'invoices',
  'quotes',
  'tickets',
  'affiliates',
  'emails',
  'orders',
] as const;

/** The key of a permission. */
export type AccessPermission = (typeof ACCESS_PERMISSIONS)[number];

/** Whether a text is a permission's key. */
export function isAccessPermission(text: string): text is AccessPermission {
  return (ACCESS_PERMISSIONS as readonly string[]).includes(text);
}

/** The permissions of a comma list, in the API's order; what is unknown is left out. */
export function permissionsIn(text: string): AccessPermission[] {
  const named = new Set(text.split(',').map((one) => one.trim().toLowerCase()));
  return ACCESS_PERMISSIONS.filter((one) => named.has(one));
}
