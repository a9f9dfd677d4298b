// Named sets of permissions, for filling the ticks of a form. They are a hand with choosing and are not stored: what counts
// are the ticks.

import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';

/** The presets, in the order in which they are shown. */
export const PRESETS = {
  billing: ['profile', 'contacts', 'invoices', 'quotes', 'emails'],
  technical: ['products', 'manageproducts', 'productsso', 'domains', 'managedomains', 'tickets'],
  developer: ['products', 'productsso', 'domains', 'tickets'],
  // Seeing invoices, quotes and tickets comes with paying, accepting and answering them: none of it is only reading.
  readonly: ['products', 'domains', 'emails'],
  everything: ACCESS_PERMISSIONS,
} as const satisfies Readonly<Record<string, readonly AccessPermission[]>>;

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/** The names, in the order in which they are shown. */
export const PRESET_NAMES: readonly PresetName[] = ['billing', 'technical', 'developer', 'readonly', 'everything'];

/** The permissions of a preset by its name, if there is one. */
export function presetPermissions(name: string): readonly AccessPermission[] | undefined {
  const known = PRESET_NAMES.find((one) => one === name);
  return known && PRESETS[known];
}
