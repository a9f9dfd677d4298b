// What these attacks share: reading a page's form token, and comparing two answers but for what must differ.

import type { LightMyRequestResponse } from 'fastify';

/** The form token of a page. */
export function csrfOf(page: LightMyRequestResponse): string {
  const found = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1];
  if (found === undefined) throw new Error(`no form on this page (${page.statusCode})`);
  return found;
}

/** An answer as a stranger sees it: status, headers, words; without the token, the time, and the texts in `typed`. */
export function seen(answer: LightMyRequestResponse, typed: readonly string[] = []): unknown {
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !['date', 'content-length', 'set-cookie'].includes(name))
    .sort();
  const cookies = answer.cookies.map(({ value, ...cookie }) => ({ ...cookie, empty: value === '' }));
  const body = typed.reduce(
    (text, one) => text.replaceAll(one, '·'),
    answer.body
      .replace(/name="csrf" value="[^"]*"/g, 'csrf')
      // What a passkey is asked for: random, for each page drawn.
      .replace(/name="token" value="[^"]*"/g, 'token')
      .replace(/&quot;challenge&quot;:&quot;[^&]*&quot;/g, 'challenge'),
  );
  return { status: answer.statusCode, headers, cookies, body };
}

/** Where an answer leads. */
export function leadsTo(answer: LightMyRequestResponse): string {
  return String(answer.headers.location ?? `(${answer.statusCode})`);
}
