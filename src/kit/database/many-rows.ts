// Many rows in few statements.

import { sql } from 'kysely';
import type { Database, Queries } from '#kit/database/database.ts';

// A statement may hold 32,766 values on SQLite and 65,535 on PostgreSQL; the widest table has some 45 columns.
const ROWS_IN_A_STATEMENT = 500;

/** The rows in portions that fit one statement each. All but the last are of one size, so that one prepared statement serves. */
export function portions<Row>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_IN_A_STATEMENT) parts.push(rows.slice(at, at + ROWS_IN_A_STATEMENT));
  return parts;
}

/**
 * Makes room for millions of rows, in this process from now on. SQLite's writer keeps 256 MiB of its pages in memory and
 * moves the log into the file at every 80 MB: with the few megabytes of a server the same page is written again and again.
 */
export async function expectManyRows(queries: Queries, dialect: Database['dialect']): Promise<void> {
  if (dialect !== 'sqlite') return;
  await sql`pragma cache_size = -262144`.execute(queries);
  await sql`pragma wal_autocheckpoint = 20000`.execute(queries);
}
