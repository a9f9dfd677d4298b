// `npm run bench`: runs the workloads and prints what they found; a whole run writes docs/performance.md.
//
//   npm run bench -- [names] [--database sqlite|postgres|both] [--quick] [--full] [--write]
//
// A name is the beginning of a file name here: `npm run bench -- answers`. `--quick` takes about a minute and is only to see
// that everything still runs; `--full` also fills a million clients, which takes some minutes for each database.

import { writeFile } from 'node:fs/promises';
import { inspect, parseArgs } from 'node:util';
import { discover } from '#kit/discover.ts';
import type { OwnPostgres } from '#tests/postgres.ts';
import { startPostgres } from '#tests/postgres.ts';
import { machineFacts } from './parts/machine.ts';
import type { Place } from './parts/place.ts';
import { newPlace } from './parts/place.ts';
import type { Found } from './parts/report.ts';
import { asDocument, asText } from './parts/report.ts';
import type { Server } from './parts/server.ts';
import { startServer } from './parts/server.ts';
import type { Bench, DatabaseName, Line, Workload } from './parts/workload.ts';

const DOCUMENT = new URL('../docs/performance.md', import.meta.url);

const { values: given, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'both' },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const databases = databasesOf(given.database);
const workloads = await chosen(names);
const machine = await machineFacts();
console.log(machine.join('\n'));
const postgres = databases.includes('postgres') ? await startPostgres({ durable: true }) : undefined;
const found: Found[] = [];
try {
  for (const one of workloads) found.push(await measured(one));
} finally {
  await postgres?.stop();
}
const whole = names.length === 0 && databases.length === 2 && !given.quick;
if (whole || given.write) await writeFile(DOCUMENT, asDocument(found, machine, command()));
if (found.some((one) => one.results.some((result) => 'fault' in result))) process.exitCode = 1;

function databasesOf(name: string): readonly DatabaseName[] {
  if (name === 'both') return ['sqlite', 'postgres'];
  if (name === 'sqlite' || name === 'postgres') return [name];
  throw new Error('--database: sqlite, postgres or both is expected');
}

async function chosen(wanted: readonly string[]): Promise<Workload[]> {
  const files = await discover(new URL('./', import.meta.url), '.bench.ts');
  const unknown = wanted.find((name) => !files.some(({ path }) => path.startsWith(name)));
  if (unknown !== undefined)
    throw new Error(`no workload is called ${unknown}: ${files.map(({ path }) => path).join(', ')}`);
  return files
    .filter(({ path }) => wanted.length === 0 || wanted.some((name) => path.startsWith(name)))
    .map(({ module }) => module.default as Workload); // every *.bench.ts declares one
}

async function measured(one: Workload): Promise<Found> {
  const results: Found['results'][number][] = [];
  for (const database of databases) {
    console.log(`\n${one.title} (${database})`);
    results.push({ database, ...(await linesOf(one, database)) });
    console.log(asText(results.at(-1)));
  }
  return { title: one.title, about: one.about, results };
}

/** Runs a workload on a database and closes whatever it opened. One that fails is told, and does not stop the others. */
async function linesOf(one: Workload, database: DatabaseName): Promise<{ lines: Line[] } | { fault: string }> {
  const opened = { servers: [] as Server[], places: [] as Place[] };
  try {
    return { lines: await one.run(benchOn(database, database === 'postgres' ? postgres : undefined, opened)) };
  } catch (error) {
    return { fault: inspect(error) };
  } finally {
    await Promise.all(opened.servers.map((server) => server.stop()));
    for (const place of opened.places) await place.drop();
  }
}

function benchOn(
  database: DatabaseName,
  server: OwnPostgres | undefined,
  opened: { servers: Server[]; places: Place[] },
): Bench {
  return {
    database,
    quick: given.quick,
    full: given.full,
    seconds: given.quick ? 2 : 5,
    rounds: given.quick ? 1 : 5,
    async place() {
      const fresh = await newPlace(server);
      opened.places.push(fresh);
      return fresh;
    },
    async start(name, what) {
      const running = await startServer(name, what);
      opened.servers.push(running);
      return running;
    },
    say: (text) => console.log(`  · ${text}`),
  };
}

function command(): string {
  return ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
}
