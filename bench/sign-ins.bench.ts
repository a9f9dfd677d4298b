// How much of the hashing that a machine can do becomes sign-ins.

import type { Request } from 'autocannon';
import type { Rival } from './parts/compare.ts';
import { inTurns, perSecond, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import type { People } from './parts/people.ts';
import { apiBody, FORM, openForm, PASSWORD, populate, signInBody } from './parts/people.ts';
import type { Server } from './parts/server.ts';
import { atLeast, workload } from './parts/workload.ts';

const PEOPLE = 512;
const CONNECTIONS = 32;

export default workload({
  title: 'Sign-ins',
  about:
    'Passwords checked per second, through the sign-in page and through `ValidateLogin`, beside two threads that do nothing but check the same hash at the same cost (Argon2id, 19 MiB, two passes: OWASP’s least) on the same two cores. Each sign-in is a request, limits, the hash, and a transaction that writes the session, the person and the log to disk; the load generator takes its share of the cores too.',
  async run(bench) {
    const place = await bench.place();
    const people = await populate(place, PEOPLE);
    const hashing = await bench.start('hashing', { hash: people.hash, password: PASSWORD });
    const server = await bench.start('doorward', { environment: place.environment });
    const found = await inTurns(bench, [
      bareHash(hashing),
      signIns('the sign-in page', server, await pagePosts(server, people), 303),
      signIns('ValidateLogin', server, validations(people), 200),
    ]);
    const line = (name: string) => {
      const ratio = found.ratio(name, 'the bare hash');
      const beside = `${times(ratio)} of the bare hash`;
      return { what: name, measured: perSecond(found.of(name).perSecond), beside, goal: atLeast(ratio, 0.8) };
    };
    return [
      { what: 'the bare hash', measured: perSecond(found.of('the bare hash').perSecond) },
      line('the sign-in page'),
      line('ValidateLogin'),
    ];
  },
});

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

async function pagePosts(server: Server, people: People): Promise<Request[]> {
  const form = await openForm(server.origin, '/login');
  return people.customers.map(({ email }) => ({
    method: 'POST',
    path: '/login',
    headers: { 'content-type': FORM, cookie: form.cookie },
    body: signInBody(form, '/login', email),
  }));
}

function validations(people: People): Request[] {
  return people.customers.map(({ email }) => ({
    method: 'POST',
    path: '/includes/api.php',
    headers: { 'content-type': FORM },
    body: apiBody(people, 'ValidateLogin', { email, password2: PASSWORD }),
  }));
}
