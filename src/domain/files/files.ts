// Files of a client, uploaded by staff, for staff alone or for the client's people too (behaviours.md 1.9). They lie in the
// database, so that every process can serve them and a backup holds them; they are handed out as they are, never opened.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { contentOf } from '#domain/files/file-content.ts';
import { fileNameFrom } from '#domain/files/file-names.ts';
import { servedAs, typeOfEnding } from '#domain/files/file-types.ts';
import { fileUploaded } from '#domain/files/files.events.ts';
import { fileSizeLimit, fileTypes } from '#domain/files/files.settings.ts';
import type { FileRow } from '#domain/files/files.table.ts';
import {
  deleteFileRow,
  fileRowsOf,
  fileTotals,
  findFileRow,
  findPortion,
  insertFile,
  moveFileRows,
  updateFileRow,
} from '#domain/files/files.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A file of a client, without its bytes. `size` in bytes. */
export type ClientFileRecord = {
  readonly id: number;
  readonly clientId: number;
  readonly title: string;
  readonly name: string;
  readonly size: number;
  readonly adminOnly: boolean;
  readonly author: string;
  readonly createdAt: number;
  /** The content type under which it is handed out: from a short list, else a heap of bytes. */
  readonly servedAs: string;
};

/** What was sent: a name that a browser made up, and bytes. */
export type Upload = { readonly filename: string; readonly bytes: Uint8Array };

/** The most that one upload may hold whatever the setting says, in bytes. */
export const LARGEST_FILE = 10 * 1024 * 1024;
/** So many files a client may have, and so many bytes in all. */
export const MOST_FILES = 500;
const MOST_BYTES = 500 * 1024 * 1024;

/**
 * Keeps a file. Throws not-found `client-not-found`; invalid by field: `file` (`file-missing`, `file-empty`,
 * `file-too-large`, `file-name-unusable`, `file-type-not-taken`, `file-not-its-type`, `file-holds-more`), `title`
 * (`too-long`); or conflict `files-too-many`. Without a title it is called by its name.
 */
export async function addFile(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: { readonly upload: Upload | undefined; readonly title: string; readonly adminOnly: boolean },
): Promise<number> {
  const title = oneLine(given.title);
  if (title.length > 200) throw invalid({ title: 'too-long' });
  const { name, media, bytes } = await checkedUpload(ctx, given.upload); // before the transaction: reading may be slow
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'change'); // uploads at once are counted one after the other
    const totals = await fileTotals(tx, clientId);
    if (totals.count >= MOST_FILES || totals.bytes + bytes.length > MOST_BYTES) throw conflict('files-too-many');
    const row = {
      client_id: clientId,
      title: title === '' ? name : title,
      name,
      media_type: media,
      size: bytes.length,
      admin_only: Number(given.adminOnly),
      administrator_id: actor.kind === 'administrator' ? actor.administratorId : null,
      author: oneLine(actor.name),
      created_at: tx.now(),
    };
    const id = await insertFile(tx, row, bytes);
    await audit(tx, actor, {
      event: 'client.file.uploaded',
      description: `The file ${name} was uploaded`,
      clientId,
      details: { fileId: id, size: bytes.length, adminOnly: given.adminOnly },
    });
    await tx.bus.announce(tx, fileUploaded, { clientId, fileId: id, adminOnly: given.adminOnly });
    return id;
  });
}

/** Changes the title of a file and who sees it. Throws not-found `file-not-found`, or invalid `title`. */
export async function changeFile(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
  change: { readonly title: string; readonly adminOnly: boolean },
): Promise<void> {
  const title = oneLine(change.title);
  if (title === '') throw invalid({ title: 'title-missing' });
  if (title.length > 200) throw invalid({ title: 'too-long' });
  await ctx.transaction(async (tx) => {
    const before = await fileOf(tx, of.clientId, of.id);
    if (before.title === title && before.adminOnly === change.adminOnly) return;
    await updateFileRow(tx, of.id, { title, admin_only: Number(change.adminOnly) });
    await audit(tx, actor, {
      event: 'client.file.changed',
      description: `The file ${before.name} was changed`,
      clientId: of.clientId,
      details: { fileId: of.id, adminOnly: { before: before.adminOnly, after: change.adminOnly } },
    });
  });
}

