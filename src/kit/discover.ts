// Finds code by its place: one new page, action, setting or job is one new file, listed nowhere.

import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A file found: its path below the folder, with forward slashes, and what it exports by default. */
export type Found = { readonly path: string; readonly module: Readonly<Record<string, unknown>> };

/**
 * Imports every file below `folder` whose name ends in `ending` (tests excluded), in a stable order.
 * A folder that is not there holds nothing; one that cannot be read is an error, since a rule left out would go unseen.
 */
export async function discover(folder: URL, ending: string): Promise<Found[]> {
  const root = fileURLToPath(folder);
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(noneWhenAbsent);
  const paths = names
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(root, path).split(sep).join('/'),
      module: (await import(pathToFileURL(path).href)) as Record<string, unknown>, // whatever a module exports
    })),
  );
}

function noneWhenAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
