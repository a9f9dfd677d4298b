// Filters that administrators keep under a name: for themselves, or shared with all staff.

import { holdAdministrator } from '#domain/administrators/administrators.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { ListFilter, ListName } from '#domain/lists/filters.ts';
import { filterOfText, filterText, isListName, narrows } from '#domain/lists/filters.ts';
import type { SavedFilterRow } from '#domain/lists/saved-filters.table.ts';
import {
  countSavedFilters,
  deleteSavedFilter,
  findSavedFilter,
  insertSavedFilter,
  ownFilterRows,
  sharedFilterRows,
  updateSavedFilter,
} from '#domain/lists/saved-filters.table.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A filter somebody kept. */
export type SavedFilter = {
  readonly id: number;
  readonly list: ListName;
  readonly name: string;
  readonly filter: ListFilter;
  readonly isShared: boolean;
  readonly administratorId: number;
};

/** So many filters one administrator may keep, and so many shared ones are shown. */
export const MOST_FILTERS = 50;
const LONGEST_NAME = 60;

/** An administrator's own filters of a list, and those that others share, each by name. */
export async function savedFiltersOf(ctx: Context, administratorId: number, list: ListName): Promise<SavedFilter[]> {
  const own = await ownFilterRows(ctx, administratorId, list, MOST_FILTERS);
  const shared = await sharedFilterRows(ctx, list, MOST_FILTERS);
  return [...own, ...shared.filter((row) => row.administrator_id !== administratorId)].flatMap(savedFilterFrom);
}

/** Keeps a filter. Throws invalid by field (`name`), or conflict `filter-name-taken`, `filter-narrows-nothing`, `too-many-filters`. */
export async function saveFilter(
  ctx: Context,
  actor: StaffActor,
  wanted: { readonly list: ListName; readonly name: string; readonly filter: ListFilter; readonly isShared: boolean },
): Promise<number> {
  const name = checkedName(wanted.name);
  if (!narrows(wanted.filter)) throw conflict('filter-narrows-nothing');
  return ctx.transaction(async (tx) => {
    if ((await countSavedFilters(tx, actor.administratorId)) >= MOST_FILTERS)
      throw conflict('too-many-filters', { most: MOST_FILTERS });
    const id = await insertSavedFilter(tx, {
      administrator_id: actor.administratorId,
      list: wanted.list,
      name,
      shared: Number(wanted.isShared),
      query: filterText(wanted.filter),
    });
    if (id === undefined) throw invalid({ name: 'filter-name-taken' });
    await audit(tx, actor, {
      event: 'list.filter_saved',
      description: `The filter ${name} of the list of ${wanted.list} was kept${wanted.isShared ? ' for all staff' : ''}`,
      details: { list: wanted.list, filter: filterText(wanted.filter), shared: wanted.isShared },
    });
    return id;
  });
}

/** One's own filter. Throws not-found for another's, shared or not. */
export async function ownFilter(ctx: Context, actor: StaffActor, id: number): Promise<SavedFilter> {
  const row = await findSavedFilter(ctx, id);
  const [filter] = row?.administrator_id === actor.administratorId ? savedFilterFrom(row) : [];
  if (!filter) throw notFound('filter-not-found');
  return filter;
}

/** Gives one's own filter another name, or shares it or not. Throws invalid with the field `name`, or not-found for another's. */
export async function renameFilter(
  ctx: Context,
  actor: StaffActor,
  id: number,
  to: { readonly name: string; readonly isShared: boolean },
): Promise<void> {
  const name = checkedName(to.name);
  await ctx.transaction(async (tx) => {
    await holdAdministrator(tx, actor.administratorId); // of two that take one name at once the later hears of the earlier
    const before = await ownFilter(tx, actor, id);
    const done = await updateSavedFilter(tx, id, actor.administratorId, { name, shared: Number(to.isShared) });
    if (done === 'taken') throw invalid({ name: 'filter-name-taken' });
    if (!done) throw notFound('filter-not-found');
    await audit(tx, actor, {
      event: 'list.filter_changed',
      description: `The filter ${before.name} of the list of ${before.list} is called ${name}${to.isShared ? ', for all staff' : ''}`,
      details: { list: before.list, shared: to.isShared },
    });
  });
}

function checkedName(given: string): string {
  const name = oneLine(given);
  if (name === '') throw invalid({ name: 'filter-name-missing' });
  if (name.length > LONGEST_NAME) throw invalid({ name: 'too-long' });
  return name;
}

/** Takes one's own filter away. Another's, shared or not, looks as if it were not there: throws not-found. */
export async function removeFilter(ctx: Context, actor: StaffActor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await findSavedFilter(tx, id);
    if (!row || !(await deleteSavedFilter(tx, id, actor.administratorId))) throw notFound('filter-not-found');
    await audit(tx, actor, {
      event: 'list.filter_removed',
      description: `The filter ${row.name} of the list of ${row.list} was removed`,
    });
  });
}

function savedFilterFrom(row: SavedFilterRow): SavedFilter[] {
  if (!isListName(row.list)) return [];
  return [
    {
      id: row.id,
      list: row.list,
      name: row.name,
      filter: filterOfText(row.list, row.query),
      isShared: row.shared === 1,
      administratorId: row.administrator_id,
    },
  ];
}