/** Deletes a file for good. Throws not-found `file-not-found`. */
export async function removeFile(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await fileOf(tx, of.clientId, of.id);
    if (!(await deleteFileRow(tx, of.id))) throw notFound('file-not-found');
    await audit(tx, actor, {
      event: 'client.file.deleted',
      description: `The file ${before.name} was deleted`,
      clientId: of.clientId,
      details: { fileId: of.id },
    });
  });
}

/** The file of this id of this client. One of another client is not there: throws not-found `file-not-found`. */
export async function fileOf(ctx: Context, clientId: number, id: number): Promise<ClientFileRecord> {
  const row = await findFileRow(ctx, id);
  if (row?.client_id !== clientId) throw notFound('file-not-found');
  return fileFrom(row);
}

/** The same for the client's people: one for staff alone is not there either. */
export async function shownFileOf(ctx: Context, clientId: number, id: number): Promise<ClientFileRecord> {
  const file = await fileOf(ctx, clientId, id);
  if (file.adminOnly) throw notFound('file-not-found');
  return file;
}

/** A page of a client's files, the newest first. `shown`: only those that its people may see. */
export async function pageOfFiles(
  ctx: Context,
  clientId: number,
  shown: boolean,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<ClientFileRecord>> {
  const read = (await fileRowsOf(ctx, clientId, shown, { ...place, limit: size + 1 })).map(fileFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** The bytes of a file, portion by portion, so that no more than one lies in memory. */
export async function* bytesOf(ctx: Context, file: Pick<ClientFileRecord, 'id'>): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part += 1) {
    const portion = await findPortion(ctx, file.id, part);
    if (portion === undefined) return;
    yield portion;
  }
}

/** The largest file that is taken now, in bytes. */
export async function largestFile(ctx: Context): Promise<number> {
  return Math.min((await settingOf(ctx, fileSizeLimit)) * 1024 * 1024, LARGEST_FILE);
}

/** How many files a client has. */
export async function countFiles(ctx: Context, clientId: number): Promise<number> {
  return (await fileTotals(ctx, clientId)).count;
}

/** Gives the files of one client to another: all, or only these. Only `merging` calls this, which keeps the list of what moved. */
export async function moveFiles(tx: Context, from: number, into: number, only?: readonly number[]): Promise<number[]> {
  return moveFileRows(tx, from, into, only);
}

async function checkedUpload(
  ctx: Context,
  upload: Upload | undefined,
): Promise<{ readonly name: string; readonly media: string; readonly bytes: Uint8Array }> {
  if (!upload || (upload.filename === '' && upload.bytes.length === 0)) throw invalid({ file: 'file-missing' });
  const { bytes } = upload;
  if (bytes.length === 0) throw invalid({ file: 'file-empty' });
  const largest = await largestFile(ctx);
  if (bytes.length > largest) throw invalid({ file: 'file-too-large' }, { mebibytes: largest / 1024 / 1024 });
  const named = fileNameFrom(upload.filename);
  if (!named) throw invalid({ file: 'file-name-unusable' });
  const type = typeOfEnding(named.ending);
  const taken = await settingOf(ctx, fileTypes);
  if (!type || !taken.includes(type.ending))
    throw invalid({ file: 'file-type-not-taken' }, { types: taken.join(', ') });
  const found = await contentOf(type, bytes);
  if ('fault' in found) throw invalid({ file: found.fault });
  return { name: named.name, media: found.media, bytes };
}

function fileFrom(row: FileRow): ClientFileRecord {
  return {
    id: row.id,
    clientId: row.client_id,
    title: row.title,
    name: row.name,
    size: row.size,
    adminOnly: row.admin_only === 1,
    author: row.author,
    createdAt: row.created_at,
    servedAs: servedAs(row.media_type),
  };
}
