// Empty databases of both kinds, for what is tried below the tables of Doorward.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#kit/database/database.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';
import { freshDatabase, testPostgres } from '#tests/postgres.ts';
import type { DatabaseName } from '#tests/world.ts';

/** An open, empty database; `path` is its file or its address. */
export type TestStore = { readonly database: Database; readonly path: string; close(): Promise<void> };

/** Opens one. */
export async function openStore(name: DatabaseName): Promise<TestStore> {
  return name === 'sqlite' ? sqliteStore() : postgresStore();
}

async function sqliteStore(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-store-'));
  const path = join(folder, 'test.db');
  const database = openSqlite(path);
  return {
    database,
    path,
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function postgresStore(): Promise<TestStore> {
  const fresh = await freshDatabase(await testPostgres());
  const database = openPostgres(fresh.url, () => {});
  return {
    database,
    path: fresh.url,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}
