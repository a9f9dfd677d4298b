// The limit that pages and actions are measured against: Fastify with nothing but a route that reads one row by its key,
// prepared by hand, on the same kind of database.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fastify } from 'fastify';
import pg from 'pg';
import { serveBench } from '../parts/server.ts';

/** What this server is given. `/row/<key>` reads a row, `/write/<key>` writes one, each by itself and durable. */
export type BareGiven = { readonly folder: string; readonly databaseUrl?: string | undefined };

type Row = { id: number; name: string; email: string; at: number };
type Rows = {
  read(key: string): Row | undefined | Promise<Row | undefined>;
  write(): unknown;
  close(): unknown;
};

const COLUMNS = 'key text primary key, id bigint not null, name text not null, email text not null, at bigint not null';

await serveBench<BareGiven>(async ({ folder, databaseUrl }) => {
  const rows = databaseUrl ? await onPostgres(databaseUrl) : onSqlite(join(folder, 'bare.db'));
  const app = fastify();
  app.get<{ Params: { key: string } }>('/row/:key', async (request) => await rows.read(request.params.key));
  app.post('/write', async () => {
    await rows.write();
    return { written: true };
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    stop: async () => {
      await rows.close();
    },
  };
});

/** The rows that are there: `key-0` to `key-499`. */
function made(): Row[] {
  return Array.from({ length: 500 }, (_, id) => ({ id, name: `Person ${id}`, email: `p${id}@example.test`, at: id }));
}

function onSqlite(path: string): Rows {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode=wal; pragma synchronous=full');
  database.exec(`create table rows (${COLUMNS}); create table written (id integer primary key, at bigint not null)`);
  const insert = database.prepare('insert into rows values (?, ?, ?, ?, ?)');
  database.exec('begin');
  for (const row of made()) insert.run(`key-${row.id}`, row.id, row.name, row.email, row.at);
  database.exec('commit');
  const read = database.prepare('select id, name, email, at from rows where key = ?');
  const write = database.prepare('insert into written (at) values (?)');
  return {
    read: (key) => read.get(key) as Row | undefined, // the columns named above
    write: () => write.run(Date.now()),
    close: () => database.close(),
  };
}

async function onPostgres(url: string): Promise<Rows> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(`create table rows (${COLUMNS})`);
  await pool.query('create table written (id bigint generated always as identity primary key, at bigint not null)');
  for (const row of made())
    await pool.query('insert into rows values ($1, $2, $3, $4, $5)', [
      `key-${row.id}`,
      row.id,
      row.name,
      row.email,
      row.at,
    ]);
  const text = 'select id, name, email, at from rows where key = $1';
  return {
    read: async (key) => (await pool.query<Row>({ name: 'read', text, values: [key] })).rows[0],
    write: () => pool.query({ name: 'write', text: 'insert into written (at) values ($1)', values: [Date.now()] }),
    close: () => pool.end(),
  };
}
