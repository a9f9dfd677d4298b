// The one way to write HTML: tagged templates that escape whatever is put into them.

import { html as honoHtml, raw as rawHtml } from 'hono/html';

/** A piece of finished HTML. Only `html` and `raw` make it, so a plain string can never slip through unescaped. */
export type Html = ReturnType<typeof honoHtml>;

/** Writes HTML; every `${value}` is escaped unless it is itself `Html`. Arrays are joined, `undefined`, `null` and `false` draw nothing. */
export const html = honoHtml;

/** Marks a text as finished HTML. Only for our own constants and for output of `html`; never for what a person typed. */
export const raw = rawHtml;

/** Renders to text. Our templates hold no promises; one that does is a mistake and throws. */
export function htmlText(piece: Html): string {
  if (piece instanceof Promise) throw new Error('a page template held a promise; await it before drawing');
  return piece.toString();
}
