// Groups of clients: a colour that staff know them by, and what the operator grants all of them (behaviours.md 1.13).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { groupIsUsed } from '#domain/clients/clients.table.ts';
import type { GroupRow } from '#domain/clients/groups.table.ts';
import { deleteGroupRow, groupRows, insertGroup, lockGroupRow, updateGroupRow } from '#domain/clients/groups.table.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A group of clients. */
export type ClientGroup = {
  readonly id: number;
  readonly name: string;
  readonly colour: string;
  readonly discountPercent: string;
  readonly suspendExempt: boolean;
  readonly separateInvoices: boolean;
};

/** What a group is made of. `discountPercent` is a decimal text such as `12.50`. */
export type GroupDefinition = Omit<ClientGroup, 'id'>;

/** Every group. */
export async function listGroups(ctx: Context): Promise<ClientGroup[]> {
  return (await groupRows(ctx)).map((row: GroupRow) => ({
    id: row.id,
    name: row.name,
    colour: row.colour,
    discountPercent: row.discount_percent,
    suspendExempt: row.suspend_exempt === 1,
    separateInvoices: row.separate_invoices === 1,
  }));
}

/** The group of this id. Throws not-found. */
export async function groupOf(ctx: Context, id: number): Promise<ClientGroup> {
  const group = (await listGroups(ctx)).find((one) => one.id === id);
  if (!group) throw notFound('group-not-found');
  return group;
}

/** Holds a group that a client is put into, so that it stays; 0 is none. Throws invalid `group-not-found`. */
export async function keepGroup(tx: Context, groupId: number): Promise<void> {
  if (groupId === 0) return;
  if (!(await lockGroupRow(tx, groupId, 'keep'))) throw invalid({ groupId: 'group-not-found' });
}

/** Makes a group. Throws invalid by field. Answers the id. */
export async function addGroup(ctx: Context, actor: Actor, given: GroupDefinition): Promise<number> {
  const columns = columnsOf(given);
  return ctx.transaction(async (tx) => {
    await requireFreeName(tx, columns.name, undefined);
    const id = await insertGroup(tx, columns);
    await audit(tx, actor, {
      event: 'client_group.created',
      description: `The client group ${columns.name} was created`,
      details: { groupId: id, ...columns },
    });
    return id;
  });
}

/** Changes a group. Throws not-found, or invalid by field. */
export async function changeGroup(ctx: Context, actor: Actor, id: number, given: GroupDefinition): Promise<void> {
  const columns = columnsOf(given);
  await ctx.transaction(async (tx) => {
    const before = await lockGroupRow(tx, id, 'change');
    if (!before) throw notFound('group-not-found');
    await requireFreeName(tx, columns.name, id);
    await updateGroupRow(tx, id, columns);
    await audit(tx, actor, {
      event: 'client_group.updated',
      description: `The client group ${columns.name} was changed`,
      details: { groupId: id, before, after: columns },
    });
  });
}

/** Removes a group that nobody is in. Throws not-found, or conflict `group-in-use`. */
export async function removeGroup(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await lockGroupRow(tx, id, 'remove'); // nobody is put into it meanwhile: whoever does keeps its row
    if (!before) throw notFound('group-not-found');
    if (await groupIsUsed(tx, id)) throw conflict('group-in-use');
    await deleteGroupRow(tx, id);
    await audit(tx, actor, {
      event: 'client_group.deleted',
      description: `The client group ${before.name} was deleted`,
      details: { groupId: id },
    });
  });
}

/** Whether any client is in a group. */
export async function isGroupUsed(ctx: Context, id: number): Promise<boolean> {
  return groupIsUsed(ctx, id);
}

function columnsOf(given: GroupDefinition): Omit<GroupRow, 'id'> {
  const faults: Record<string, string> = {};
  const name = oneLine(given.name);
  if (name === '') faults['name'] = 'name-missing';
  else if (name.length > 100) faults['name'] = 'too-long';
  if (!/^#[0-9a-f]{6}$/i.test(given.colour)) faults['colour'] = 'setting-not-a-colour';
  const discount = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(given.discountPercent.trim());
  const hundredths = discount ? Number(discount[1]) * 100 + Number((discount[2] ?? '').padEnd(2, '0')) : -1;
  if (hundredths < 0 || hundredths > 10_000) faults['discountPercent'] = 'percent-invalid';
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return {
    name,
    colour: given.colour.toLowerCase(),
    discount_percent: (hundredths / 100).toFixed(2),
    suspend_exempt: Number(given.suspendExempt),
    separate_invoices: Number(given.separateInvoices),
  };
}

async function requireFreeName(tx: Context, name: string, exceptId: number | undefined): Promise<void> {
  const taken = (await listGroups(tx)).some((one) => one.id !== exceptId && comparable(one.name) === comparable(name));
  if (taken) throw invalid({ name: 'group-name-taken' });
}
