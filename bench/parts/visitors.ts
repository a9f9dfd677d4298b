// People who sign in by the pages, each in a browser of their own that is known, as people do; some with an authenticator app.

import { createHmac } from 'node:crypto';
import type { Request } from 'autocannon';
import { Secret } from 'otpauth';
import { systemActor } from '#domain/audit/actor.ts';
import { addAuthenticator } from '#domain/credentials/totp.ts';
import { freshSeed } from '#domain/credentials/totp-code.ts';
import { meetDevice } from '#domain/devices/devices.ts';
import type { Context } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import type { OpenForm, Person } from './people.ts';
import { FLOOR, FORM, signInBody } from './people.ts';
import type { Place } from './place.ts';
import { configOf } from './place.ts';

/** Whoever signs in: their seed where they have an app, and what their browser keeps. `step`: of the code they used last. */
export type Visitor = { readonly email: string; readonly seed: string | undefined; device: string; step: number };

const MAKING = systemActor('Bench');

/** Makes the browsers of these people known, and gives an app to those whom `hasApp` says. Call it before the server starts. */
export async function makeVisitors(
  place: Place,
  people: readonly Person[],
  hasApp: (at: number) => boolean,
): Promise<Visitor[]> {
  const ctx = await openContext(configOf(place.environment), { passwordCost: FLOOR });
  try {
    return await ctx.transaction(async (tx) => {
      const made: Visitor[] = [];
      for (const [at, { email, userId }] of people.entries()) {
        const seen = { ip: '127.0.0.1', userAgent: '' };
        const { token } = await meetDevice(tx, { kind: 'user', id: userId }, undefined, seen);
        const seed = hasApp(at) ? await withApp(tx, userId) : undefined;
        made.push({ email, seed, device: `doorward-device=${token}`, step: 0 });
      }
      return made;
    });
  } finally {
    await ctx.close();
  }
}

async function withApp(tx: Context, id: number): Promise<string> {
  const seed = await freshSeed();
  await addAuthenticator(
    tx,
    MAKING,
    { kind: 'user', id },
    { name: 'App', confirmed: { seed, step: 0, until: tx.now() + 60_000 }, keepSessionId: undefined },
  );
  return seed;
}

/** Sign-ins by a password alone: one answer of 303 each. */
export function passwordSignIns(visitors: readonly Visitor[], form: OpenForm): Request[] {
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

/** Sign-ins by a password and the code of an app: two answers of 303 each. */
export function codeSignIns(visitors: readonly Visitor[], form: OpenForm): Request[] {
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

// RFC 6238 by what the runtime has: the load generator shall not take the time that is measured.
function codeOf(visitor: Visitor | undefined): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(visitor?.step ?? 0));
  const digest = createHmac('sha1', keyOf(visitor?.seed ?? ''))
    .update(counter)
    .digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const keys = new Map<string, Uint8Array>();

function keyOf(seed: string): Uint8Array {
  const known = keys.get(seed) ?? Secret.fromBase32(seed).bytes;
  keys.set(seed, known);
  return known;
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
