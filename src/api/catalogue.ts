// The actions that WHMCS documents: 162 names, each in its group. Facts only, so that an action which is not here yet can
// be told from one that does not exist anywhere, and so that a file of api/actions cannot be misnamed.

import catalogue from './catalogue.json' with { type: 'json' };

/** An action of the catalogue: its name as WHMCS writes it, and its group. */
export type CatalogueEntry = { readonly name: string; readonly group: string };

/** Every action of the catalogue. */
export const CATALOGUE: readonly CatalogueEntry[] = Object.entries(catalogue.actions).map(([name, group]) => ({
  name,
  group,
}));

const byName: ReadonlyMap<string, CatalogueEntry> = new Map(
  CATALOGUE.map((entry) => [entry.name.toLowerCase(), entry]),
);

/** The entry of a name in whatever case it was written. */
export function findInCatalogue(name: string): CatalogueEntry | undefined {
  return byName.get(name.toLowerCase());
}

/** The folder of a group below api/actions: its name without spaces. */
export function folderOf(group: string): string {
  return group.replaceAll(' ', '');
}
