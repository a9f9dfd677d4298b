// What a second factor costs a sign-in.

import type { Request } from 'autocannon';
import type { Rival, Sample } from './parts/compare.ts';
import { inTurns, perSecond, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import { costIn, FLOOR, openForm, populate } from './parts/people.ts';
import type { Server } from './parts/server.ts';
import { codeSignIns, makeVisitors, passwordSignIns } from './parts/visitors.ts';
import type { Bench, Line } from './parts/workload.ts';
import { atLeast, workload } from './parts/workload.ts';

const PEOPLE = 8192;
const CONNECTIONS = 32;
const ALONE = 'a password alone';
const BOTH = 'a password, then a code';

export default workload({
  title: 'Sign-ins with a second factor',
  about:
    'Sign-ins finished per second through the pages: half of the people have a password alone, the others an authenticator app too, so that theirs take two requests, the first of which keeps an attempt, the second of which checks and spends a code. Everybody uses a browser that is known, as people do. First at the cost of a hash that an installation finds for itself, which the goal is about; then at the least that OWASP allows.',
  run: async (bench) => [...(await linesAt(bench, 'calibrated')), ...(await linesAt(bench, FLOOR))],
});

async function linesAt(bench: Bench, cost: typeof FLOOR | 'calibrated'): Promise<Line[]> {
  const place = await bench.place();
  const people = await populate(place, PEOPLE, cost);
  const visitors = await makeVisitors(place, people.customers, (at) => at % 2 === 1);
  const server = await bench.start('doorward', { environment: place.environment });
  const form = await openForm(server.origin, '/login');
  const [alone, both] = [visitors.filter(({ seed }) => !seed), visitors.filter(({ seed }) => seed)];
  const found = await inTurns(bench, [
    rival(ALONE, server, passwordSignIns(alone, form), 1),
    rival(BOTH, server, codeSignIns(both, form), 2),
  ]);
  await server.stop();
  const ratio = found.ratio(BOTH, ALONE);
  const at = costIn(people);
  return [
    { what: `${ALONE}, ${at}`, measured: perSecond(found.of(ALONE).perSecond) },
    {
      what: `${BOTH}, ${at}`,
      measured: perSecond(found.of(BOTH).perSecond),
      beside: `${times(ratio)} of those without`,
      ...(cost === 'calibrated' ? { goal: atLeast(ratio, 0.9) } : {}),
    },
  ];
}

/** `answers`: how many answers of 303 a sign-in takes. */
function rival(name: string, server: Server, requests: Request[], answers: number): Rival {
  const each = (sample: Sample): Sample => ({
    ...sample,
    perSecond: sample.perSecond / answers,
    cpuMsEach: sample.cpuMsEach * answers,
  });
  return {
    name,
    measure: async (seconds) =>
      each(await loadServer(server, { requests, connections: CONNECTIONS, expected: 303 }, seconds)),
  };
}
