// A look into an installation's database beside the program.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Installation } from '#tests/cli/doorward.ts';

/** The rows of a query. */
export async function rowsOf<Row>(here: Installation, text: string): Promise<Row[]> {
  const url = here.env['DOORWARD_DATABASE_URL'];
  if (url === undefined) {
    const file = new DatabaseSync(join(here.folder, 'doorward.db'), { readOnly: true });
    const found = file.prepare(text).all();
    file.close();
    return found as Row[];
  }
  const client = new pg.Client(url);
  await client.connect();
  const found = await client.query(text);
  await client.end();
  return found.rows;
}
