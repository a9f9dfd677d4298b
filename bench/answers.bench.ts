// What Doorward adds to a bare Fastify that reads one row.

import type { Request } from 'autocannon';
import type { Rival, Rounds } from './parts/compare.ts';
import { inTurns, sampleText, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import type { People } from './parts/people.ts';
import { apiBody, FORM, populate, signedIn } from './parts/people.ts';
import type { Server } from './parts/server.ts';
import type { Line } from './parts/workload.ts';
import { atLeast, workload } from './parts/workload.ts';

const CONNECTIONS = 32;
const BARE = 'bare Fastify, one row by its key';

export default workload({
  title: 'Answers beside the bare server',
  about:
    'Requests per second of one server process with 32 connections. The limit is a Fastify with one route that reads one row by its key, prepared by hand, from the same kind of database. The session check is a route in Doorward that only asks whose session the cookie is; the page is the home of a client account as its owner sees it; the action is an authenticated API call with all its checks. Each server is asked for its own processor time, so that a reader sees whether it or the load generator was the limit.',
  async run(bench) {
    const place = await bench.place();
    const people = await populate(place, 100);
    const bare = await bench.start('bare', { folder: place.folder, databaseUrl: (await bench.place()).databaseUrl });
    const server = await bench.start('doorward', { environment: place.environment });
    const found = await inTurns(bench, [
      rival(
        BARE,
        bare,
        Array.from({ length: 50 }, (_, n) => ({ path: `/row/key-${n}` })),
      ),
      rival('the session check', server, await asCustomers(server, people, () => '/bench/session')),
      rival('a signed-in page', server, await asCustomers(server, people, (id) => `/account/${id}`)),
      rival('GetClientsDetails', server, details(people)),
    ]);
    return [
      { what: BARE, measured: sampleText(found.of(BARE)) },
      line(found, 'the session check', 0.6),
      line(found, 'a signed-in page', 0.35),
      line(found, 'GetClientsDetails', 0.5),
    ];
  },
});

function rival(name: string, server: Server, requests: Request[]): Rival {
  return {
    name,
    measure: (seconds) => loadServer(server, { requests, connections: CONNECTIONS, expected: 200 }, seconds),
  };
}

function line(found: Rounds, name: string, least: number): Line {
  const ratio = found.ratio(name, BARE);
  const beside = `${times(ratio)} of the bare server`;
  return { what: name, measured: sampleText(found.of(name)), beside, goal: atLeast(ratio, least) };
}

/** The same page as several people, each in a browser of their own. */
async function asCustomers(server: Server, people: People, path: (clientId: number) => string): Promise<Request[]> {
  return Promise.all(
    people.customers.slice(0, 20).map(async ({ email, clientId }) => ({
      path: path(clientId),
      headers: await signedIn(server.origin, '/login', email),
    })),
  );
}

function details(people: People): Request[] {
  return people.customers.map(({ clientId }) => ({
    method: 'POST',
    path: '/includes/api.php',
    headers: { 'content-type': FORM },
    body: apiBody(people, 'GetClientsDetails', { clientid: clientId, stats: 0 }),
  }));
}
