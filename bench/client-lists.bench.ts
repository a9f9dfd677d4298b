// Whether lists of clients stay as fast as there are more of them.

import { median, milliseconds, times } from './parts/compare.ts';
import { COMMON, fillClients, RARE } from './parts/fill.ts';
import type { People } from './parts/people.ts';
import { apiBody, FORM, populate, signedIn } from './parts/people.ts';
import type { Asked } from './parts/probe.ts';
import { askInTurn } from './parts/probe.ts';
import type { Server } from './parts/server.ts';
import type { Bench, Goal, Line } from './parts/workload.ts';
import { workload } from './parts/workload.ts';

const MOST_DATABASE_MS = 5;

export default workload({
  title: 'Lists of clients',
  about: `\`GetClients\` (whose pages are offsets and whose search is by prefix, as its callers expect) and the list that staff see (pages by key, search anywhere in a name, a company or an address), asked one call at a time. Time is the median of a call over loopback; database time is the part of it inside SQLite, or between the question to PostgreSQL and its answer. A rare term fits three clients at every size, a common one two in a hundred. The goals: the first page at most 1.5 times, a search at most 10 times what it takes among 1,000, and below ${MOST_DATABASE_MS} ms of database time.`,
  async run(bench) {
    const place = await bench.place();
    const people = await populate(place, 1);
    const sizes = bench.quick ? [1000, 10_000] : [1000, 100_000, ...(bench.full ? [1_000_000] : [])];
    const least = new Map<string, number>();
    const lines: Line[] = [];
    for (const size of sizes) {
      const from = performance.now();
      await fillClients(place, size);
      bench.say(`${size.toLocaleString('en')} clients after ${Math.round((performance.now() - from) / 1000)} s`);
      const server = await bench.start('doorward', { environment: place.environment, databaseTime: true });
      for (const list of await lists(server, people, size))
        lines.push(await measured(bench, server, list, size, least));
      await server.stop();
    }
    return lines;
  },
});

type List = { readonly name: string; readonly asked: Asked; readonly mostTimes: number | undefined };

async function lists(server: Server, people: People, size: number): Promise<List[]> {
  const staff = await signedIn(server.origin, '/admin/login', people.administrator);
  const page = (name: string, query: string, mostTimes?: number): List => ({
    name: `the list of staff, ${name}`,
    asked: { path: `/admin/clients${query}`, headers: staff },
    mostTimes,
  });
  const call = (name: string, values: Record<string, string | number>, mostTimes?: number): List => ({
    name: `GetClients, ${name}`,
    asked: {
      path: '/includes/api.php',
      method: 'POST',
      headers: { 'content-type': FORM },
      body: apiBody(people, 'GetClients', values),
    },
    mostTimes,
  });
  return [
    call('first page', { limitstart: 0, limitnum: 25 }, 1.5),
    call('middle page', { limitstart: Math.floor(size / 2), limitnum: 25 }),
    call('last page', { limitstart: size - 25, limitnum: 25 }),
    call('search, rare', { search: RARE }, 10),
    call('search, common', { search: COMMON }, 10),
    call('search by last name, common', { search: COMMON, orderby: 'lastname' }, 10),
    page('first page', '', 1.5),
    page('search, rare', `?q=${RARE}`, 10),
    page('search, common', `?q=${COMMON}`, 10),
  ];
}

async function measured(
  bench: Bench,
  server: Server,
  { name, asked, mostTimes }: List,
  size: number,
  least: Map<string, number>,
): Promise<Line> {
  await askInTurn(server, asked, 5);
  const told = await askInTurn(server, asked, bench.quick ? 10 : 60);
  const took = median(told.map((one) => one.tookMs));
  const database = median(told.map((one) => one.databaseMs));
  const before = least.get(name) ?? took;
  least.set(name, before);
  return {
    what: `${name}, ${size.toLocaleString('en')} clients`,
    measured: `${milliseconds(took)}, of it ${milliseconds(database)} in the database`,
    ...(took === before ? {} : { beside: `${times(took / before)} of the time among 1,000` }),
    ...(took === before || mostTimes === undefined ? {} : { goal: goalOf(took / before, mostTimes, database) }),
  };
}

function goalOf(ratio: number, mostTimes: number, databaseMs: number): Goal {
  const met = ratio <= mostTimes && databaseMs < MOST_DATABASE_MS;
  return { text: `at most ${mostTimes} times, below ${MOST_DATABASE_MS} ms of database time`, met };
}
