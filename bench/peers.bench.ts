// better-auth, the best known library for this on npm, beside us in the same run.

import type { Request } from 'autocannon';
import type { Rival } from './parts/compare.ts';
import { inTurns, sampleText, times } from './parts/compare.ts';
import { loadServer } from './parts/load.ts';
import { FLOOR, FORM, openForm, PASSWORD, populate, signedIn, signInBody } from './parts/people.ts';
import type { Server } from './parts/server.ts';
import type { Bench } from './parts/workload.ts';
import { atLeast, workload } from './parts/workload.ts';

const PEOPLE = 64;
const THEIR_PEOPLE = 16; // each signs up by their own slow hash before anything is measured
const SIGNING_IN = 16;
const CHECKING = 32;
const OURS = 'sign-in, Doorward';
const OURS_CALIBRATED = 'sign-in, Doorward at the cost it chooses by itself';
const THEIRS = 'sign-in, better-auth with its own hash (scrypt)';
const THEIRS_OURS = 'sign-in, better-auth with our hash at our cost';
const CHECK = 'session check, Doorward';
const THEIR_CHECK = 'session check, better-auth';
const THEIR_CACHE = 'session check, better-auth with its cookie cache';

export default workload({
  title: 'Beside better-auth',
  about:
    'The same work by better-auth (newest release, its own handler on `node:http`, the same kind of database with the same durability, its limits, log and telemetry off). Hashes at OWASP’s least cost unless the line says otherwise. Its cookie cache answers from a signed cookie without asking whether the session still holds; Doorward asks each time.',
  async run(bench) {
    const [ours, calibrated] = [await doorward(bench), await doorward(bench, true)];
    const [own, argon2, cached] = [
      await betterAuth(bench, {}),
      await betterAuth(bench, {
        argon2: { memoryCost: FLOOR.memoryKiB, timeCost: FLOOR.passes, parallelism: FLOOR.lanes },
      }),
      await betterAuth(bench, { cookieCache: true }),
    ];
    const found = await inTurns(bench, [
      rival(OURS, ours, await ourSignIns(ours), SIGNING_IN, 303),
      rival(OURS_CALIBRATED, calibrated, await ourSignIns(calibrated), SIGNING_IN, 303),
      rival(THEIRS, own, theirSignIns(own), SIGNING_IN, 200),
      rival(THEIRS_OURS, argon2, theirSignIns(argon2), SIGNING_IN, 200),
      rival(CHECK, ours, await ourChecks(ours), CHECKING, 200),
      rival(THEIR_CHECK, own, await theirChecks(own), CHECKING, 200),
      rival(THEIR_CACHE, cached, await theirChecks(cached), CHECKING, 200),
    ]);
    const told = (what: string) => ({ what, measured: sampleText(found.of(what)) });
    const beside = (what: string, base: string) => ({
      ...told(what),
      beside: `Doorward is ${times(found.ratio(base, what))} times as fast`,
    });
    return [
      told(OURS),
      told(OURS_CALIBRATED),
      { ...beside(THEIRS, OURS), goal: atLeast(found.ratio(OURS, THEIRS), 5) },
      { ...beside(THEIRS_OURS, OURS), goal: atLeast(found.ratio(OURS, THEIRS_OURS), 1.1) },
      told(CHECK),
      { ...beside(THEIR_CHECK, CHECK), goal: atLeast(found.ratio(CHECK, THEIR_CHECK), 15) },
      beside(THEIR_CACHE, CHECK),
    ];
  },
});

async function doorward(bench: Bench, calibrated = false): Promise<Server> {
  const place = await bench.place();
  await populate(place, PEOPLE, calibrated ? 'calibrated' : FLOOR);
  return bench.start('doorward', { environment: place.environment });
}

async function betterAuth(bench: Bench, how: object): Promise<Server> {
  const { folder, databaseUrl } = await bench.place();
  return bench.start('better-auth', { folder, databaseUrl, people: THEIR_PEOPLE, password: PASSWORD, ...how });
}

function rival(name: string, server: Server, requests: Request[], connections: number, expected: number): Rival {
  return { name, measure: (seconds) => loadServer(server, { requests, connections, expected }, seconds) };
}

async function ourSignIns(server: Server): Promise<Request[]> {
  const form = await openForm(server.origin, '/login');
  return addresses(PEOPLE).map((email) => ({
    method: 'POST',
    path: '/login',
    headers: { 'content-type': FORM, cookie: form.cookie },
    body: signInBody(form, '/login', email),
  }));
}

async function ourChecks(server: Server): Promise<Request[]> {
  return [{ path: '/bench/session', headers: await signedIn(server.origin, '/login', 'p0@example.test') }];
}

function theirSignIns(server: Server): Request[] {
  return addresses(THEIR_PEOPLE).map((email) => ({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    headers: { 'content-type': 'application/json', origin: server.origin },
    body: JSON.stringify({ email, password: PASSWORD }),
  }));
}

/** The check of a session that was just opened; it must answer with the person, not with nobody. */
async function theirChecks(server: Server): Promise<Request[]> {
  const [first] = theirSignIns(server);
  const answer = await fetch(`${server.origin}${first?.path}`, {
    method: 'POST',
    headers: { ...first?.headers },
    body: first?.body ?? '',
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const path = '/api/auth/get-session';
  const session = await (await fetch(server.origin + path, { headers: { cookie } })).text();
  if (!session.includes('p0@example.test')) throw new Error('better-auth did not sign its own person in');
  return [{ path, headers: { cookie } }];
}

function addresses(people: number): string[] {
  return Array.from({ length: people }, (_, number) => `p${number}@example.test`);
}
