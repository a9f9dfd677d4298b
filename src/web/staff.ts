// What the pages of the admin area ask of a visit: what the role allows, what the path and the query name.

import type { Permission } from '#domain/administrators/permissions.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Visit } from '#web/page.ts';

/** How many rows a page of a list has. */
export const ROWS_A_PAGE = 25;

/** Whether the visitor's role holds a permission. */
export function may(visit: Visit, permission: Permission): boolean {
  return visit.administrator?.permissions.includes(permission) ?? false;
}

/** Refuses, in the words of the frame, what the page itself does not ask for: a part of its form. */
export function requirePermission(visit: Visit, permission: Permission): void {
  if (may(visit, permission)) return;
  throw notAllowed('permission-missing', { permission, role: visit.administrator?.roleName ?? '' });
}

/** The number in brackets of the path. Anything else is something that is not there: throws not-found with `code`. */
export function idInPath(visit: Visit, name: string, code: string): number {
  const id = wholeNumber(visit.params[name]);
  if (id === undefined) throw notFound(code);
  return id;
}

/** A whole number above zero, as a person or an address writes it. */
export function wholeNumber(text: string | undefined): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : undefined;
}

/** Whether a name was typed to confirm an act; case and the number of spaces are no matter, since nobody sees the latter. */
export function isTypedName(typed: string, name: string): boolean {
  const plain = (text: string) => comparable(text).replaceAll(/\s+/g, ' ');
  return plain(typed) === plain(name);
}

/** A name as a button has room for it: whole characters, the rest as an ellipsis. */
export function shortName(name: string): string {
  const characters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)];
  if (characters.length <= 40) return name;
  return `${characters
    .slice(0, 39)
    .map(({ segment }) => segment)
    .join('')
    .trim()}…`;
}

/** Where in a list the query says to be. */
export function placeInList(visit: Visit): KeysetPlace {
  return { after: wholeNumber(visit.query['after']), before: wholeNumber(visit.query['before']) };
}

/** What the query searches for: one line, and none that no database could hold. */
export function searchedFor(visit: Visit): string {
  return oneLine(visit.query['q'] ?? '').slice(0, 200);
}

/** A path with a query of those values that are there. */
export function withQuery(path: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The addresses of the pages before and after, with the search kept. */
export function leafHrefs(
  path: string,
  kept: Readonly<Record<string, string | undefined>>,
  page: Pick<KeysetPage<unknown>, 'next' | 'previous'>,
): { next: string | undefined; previous: string | undefined } {
  return {
    next: page.next === undefined ? undefined : withQuery(path, { ...kept, after: page.next }),
    previous: page.previous === undefined ? undefined : withQuery(path, { ...kept, before: page.previous }),
  };
}
