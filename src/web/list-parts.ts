// What the lists of clients and users share in the admin area: filters that were kept, and how a filter is put into words.

import type { StaffActor } from '#domain/audit/actor.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import type { ListFilter, ListName } from '#domain/lists/filters.ts';
import { filterText, filterTexts, narrows } from '#domain/lists/filters.ts';
import type { SavedFilter } from '#domain/lists/saved-filters.ts';
import type { Html } from '#kit/html.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Visit } from '#web/page.ts';
import { chips } from '#web/parts/chips.ts';
import type { Frame } from '#web/parts/frame.ts';
import { withQuery } from '#web/staff.ts';

/** The permission that each list asks for. */
export const LIST_PERMISSION = { clients: 'List Clients', users: 'List Users' } as const;

/** Whoever acts on a staff page, as rules that are staff's alone want them. */
export function staffActor({ actor }: Visit): StaffActor {
  if (actor.kind !== 'administrator') throw new Error('a page of staff was entered by somebody else');
  return actor;
}

/** The address of a list, narrowed. */
export function listHref(list: ListName, filter: ListFilter): string {
  return withQuery(`/admin/${list}`, filterTexts(filter));
}

/** The filters that were kept, as links above the list, and the way to keep the one that is shown. */
export function filterChips(
  { t }: Frame,
  list: ListName,
  shown: ListFilter,
  saved: readonly SavedFilter[],
): Html | undefined {
  const here = filterText(shown);
  const kept = saved.map((one) => ({
    href: listHref(list, one.filter),
    text: one.name,
    icon: one.isShared ? ('users' as const) : undefined,
    current: filterText(one.filter) === here,
  }));
  const keep = {
    href: withQuery('/admin/filters/new', { list, ...filterTexts(shown) }),
    text: t('lists.filters.keep'),
    icon: 'plus' as const,
    quiet: true,
  };
  const manage = { href: '/admin/filters', text: t('lists.filters.manage'), quiet: true };
  const items = [
    ...kept,
    ...(narrows(shown) && !kept.some((one) => one.current) ? [keep] : []),
    ...(saved.length > 0 ? [manage] : []),
  ];
  return chips({ label: t('lists.filters.title'), items });
}

/** A filter in words: its search, its status, its group. */
export function filterWords(frame: Frame, filter: ListFilter, groups: readonly ClientGroup[]): string {
  const { t } = frame;
  const parts = [
    ...(filter.contains === '' ? [] : [t('lists.filter.search', { text: filter.contains })]),
    ...(filter.status === undefined ? [] : [t(`admin.clients.status.${filter.status}`)]),
    ...(filter.groupId === undefined ? [] : [groupWords(frame, filter.groupId, groups)]),
  ];
  return parts.length === 0 ? t('lists.filter.all') : parts.join(' · ');
}

/** A group of a filter by its name. */
export function groupWords({ t }: Frame, groupId: number, groups: readonly ClientGroup[]): string {
  if (groupId === 0) return t('lists.filter.no-group');
  return groups.find((group) => group.id === groupId)?.name ?? t('lists.filter.gone-group');
}

/** A count that may have been cut off, in words. */
export function countWords(frame: Frame, { count, exact }: CappedCount): string {
  return exact ? frame.formatNumber(count) : frame.t('lists.count.more', { count });
}
