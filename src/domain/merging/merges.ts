// Which account is a part of which, for whoever looks: what went into a client, and where a client went.

import { findMember } from '#domain/access/members.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { MoveKind } from '#domain/merging/merge-moves.table.ts';
import { countMoveRows, tookPerson } from '#domain/merging/merge-moves.table.ts';
import type { MergeRow } from '#domain/merging/merges.table.ts';
import { findMergeOf, findMergeRow, mergeRowsInto } from '#domain/merging/merges.table.ts';
import { days } from '#kit/duration.ts';
import { notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

export type { MoveKind } from '#domain/merging/merge-moves.table.ts';

/** For so long a merge can be undone (behaviours.md 1.5). */
export const UNDO_MERGE_MS = days(30);

/** An account that is a part of another. */
export type Merge = {
  readonly id: number;
  readonly fromClientId: number;
  readonly intoClientId: number;
  /** How the account was called; empty once that is forgotten. */
  readonly fromName: string;
  readonly administrator: string;
  readonly at: number;
  /** Until when it can be undone; undefined when it cannot be any more. */
  readonly undoUntil: number | undefined;
};

const MOST_SHOWN = 10;
/** Each account can go into one that went into another; longer chains nobody makes. */
const MOST_STEPS = 20;

/** The accounts that are a part of a client, the latest first; so many as are worth showing. */
export async function mergesInto(ctx: Context, clientId: number): Promise<Merge[]> {
  return (await mergeRowsInto(ctx, clientId, MOST_SHOWN)).map((row) => mergeFrom(ctx, row));
}

/** One of them, with how many rows of each kind moved. Of another client it is not there: throws not-found `merge-not-found`. */
export async function mergeOf(
  ctx: Context,
  clientId: number,
  id: number,
): Promise<Merge & { readonly moved: ReadonlyMap<MoveKind, number> }> {
  const row = await findMergeRow(ctx, id);
  if (row?.into_client_id !== clientId || row.undone_at !== null) throw notFound('merge-not-found');
  const counts = await countMoveRows(ctx, id);
  return { ...mergeFrom(ctx, row), moved: new Map(counts.map(({ kind, count }) => [kind, count])) };
}

/** The client that an account is a part of now, through whatever lies between, and when it first went. */
export async function whereItWent(
  ctx: Context,
  clientId: number,
): Promise<{ readonly clientId: number; readonly at: number } | undefined> {
  const first = await findMergeOf(ctx, clientId);
  let last = first;
  for (let step = 0; last && step < MOST_STEPS; step += 1) {
    const next = await findMergeOf(ctx, last.into_client_id);
    if (!next) break;
    last = next;
  }
  if (!first || !last || !(await findClient(ctx, last.into_client_id))) return undefined;
  return { clientId: last.into_client_id, at: first.merged_at };
}

/**
 * The client that an account is a part of now, for somebody who was one of its people and may enter that one: to anybody
 * else an account that is not there looks like any other. Told for as long as the list of moves is kept.
 */
export async function whereItWentFor(ctx: Context, userId: number, clientId: number): Promise<Client | undefined> {
  const merge = await findMergeOf(ctx, clientId);
  if (!merge || !(await tookPerson(ctx, merge.id, userId))) return undefined;
  const went = await whereItWent(ctx, clientId);
  if (!went || !(await findMember(ctx, userId, went.clientId))) return undefined;
  return findClient(ctx, went.clientId);
}

/** The numbers under which a client's own log is kept: its own, and those of all that became a part of it. */
export async function numbersOf(ctx: Context, clientId: number): Promise<number[]> {
  const numbers = [clientId];
  for (const number of numbers) {
    if (numbers.length > MOST_STEPS) break;
    numbers.push(...(await mergeRowsInto(ctx, number, MOST_STEPS)).map((row) => row.from_client_id));
  }
  return numbers;
}

/** A merge of what is stored; for this topic's own files. */
function mergeFrom(ctx: Context, row: MergeRow): Merge {
  const until = row.merged_at + UNDO_MERGE_MS;
  return {
    id: row.id,
    fromClientId: row.from_client_id,
    intoClientId: row.into_client_id,
    fromName: row.from_name,
    administrator: row.administrator,
    at: row.merged_at,
    undoUntil: row.undone_at === null && row.settled_at === null && until > ctx.now() ? until : undefined,
  };
}
