// Notes of staff about a client: dated, many, and some sticky, which are in sight on every page about the client
// (behaviours.md 1.9). The free text on the profile is another thing. Customers never see either.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdClient } from '#domain/clients/clients.ts';
import type { NoteRow } from '#domain/notes/notes.table.ts';
import {
  countNoteRows,
  deleteNoteRow,
  findNoteRow,
  insertNote,
  moveNoteRows,
  noteRowsOf,
  stickyNoteRowsOf,
  updateNoteRow,
} from '#domain/notes/notes.table.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { manyLines, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A note about a client. */
export type Note = {
  readonly id: number;
  readonly clientId: number;
  readonly author: string;
  readonly body: string;
  readonly isSticky: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who changed it last, if anybody did. */
  readonly editedBy: string | undefined;
};

/** What is written into a note. */
export type NoteText = { readonly body: string; readonly isSticky: boolean };

/** So many characters a note may have. */
export const LONGEST_NOTE = 20_000;
/** So many sticky notes are in sight at once. */
export const MOST_STICKY = 10;

/** Adds a note. Throws not-found `client-not-found`, or invalid `body`: `note-missing`, `too-long`. Answers the id. */
export async function addNote(ctx: Context, actor: Actor, clientId: number, given: NoteText): Promise<number> {
  const body = cleanBody(given.body);
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'keep');
    const id = await insertNote(tx, {
      client_id: clientId,
      administrator_id: actor.kind === 'administrator' ? actor.administratorId : null,
      author: oneLine(actor.name),
      body,
      sticky: Number(given.isSticky),
      created_at: tx.now(),
      updated_at: tx.now(),
      edited_by: null,
    });
    await audit(tx, actor, noteEntry('added', { id, clientId }));
    return id;
  });
}

/**
 * Changes a note. `version`: the `updatedAt` that the form was drawn from. Throws not-found `note-not-found`, invalid `body`,
 * or conflict `changed-meanwhile`.
 */
export async function changeNote(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
  given: NoteText,
  version: number,
): Promise<void> {
  const body = cleanBody(given.body);
  await ctx.transaction(async (tx) => {
    const note = await noteOf(tx, of.clientId, of.id);
    const change = { body, sticky: Number(given.isSticky), edited_by: oneLine(actor.name) };
    if (!(await updateNoteRow(tx, note.id, version, change))) throw conflict('changed-meanwhile');
    await audit(tx, actor, noteEntry('changed', note));
  });
}

/** Deletes a note for good. Throws not-found `note-not-found`. */
export async function removeNote(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const note = await noteOf(tx, of.clientId, of.id);
    if (!(await deleteNoteRow(tx, note.id))) throw notFound('note-not-found');
    await audit(tx, actor, noteEntry('deleted', note));
  });
}

/** The note of this id about this client. One about another client is not there: throws not-found `note-not-found`. */
export async function noteOf(ctx: Context, clientId: number, id: number): Promise<Note> {
  const row = await findNoteRow(ctx, id);
  if (row?.client_id !== clientId) throw notFound('note-not-found');
  return noteFrom(row);
}

/** A page of a client's notes, the newest first. */
export async function pageOfNotes(
  ctx: Context,
  clientId: number,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Note>> {
  const read = (await noteRowsOf(ctx, clientId, { ...place, limit: size + 1 })).map(noteFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** The sticky notes about a client, the newest first; at most MOST_STICKY. */
export async function stickyNotesOf(ctx: Context, clientId: number): Promise<Note[]> {
  return (await stickyNoteRowsOf(ctx, clientId, MOST_STICKY)).map(noteFrom);
}

/** How many notes there are about a client, counted up to COUNT_CAP. */
export async function countNotes(ctx: Context, clientId: number): Promise<number> {
  return countNoteRows(ctx, clientId, COUNT_CAP);
}

/** Gives the notes about one client to another: all, or only these. Only `merging` calls this, which keeps the list of what moved. */
export async function moveNotes(tx: Context, from: number, into: number, only?: readonly number[]): Promise<number[]> {
  return moveNoteRows(tx, from, into, only);
}

function cleanBody(text: string): string {
  const body = manyLines(text);
  if (body === '') throw invalid({ body: 'note-missing' });
  if (body.length > LONGEST_NOTE) throw invalid({ body: 'too-long' });
  return body;
}

/** The log tells that there was a note and not what it said: it is read by more people than notes are. */
function noteEntry(what: 'added' | 'changed' | 'deleted', note: { readonly id: number; readonly clientId: number }) {
  return {
    event: `client.note.${what}`,
    description: `A note about the client was ${what}`,
    clientId: note.clientId,
    details: { noteId: note.id },
  };
}

function noteFrom(row: NoteRow): Note {
  return {
    id: row.id,
    clientId: row.client_id,
    author: row.author,
    body: row.body,
    isSticky: row.sticky === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    editedBy: row.edited_by ?? undefined,
  };
}
