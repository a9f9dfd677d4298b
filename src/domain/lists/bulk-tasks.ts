// One change to many clients: those that were ticked, or all that a filter finds. Each client's change is its own
// transaction by the rule of `clients`, with its own line in the log; the task keeps how far it came, so that it goes on
// after whatever cut it off, and a client that is dealt with twice is unchanged the second time.

import { administratorOf, holds } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Actor, StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientsAfter, newestClientId } from '#domain/clients/client-pages.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { BulkProgress, BulkTaskRow } from '#domain/lists/bulk-tasks.table.ts';
import {
  endBulkTask,
  findBulkTaskRow,
  idleBulkTasks,
  insertBulkTask,
  leaseBulkTask,
  noteBulkProgress,
  releaseBulkTask,
} from '#domain/lists/bulk-tasks.table.ts';
import type { ListFilter } from '#domain/lists/filters.ts';
import { clientFilterOf, filterOfText, filterText } from '#domain/lists/filters.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What is done to each. A closed account is opened one by one, never by the way. */
export type BulkAct =
  | { readonly is: 'group'; readonly groupId: number }
  | { readonly is: 'status'; readonly status: 'Active' | 'Inactive' }
  | { readonly is: 'close' };

/** To whom: clients by id, or all that fit a filter at this moment. */
export type BulkChoice = { readonly ids: readonly number[] } | { readonly filter: ListFilter };

/** A client that could not be changed; `code` is a key of the error words. */
export type Refusal = { readonly clientId: number; readonly code: string };

/** A task as it stands. */
export type BulkTask = {
  readonly id: number;
  readonly administratorId: number;
  readonly act: BulkAct;
  /** How many were ticked; undefined where a filter chooses. */
  readonly chosen: number | undefined;
  readonly filter: ListFilter;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  /** The first MOST_REFUSALS of them. */
  readonly refusals: readonly Refusal[];
  readonly createdAt: number;
  readonly endedAt: number | undefined;
  /** `done`, `stopped` by hand, or `not-allowed` any more. */
  readonly endedWhy: string | undefined;
};

/** So many clients can be ticked: more than a page has. */
export const MOST_CHOSEN = 200;
const MOST_REFUSALS = 200;
const PORTION = 50;
const LEASE_MS = minutes(2);
const RUNNING_TASKS = 10;

/** The permission that an act asks for. */
export function permissionFor(act: BulkAct): Permission {
  return act.is === 'close' ? 'Close Clients' : 'Edit Clients Details';
}

/**
 * Begins a task. Throws not-allowed, invalid (`groupId`), conflict `nobody-chosen` or `too-many-chosen`. Who may do it is asked
 * again before each portion.
 */
export async function beginBulkTask(
  ctx: Context,
  actor: StaffActor,
  act: BulkAct,
  choice: BulkChoice,
): Promise<number> {
  await requireFor(ctx, actor.administratorId, act);
  const ids = 'ids' in choice ? [...new Set(choice.ids)].sort((a, b) => a - b) : undefined;
  if (ids?.length === 0) throw conflict('nobody-chosen');
  if (ids && ids.length > MOST_CHOSEN) throw conflict('too-many-chosen', { most: MOST_CHOSEN });
  if (act.is === 'group' && act.groupId !== 0 && !(await listGroups(ctx)).some((group) => group.id === act.groupId))
    throw invalid({ groupId: 'group-not-found' });
  return ctx.transaction(async (tx) => {
    const query = 'filter' in choice ? filterText(choice.filter) : '';
    const id = await insertBulkTask(tx, {
      administrator_id: actor.administratorId,
      ip: actor.ip,
      act: JSON.stringify(act),
      chosen_ids: ids ? JSON.stringify(ids) : null,
      query,
      upto_id: await newestClientId(tx),
    });
    await audit(tx, actor, {
      event: 'client.bulk_started',
      description: `A change to ${ids ? `${ids.length} clients` : 'all clients of a filter'} was begun`,
      details: { task: id, act, ...(ids ? { ids } : { filter: query }) },
    });
    return id;
  });
}

/**
 * Works on a task, for at most `most` clients, unless somebody else does. What is left waits for the next run.
 */
export async function workOnBulkTask(ctx: Context, id: number, most: number): Promise<void> {
  const held = await leaseBulkTask(ctx, id, ctx.now() + LEASE_MS);
  if (!held) return;
  let row = held;
  for (let left = most; left > 0; left -= PORTION) {
    const actor = await actorOf(ctx, row);
    if (!actor) {
      await endBulkTask(ctx, id, 'not-allowed');
      return;
    }
    const ids = await nextIds(ctx, row, Math.min(PORTION, left));
    if (ids.length === 0) return finish(ctx, actor, row);
    const progress = await afterPortion(ctx, actor, row, ids);
    if (!(await noteBulkProgress(ctx, held, progress))) return;
    row = { ...row, ...progress };
  }
  await releaseBulkTask(ctx, held);
}

/** Works on what waits, a bounded piece of each: the job. */
export async function workOnBulkTasks(ctx: Context, mostOfEach: number): Promise<void> {
  for (const id of await idleBulkTasks(ctx, RUNNING_TASKS)) await workOnBulkTask(ctx, id, mostOfEach);
}

