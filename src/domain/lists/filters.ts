// How staff narrow a list, as values and as the text in which it is kept. Every text that comes in is read by the same
// narrow eye: what is none of ours is left out.

import type { ListedClients } from '#domain/clients/client-pages.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { CLIENT_STATUSES } from '#domain/clients/clients.ts';
import { oneLine } from '#kit/text.ts';

/** The lists that can be narrowed. */
export const LISTS = ['clients', 'users'] as const;
/** One of the lists. */
export type ListName = (typeof LISTS)[number];

/** How a list is narrowed. Of users only the search is known. */
export type ListFilter = {
  readonly contains: string;
  readonly status: ClientStatus | undefined;
  readonly groupId: number | undefined;
};

/** The longest search. */
const LONGEST = 200;

/** Whether a text names a list. */
export function isListName(text: string): text is ListName {
  return LISTS.some((one) => one === text);
}

/** The filter that texts by name mean: `q`, `status`, `group` (0: clients without a group). */
export function filterIn(list: ListName, texts: Readonly<Record<string, string | undefined>>): ListFilter {
  const contains = oneLine(texts['q'] ?? '').slice(0, LONGEST);
  if (list === 'users') return { contains, status: undefined, groupId: undefined };
  const status = CLIENT_STATUSES.find((one) => one === texts['status']);
  const groupId = /^\d{1,15}$/.test(texts['group'] ?? '') ? Number(texts['group']) : undefined;
  return { contains, status, groupId };
}

/** The texts of a filter by name, those that say something. */
export function filterTexts({ contains, status, groupId }: ListFilter): Readonly<Record<string, string>> {
  return {
    ...(contains === '' ? {} : { q: contains }),
    ...(status === undefined ? {} : { status }),
    ...(groupId === undefined ? {} : { group: String(groupId) }),
  };
}

/** A filter as one text: a query. */
export function filterText(filter: ListFilter): string {
  return new URLSearchParams(filterTexts(filter)).toString();
}

/** The filter of such a text. */
export function filterOfText(list: ListName, text: string): ListFilter {
  return filterIn(list, Object.fromEntries(new URLSearchParams(text)));
}

/** Whether a filter leaves anything out. */
export function narrows(filter: ListFilter): boolean {
  return filterText(filter) !== '';
}

/** What the list of clients is asked for it. */
export function clientFilterOf({ contains, status, groupId }: ListFilter): ListedClients {
  return { contains, status, groupId };
}
