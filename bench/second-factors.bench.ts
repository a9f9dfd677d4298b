// What a second factor costs a sign-in.

import type { Request } from 'autocannon';
import { TOTP } from 'otpauth';
import { systemActor } from '#domain/audit/actor.ts';
import { addAuthenticator } from '#domain/credentials/totp.ts';
import { freshSeed } from '#domain/credentials/totp-code.ts';
import { openContext } from '#src/context.ts';
import type { Rival, Sample } from './parts/compare.ts';
import { inTurns, perSecond, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import type { OpenForm } from './parts/people.ts';
import { FLOOR, FORM, openForm, populate, signInBody } from './parts/people.ts';
import type { Place } from './parts/place.ts';
import { configOf } from './parts/place.ts';
import type { Server } from './parts/server.ts';
import { atLeast, workload } from './parts/workload.ts';

const PEOPLE = 8192;
const CONNECTIONS = 32;
const ALONE = 'a password alone';
const BOTH = 'a password, then a code';

export default workload({
  title: 'Sign-ins with a second factor',
  about:
    'Sign-ins finished per second through the pages: half of the people have a password alone, the others an authenticator app too, so that theirs take two requests, the first of which keeps an attempt, the second of which checks and spends a code. Everybody uses a browser that is known, as people do.',
  async run(bench) {
    const place = await bench.place();
    const people = await populate(place, PEOPLE);
    const seeds = await withAuthenticators(
      place,
      people.customers.filter((_, at) => at % 2 === 1).map(({ userId }) => userId),
    );
    const server = await bench.start('doorward', { environment: place.environment });
    const form = await openForm(server.origin, '/login');
    const visitors = people.customers.map(({ email, userId }) => ({
      email,
      seed: seeds.get(userId),
      device: '',
      step: 0,
    }));
    const found = await inTurns(bench, [
      rival(
        ALONE,
        server,
        passwords(
          visitors.filter(({ seed }) => seed === undefined),
          form,
        ),
        1,
      ),
      rival(
        BOTH,
        server,
        codes(
          visitors.filter(({ seed }) => seed !== undefined),
          form,
        ),
        2,
      ),
    ]);
    const ratio = found.ratio(BOTH, ALONE);
    return [
      { what: ALONE, measured: perSecond(found.of(ALONE).perSecond) },
      {
        what: BOTH,
        measured: perSecond(found.of(BOTH).perSecond),
        beside: `${times(ratio)} of those without`,
        goal: atLeast(ratio, 0.9),
      },
    ];
  },
});

/** Whoever signs in: their seed where they have an app, and what their browser keeps. `step`: of the code they used last. */
type Visitor = { readonly email: string; readonly seed: string | undefined; device: string; step: number };

async function withAuthenticators(place: Place, userIds: readonly number[]): Promise<Map<number, string>> {
  const ctx = await openContext(configOf(place.environment), { passwordCost: FLOOR });
  const seeds = new Map<number, string>();
  try {
    for (const id of userIds) seeds.set(id, await freshSeed());
    await ctx.transaction(async (tx) => {
      for (const [id, seed] of seeds)
        await addAuthenticator(
          tx,
          systemActor('Bench'),
          { kind: 'user', id },
          {
            name: 'App',
            confirmed: { seed, step: 0, until: tx.now() + 60_000 },
            keepSessionId: undefined,
          },
        );
    });
    return seeds;
  } finally {
    await ctx.close();
  }
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

function passwords(visitors: readonly Visitor[], form: OpenForm): Request[] {
  const next = turns(visitors);
  const found = new Map(visitors.map((visitor) => [visitor.email, visitor]));
  return [
    {
      setupRequest: (_request, context) => {
        const visitor = next();
        context.email = visitor.email;
        return post('/login', form, visitor.device, signInBody(form, '/login', visitor.email));
      },
      onResponse: (_status, _body, context, answered) => signedIn(found.get(context.email ?? ''), answered),
    },
  ];
}

function codes(visitors: readonly Visitor[], form: OpenForm): Request[] {
  const next = turns(visitors);
  const found = new Map(visitors.map((visitor) => [visitor.email, visitor]));
  return [
    {
      setupRequest: (_request, context) => {
        const visitor = next();
        context.email = visitor.email;
        return post('/login', form, visitor.device, signInBody(form, '/login', visitor.email));
      },
      onResponse: (_status, _body, context, answered) => {
        context.attempt = cookie(answered, 'attempt');
        if (context.attempt === '') throw new Error('no code was asked for');
      },
    },
    {
      setupRequest: (_request, { email, attempt }) => {
        const visitor = found.get(email ?? '');
        const body = new URLSearchParams({ csrf: form.csrf, code: codeOf(visitor) }).toString();
        return post('/login/code', form, `${attempt}; ${visitor?.device}`, body);
      },
      onResponse: (_status, _body, context, answered) => signedIn(found.get(context.email ?? ''), answered),
    },
  ];
}

/** The next one who has a code left. */
function turns(visitors: readonly Visitor[]): () => Visitor {
  let at = 0;
  return () => {
    for (let tries = 0; tries < visitors.length; tries += 1) {
      at = (at + 1) % visitors.length;
      const visitor = visitors[at];
      // The code of now, or the next one: each is good once.
      if (visitor && (visitor.seed === undefined || visitor.step <= stepNow())) {
        visitor.step = Math.max(stepNow(), visitor.step + 1);
        return visitor;
      }
    }
    throw new Error('everybody has used their codes: the bench needs more people');
  };
}

function stepNow(): number {
  return Math.floor(Date.now() / 30_000);
}

function codeOf(visitor: Visitor | undefined): string {
  return new TOTP({ secret: visitor?.seed ?? '' }).generate({ timestamp: (visitor?.step ?? 0) * 30_000 });
}

function post(path: string, form: OpenForm, cookies: string, body: string): Request {
  return { method: 'POST', path, headers: { 'content-type': FORM, cookie: `${form.cookie}; ${cookies}` }, body };
}

/** Keeps what the browser was given, and stops where somebody was not let in. */
function signedIn(visitor: Visitor | undefined, answered: Readonly<Record<string, unknown>>): void {
  if (!visitor || cookie(answered, 'session') === '') throw new Error('somebody was not let in');
  visitor.device = cookie(answered, 'device') || visitor.device;
}

/** A cookie as the browser sends it back; '' when there is none. */
function cookie(answered: Readonly<Record<string, unknown>>, name: string): string {
  const all = [answered['set-cookie'] ?? []].flat().map(String);
  const found = all.find((one) => one.includes(`doorward-${name}=`));
  return found?.split(';')[0] ?? '';
}
