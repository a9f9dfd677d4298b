// The addresses of our own stylesheets, scripts and images.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Html, html } from '#kit/html.ts';

/** The files of src/web/assets that pages name. */
export type Asset =
  | 'tabler.min.css'
  | 'doorward.css'
  | 'doorward.js'
  | 'captcha.js'
  | 'passkeys.js'
  | 'password-strength.js'
  | 'zxcvbn.min.js'
  | 'favicon.svg'
  | 'logo.svg';

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

/** A script of ours that a part needs, beside the part: it may stand several times on a page, and runs once. */
export function scriptTag(name: Asset): Html {
  return html`<script type="module" src="${assetHref(name)}"></script>`;
}

const hrefs = new Map<Asset, string>();
