// How much of the hashing that a machine can do becomes sign-ins.

import type { Request } from 'autocannon';
import type { Rival } from './parts/compare.ts';
import { inTurns, perSecond, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import type { People } from './parts/people.ts';
import { apiBody, costIn, FLOOR, FORM, openForm, PASSWORD, populate } from './parts/people.ts';
import type { Server } from './parts/server.ts';
import { makeVisitors, passwordSignIns } from './parts/visitors.ts';
import type { Bench, Line } from './parts/workload.ts';
import { atLeast, workload } from './parts/workload.ts';

const PEOPLE = 512;
const CONNECTIONS = 32;

export default workload({
  title: 'Sign-ins',
  about:
    'Passwords checked per second, through the sign-in page and through `ValidateLogin`, beside a thread for each core that does nothing but check the same hash at the same cost on the same cores. Each sign-in is a request, limits, the hash, and a transaction that writes the session, the person and the log to disk; the load generator takes its share of the cores too. At the page everybody uses a browser that is known, as people do. First at the cost that an installation finds for itself at its first start (25 ms of a core), which is what people run and what the goal is about; then at the least that OWASP allows (Argon2id, 19 MiB, two passes), where everything beside the hash weighs the most.',
  run: async (bench) => [...(await linesAt(bench, 'calibrated')), ...(await linesAt(bench, FLOOR))],
});

async function linesAt(bench: Bench, cost: typeof FLOOR | 'calibrated'): Promise<Line[]> {
  const place = await bench.place();
  const people = await populate(place, PEOPLE, cost);
  const visitors = await makeVisitors(place, people.customers, () => false);
  const hashing = await bench.start('hashing', { hash: people.hash, password: PASSWORD });
  const server = await bench.start('doorward', { environment: place.environment });
  const found = await inTurns(bench, [
    bareHash(hashing),
    signIns('the sign-in page', server, passwordSignIns(visitors, await openForm(server.origin, '/login')), 303),
    signIns('ValidateLogin', server, validations(people), 200),
  ]);
  await server.stop();
  await hashing.stop();
  const at = costIn(people);
  const line = (name: string): Line => {
    const ratio = found.ratio(name, 'the bare hash');
    const beside = `${times(ratio)} of the bare hash`;
    const goal = cost === 'calibrated' ? { goal: atLeast(ratio, 0.8) } : {};
    return { what: `${name}, ${at}`, measured: perSecond(found.of(name).perSecond), beside, ...goal };
  };
  return [
    { what: `the bare hash, ${at}`, measured: perSecond(found.of('the bare hash').perSecond) },
    line('the sign-in page'),
    line('ValidateLogin'),
  ];
}

function bareHash(hashing: Server): Rival {
  return {
    name: 'the bare hash',
    async measure(seconds) {
      const before = await hashing.usage();
      hashing.tell('work');
      const from = performance.now();
      await new Promise((done) => setTimeout(done, seconds * 1000));
      hashing.tell('rest');
      const after = await hashing.usage();
      const tookMs = performance.now() - from;
      const done = after.count - before.count;
      const cpuMs = after.cpuMs - before.cpuMs;
      return { perSecond: (done / tookMs) * 1000, cpuMsEach: cpuMs / done, busy: cpuMs / tookMs };
    },
  };
}

function signIns(name: string, server: Server, requests: Request[], expected: number): Rival {
  return {
    name,
    measure: (seconds) => loadServer(server, { requests, connections: CONNECTIONS, expected }, seconds),
  };
}

function validations(people: People): Request[] {
  return people.customers.map(({ email }) => ({
    method: 'POST',
    path: '/includes/api.php',
    headers: { 'content-type': FORM },
    body: apiBody(people, 'ValidateLogin', { email, password2: PASSWORD }),
  }));
}
