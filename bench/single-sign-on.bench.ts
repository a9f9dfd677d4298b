// Single sign-on: a token made by a program and spent by a browser.

import type { Request } from 'autocannon';
import { inTurns, sampleText, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import type { People } from './parts/people.ts';
import { apiBody, FORM, populate } from './parts/people.ts';
import { workload } from './parts/workload.ts';

const BARE = 'bare Fastify, one durable row written';
const PAIR = 'a token made and redeemed';

export default workload({
  title: 'Single sign-on',
  about:
    '`CreateSsoToken`, then the address that it answered, opened by a browser without cookies: two requests and two durable transactions (the token with its audit line; the token spent, a session opened, the person and the log). Beside it a bare Fastify that writes one row, each in a commit of its own.',
  async run(bench) {
    const place = await bench.place();
    const people = await populate(place, 100);
    const bare = await bench.start('bare', { folder: place.folder, databaseUrl: (await bench.place()).databaseUrl });
    const server = await bench.start('doorward', { environment: place.environment });
    const write: Request = { method: 'POST', path: '/write' };
    const found = await inTurns(bench, [
      {
        name: BARE,
        measure: (seconds) => loadServer(bare, { requests: [write], connections: 32, expected: 200 }, seconds),
      },
      {
        name: PAIR,
        measure: (seconds) =>
          loadServer(
            server,
            { requests: madeAndSpent(people), connections: 32, expected: 303, onTheWay: 200 },
            seconds,
          ),
      },
    ]);
    return [
      { what: BARE, measured: sampleText(found.of(BARE)) },
      {
        what: PAIR,
        measured: sampleText(found.of(PAIR)),
        beside: `${times(found.ratio(PAIR, BARE))} of the bare writes`,
      },
    ];
  },
});

function madeAndSpent(people: People): Request[] {
  const path = '/includes/api.php';
  const headers = { 'content-type': FORM };
  let turn = 0;
  const nextCall = (): Request => {
    turn = (turn + 1) % people.customers.length;
    const values = { client_id: people.customers[turn]?.clientId ?? 0 };
    return { method: 'POST', path, headers, body: apiBody(people, 'CreateSsoToken', values) };
  };
  return [
    {
      setupRequest: nextCall,
      onResponse: (_status, body, context) => {
        const token = /"access_token":"([0-9a-f]{40})"/.exec(body)?.[1];
        if (token === undefined) throw new Error(`no token was made: ${body}`);
        context.token = token;
      },
    },
    {
      setupRequest: (_request, { token }) => ({
        method: 'GET',
        headers: {},
        path: `/oauth/singlesignon.php?access_token=${token}`,
      }),
      onResponse: (_status, _body, _context, answered) => {
        if (!String(answered['set-cookie']).includes('-session=')) throw new Error('a token did not sign anybody in');
      },
    },
  ];
}
