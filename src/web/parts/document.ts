// The whole HTML document around a room: head, skip link, and nothing that our content security policy would stop.

import { type Html, html } from '#kit/html.ts';
import { assetHref } from './assets.ts';
import type { FieldErrors } from './field-frame.ts';
import type { Frame } from './frame.ts';

/** Draws the document. With `errors`, the title begins with "Error:", so that a screen reader says it first. */
export function documentOf(
  frame: Frame,
  options: {
    readonly title: string;
    readonly room: 'entrance' | 'client' | 'admin';
    readonly errors?: FieldErrors | undefined;
    readonly body: Html;
  },
): Html {
  const wrong = Object.keys(options.errors ?? {}).length > 0;
  const title = wrong ? frame.t('common.title.error', { title: options.title }) : options.title;
  // The mark in the address is the accent itself: a new one is asked for at once.
  const brand =
    frame.brand.accent &&
    html`<link rel="stylesheet" href="/assets/brand.css?v=${frame.brand.accent.replace('#', '')}">`;
  return html`<!doctype html>
<html lang="${frame.language}" dir="${frame.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${title} · ${frame.brand.name}</title>
<link rel="icon" type="image/svg+xml" href="${assetHref('favicon.svg')}">
<link rel="stylesheet" href="${assetHref('tabler.min.css')}">
<link rel="stylesheet" href="${assetHref('doorward.css')}">
${brand}
<script type="module" src="${assetHref('doorward.js')}"></script>
</head>
<body class="dw-room-${options.room}">
<a class="dw-skip" href="#main">${frame.t('common.skip')}</a>
${options.body}
</body>
</html>
`;
}
