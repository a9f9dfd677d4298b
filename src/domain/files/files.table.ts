// The tables of files: what each is, and its bytes in portions.

import type { Generated } from 'kysely';
import { sql } from 'kysely';
import { rowMover } from '#kit/database/moved-rows.ts';
import type { Context } from '#src/context.ts';

/** A file as stored, without its bytes. */
export type FileRow = {
  id: number;
  client_id: number;
  title: string;
  name: string;
  media_type: string;
  size: number;
  admin_only: number;
  administrator_id: number | null;
  author: string;
  created_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_files: Omit<FileRow, 'id'> & { id: Generated<number> };
    client_file_parts: { file_id: number; part: number; bytes: Uint8Array };
  }
}

/** So many bytes go into one row. */
const PORTION = 256 * 1024;

/** Makes a file with its bytes. Answers the id. */
export async function insertFile(tx: Context, row: Omit<FileRow, 'id'>, bytes: Uint8Array): Promise<number> {
  const { id } = await tx.db.insertInto('client_files').values(row).returning('id').executeTakeFirstOrThrow();
  for (let part = 0; part * PORTION < bytes.length; part += 1) {
    const portion = bytes.subarray(part * PORTION, (part + 1) * PORTION);
    await tx.db.insertInto('client_file_parts').values({ file_id: id, part, bytes: portion }).execute();
  }
  return id;
}

/** The bytes of a file, portion by portion; undefined behind the last one. */
export async function findPortion(ctx: Context, fileId: number, part: number): Promise<Uint8Array | undefined> {
  const row = await ctx.db
    .selectFrom('client_file_parts')
    .select('bytes')
    .where('file_id', '=', fileId)
    .where('part', '=', part)
    .executeTakeFirst();
  return row?.bytes;
}

/** Changes what a file is called and who sees it. */
export async function updateFileRow(
  tx: Context,
  id: number,
  change: Pick<FileRow, 'title' | 'admin_only'>,
): Promise<void> {
  await tx.db.updateTable('client_files').set(change).where('id', '=', id).execute();
}

/** Removes a file with its bytes. Answers whether it was there. */
export async function deleteFileRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('client_files').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** One file by id. */
export async function findFileRow(ctx: Context, id: number): Promise<FileRow | undefined> {
  return ctx.db.selectFrom('client_files').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Files of a client, newest first, or oldest first in front of `before`; `shown`: only those its people may see. */
export async function fileRowsOf(
  ctx: Context,
  clientId: number,
  shown: boolean,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<FileRow[]> {
  let query = ctx.db.selectFrom('client_files').selectAll().where('client_id', '=', clientId).limit(page.limit);
  if (shown) query = query.where('admin_only', '=', sql.lit(0)); // as the partial index says it
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (page.before !== undefined) query = query.where('id', '>', page.before);
  return query.orderBy('id', page.before === undefined ? 'desc' : 'asc').execute();
}

/** How many files a client has, and how many bytes. */
export async function fileTotals(ctx: Context, clientId: number): Promise<{ count: number; bytes: number }> {
  const row = await ctx.db
    .selectFrom('client_files')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.sum<number | string | null>('size').as('bytes')])
    .where('client_id', '=', clientId)
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), bytes: Number(row.bytes ?? 0) };
}

/** Gives the files of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveFileRows = rowMover('client_files', 'client_id');
