// The addresses of our own stylesheets, scripts and images.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The files of src/web/assets that pages name. */
export type Asset = 'tabler.min.css' | 'doorward.css' | 'doorward.js' | 'favicon.svg' | 'logo.svg';

/**
 * The address of an asset with a mark of its content (`?v=`), so that it may be kept for a year and a new version is
 * asked for at once. The mark is made once, when the file is first named.
 */
export function assetHref(name: Asset): string {
  const known = hrefs.get(name);
  if (known) return known;
  const content = readFileSync(new URL(`../assets/${name}`, import.meta.url));
  const href = `/assets/${name}?v=${createHash('sha256').update(content).digest('base64url').slice(0, 10)}`;
  hrefs.set(name, href);
  return href;
}

const hrefs = new Map<Asset, string>();