/** A task of this administrator. Another's looks as if it were not there: throws not-found. */
export async function bulkTaskOf(ctx: Context, administratorId: number, id: number): Promise<BulkTask> {
  const row = await findBulkTaskRow(ctx, id);
  if (row?.administrator_id !== administratorId) throw notFound('bulk-task-not-found');
  return taskFrom(row);
}

/** Stops one's own task: whoever was changed stays changed. Throws not-found, or conflict when it is over. */
export async function stopBulkTask(ctx: Context, actor: StaffActor, id: number): Promise<void> {
  await bulkTaskOf(ctx, actor.administratorId, id);
  await ctx.transaction(async (tx) => {
    if (!(await endBulkTask(tx, id, 'stopped'))) throw conflict('bulk-task-over');
    await audit(tx, actor, {
      event: 'client.bulk_stopped',
      description: 'A change to many clients was stopped',
      details: { task: id },
    });
  });
}

async function requireFor(ctx: Context, administratorId: number, act: BulkAct): Promise<void> {
  const administrator = await administratorOf(ctx, administratorId);
  const permission = permissionFor(act);
  if (!holds(administrator, permission))
    throw notAllowed('permission-missing', { permission, role: administrator.role.name });
}

/** Whoever began it, while they may still do it. */
async function actorOf(ctx: Context, row: BulkTaskRow): Promise<StaffActor | undefined> {
  const administrator = await administratorOf(ctx, row.administrator_id);
  const allowed = administrator.disabledAt === undefined && holds(administrator, permissionFor(actIn(row)));
  if (!allowed) return undefined;
  return { kind: 'administrator', administratorId: administrator.id, name: administrator.username, ip: row.ip };
}

async function nextIds(ctx: Context, row: BulkTaskRow, most: number): Promise<number[]> {
  if (row.chosen_ids !== null) {
    const chosen = JSON.parse(row.chosen_ids) as number[]; // written by beginBulkTask
    return chosen.filter((id) => id > row.after_id).slice(0, most);
  }
  const filter = clientFilterOf(filterOfText('clients', row.query));
  const next = await clientsAfter(ctx, filter, row.after_id, most);
  return next.map((client) => client.id).filter((id) => id <= row.upto_id);
}

async function afterPortion(
  ctx: Context,
  actor: Actor,
  row: BulkTaskRow,
  ids: readonly number[],
): Promise<BulkProgress> {
  const refusals = refusalsIn(row);
  let { changed, unchanged, refused } = row;
  for (const clientId of ids) {
    const outcome = await changeOne(ctx, actor, actIn(row), clientId);
    if (outcome === 'changed') changed += 1;
    else if (outcome === 'unchanged') unchanged += 1;
    else {
      refused += 1;
      if (refusals.length < MOST_REFUSALS) refusals.push({ clientId, code: outcome.code });
    }
  }
  return { after_id: ids.at(-1) ?? row.after_id, changed, unchanged, refused, refusals: JSON.stringify(refusals) };
}

async function changeOne(
  ctx: Context,
  actor: Actor,
  act: BulkAct,
  clientId: number,
): Promise<'changed' | 'unchanged' | { readonly code: string }> {
  try {
    return (await ctx.transaction((tx) => changeInside(tx, actor, act, clientId))) ? 'changed' : 'unchanged';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { code: error.code };
  }
}

/** Whether it changed anything. */
async function changeInside(tx: Context, actor: Actor, act: BulkAct, clientId: number): Promise<boolean> {
  const before = await holdClient(tx, clientId, 'change');
  switch (act.is) {
    case 'group':
      return (await changeClient(tx, actor, clientId, { groupId: act.groupId })).length > 0;
    case 'status':
      if (before.status === 'Closed') throw conflict('client-is-closed');
      return (await changeClient(tx, actor, clientId, { status: act.status })).length > 0;
    case 'close':
      await closeClient(tx, actor, clientId);
      return before.status !== 'Closed';
  }
}

async function finish(ctx: Context, actor: Actor, row: BulkTaskRow): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endBulkTask(tx, row.id, 'done'))) return;
    const { changed, unchanged, refused } = row;
    await audit(tx, actor, {
      event: 'client.bulk_done',
      description: `A change to many clients is done: ${changed} changed, ${unchanged} unchanged, ${refused} refused`,
      details: { task: row.id, changed, unchanged, refused },
    });
  });
}

function taskFrom(row: BulkTaskRow): BulkTask {
  return {
    id: row.id,
    administratorId: row.administrator_id,
    act: actIn(row),
    chosen: row.chosen_ids === null ? undefined : (JSON.parse(row.chosen_ids) as number[]).length,
    filter: filterOfText('clients', row.query),
    changed: row.changed,
    unchanged: row.unchanged,
    refused: row.refused,
    refusals: refusalsIn(row),
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    endedWhy: row.ended_why ?? undefined,
  };
}

function actIn(row: BulkTaskRow): BulkAct {
  return JSON.parse(row.act) as BulkAct; // written by beginBulkTask
}

function refusalsIn(row: BulkTaskRow): Refusal[] {
  return JSON.parse(row.refusals) as Refusal[]; // written by afterPortion
}
