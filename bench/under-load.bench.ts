// Whether a flood of sign-ins slows those who are already in.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from 'autocannon';
import { milliseconds, quantile } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import { FORM, openForm, populate, signedIn, signInBody } from './parts/people.ts';
import { probe } from './parts/probe.ts';
import type { Server } from './parts/server.ts';
import { below, workload } from './parts/workload.ts';

const AT_ONCE = 64;

export default workload({
  title: 'Session checks during a flood of sign-ins',
  about: `A session check every five milliseconds, first alone, then while ${AT_ONCE} sign-ins at once keep both cores hashing. The checks keep their pace whether or not the earlier ones were answered, so a stall counts for every check that it delays.`,
  async run(bench) {
    const place = await bench.place();
    await populate(place, 256);
    const server = await bench.start('doorward', { environment: place.environment });
    const headers = await signedIn(server.origin, '/login', 'p0@example.test');
    const requests = await posts(server);
    const seconds = bench.seconds * bench.rounds;
    const check = () => probe(server, { path: '/bench/session', headers, everyMs: 5, seconds });
    await check();
    const alone = await check();
    const flood = loadServer(server, { requests, connections: AT_ONCE, expected: 303 }, seconds + 3);
    await sleep(1500); // until the flood is on
    const flooded = await check();
    const signIns = await flood;
    const p99 = quantile(flooded, 0.99);
    return [
      { what: 'a check, alone', measured: spread(alone) },
      {
        what: `a check beside ${AT_ONCE} sign-ins at once`,
        measured: spread(flooded),
        beside: `${Math.round(signIns.perSecond)} sign-ins/s meanwhile, ${signIns.busy.toFixed(2)} cores busy`,
        goal: below(p99, 10, 'ms at p99'),
      },
    ];
  },
});

async function posts(server: Server): Promise<Request[]> {
  const form = await openForm(server.origin, '/login');
  return Array.from({ length: 255 }, (_, number) => ({
    method: 'POST',
    path: '/login',
    headers: { 'content-type': FORM, cookie: form.cookie },
    body: signInBody(form, '/login', `p${number + 1}@example.test`),
  }));
}

function spread(times: readonly number[]): string {
  const [half, most, worst] = [quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1)];
  return `half within ${milliseconds(half)}, p99 ${milliseconds(most)}, worst ${milliseconds(worst)}`;
}
