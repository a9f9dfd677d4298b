// Where a server under measurement lives: a data folder of its own and an empty database, as the environment names them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#src/config.ts';
import { readConfig } from '#src/config.ts';
import type { DatabaseServer } from '#tests/postgres.ts';
import { freshDatabase } from '#tests/postgres.ts';

/** A place; `environment` is what a Doorward started there is given. */
export type Place = {
  readonly folder: string;
  readonly databaseUrl: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  drop(): Promise<void>;
};

/** Makes a place on SQLite, or on the PostgreSQL given. */
export async function newPlace(postgres: DatabaseServer | undefined): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-bench-'));
  const fresh = postgres && (await freshDatabase(postgres));
  return {
    folder,
    databaseUrl: fresh?.url,
    environment: {
      DOORWARD_DATA: folder,
      DOORWARD_LOG: 'json',
      DOORWARD_LOG_LEVEL: 'warn',
      PORT: '0',
      ...(fresh ? { DOORWARD_DATABASE_URL: fresh.url } : {}),
    },
    async drop() {
      await fresh?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The configuration of a Doorward there. */
export function configOf(environment: Readonly<Record<string, string>>): Config {
  return readConfig(environment);
}
