// better-auth beside us: its e-mail and password sign-in on the same kind of database, by its own handler on node:http.
// Its limits, telemetry and log are off; its database is durable as ours is.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hash, verify } from '@node-rs/argon2';
import type { BetterAuthOptions } from 'better-auth';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';
import { serveBench } from '../parts/server.ts';

/** What this server is given. `argon2`: our hash at this cost in place of its own. `cookieCache`: its faster, staler check. */
export type BetterAuthGiven = {
  readonly folder: string;
  readonly databaseUrl?: string | undefined;
  readonly people: number;
  readonly password: string;
  readonly argon2?: { readonly memoryCost: number; readonly timeCost: number; readonly parallelism: number };
  readonly cookieCache?: boolean;
};

await serveBench<BetterAuthGiven>(async (given) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
  const options = optionsOf(given, origin);
  await (await getMigrations(options)).runMigrations();
  const auth = betterAuth(options);
  for (let id = 0; id < given.people; id += 1) {
    const body = { email: `p${id}@example.test`, password: given.password, name: `Person ${id}` };
    await auth.api.signUpEmail({ body });
  }
  server.on('request', toNodeHandler(auth));
  return {
    origin,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
});

function optionsOf(given: BetterAuthGiven, origin: string): BetterAuthOptions {
  const { argon2 } = given;
  return {
    baseURL: origin,
    secret: 'only-for-a-measurement-on-loopback-0123456789',
    database: given.databaseUrl ? new pg.Pool({ connectionString: given.databaseUrl, max: 10 }) : fileIn(given.folder),
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      ...(argon2
        ? {
            password: {
              hash: (password: string) => hash(password, argon2),
              verify: (one: { hash: string; password: string }) => verify(one.hash, one.password),
            },
          }
        : {}),
    },
    session: { cookieCache: { enabled: given.cookieCache ?? false } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  };
}

function fileIn(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'better-auth.db'));
  database.exec('pragma journal_mode=wal; pragma synchronous=full');
  return database;
}
