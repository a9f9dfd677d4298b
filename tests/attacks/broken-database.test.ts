// Break the database: fail closed (Auth.js GHSA-8fpg-xm3f-6cx3; authentik CVE-2024-47070). While it is gone, locked, read only
// or full, or gives out between two statements, no page, action, session check or limit lets anybody in or answers with data;
// everybody is told so kindly, and once it is back nobody has to help.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { systemActor } from '#domain/audit/actor.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { seconds } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { Breakage } from '#tests/broken-database.ts';
import { breakStatements, FAULT_WORDS, lock, makeReadOnly, takeAway } from '#tests/broken-database.ts';
import type { TestApp } from '#tests/factors.ts';
import { giveApp } from '#tests/factors.ts';
import type { ApiAnswer, TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const OWN = { 'sec-fetch-site': 'same-origin' };
const FRESH = 'nine paper boats drifting';

/** Something tried, ready to be sent: only its sending meets the broken database. */
type Try = {
  readonly send: () => Promise<LightMyRequestResponse>;
  /** Whether the answer lets its sender in, or does what was asked. */
  readonly succeeds: (answer: LightMyRequestResponse) => boolean;
};

onBothDatabases('break the database: fail closed', (database) => {
  let world: World;
  let ada: TestBrowser;
  let root: TestBrowser;
  let app: TestApp;
  const lines: string[] = [];
  before(async () => {
    world = await testWorld(database, { databasePatienceMs: 100 });
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    for (const level of ['error', 'warn', 'info'] as const) world.ctx.log[level] = logger[level].bind(logger);
    ada = world.browser();
    root = world.browser();
    await ada.signIn(world.cast.ada.email);
    await root.signIn('root');
    app = await giveApp(world, { kind: 'user', id: world.cast.eve.id });
    const ban = { range: '192.0.2.66', reason: 'x', expiresAt: undefined, source: 'x' };
    await banAddress(world.ctx, SYSTEM, ban);
  });
  after(() => world.close());

  /** Everything that opens a door, with what is right: each would be let in, were the database there. */
  const doors: Readonly<Record<string, () => Promise<Try>>> = {
    'a sign-in': async () => signInBy('/login', { email: world.cast.ada.email, password: PASSWORD }),
    'a sign-in of staff': async () => signInBy('/admin/login', { username: 'root', password: PASSWORD }),
    'a second factor': async () => {
      const browser = world.browser();
      await browser.signIn(world.cast.eve.email);
      const csrf = csrfOf(await browser.get('/login/code'));
      return {
        send: async () => browser.postRaw('/login/code', { csrf, code: await app.shows() }, OWN),
        succeeds: () => [...browser.cookies.keys()].some((name) => /session/.test(name)),
      };
    },
    'a single sign-on token': async () => {
      const of = { clientId: world.cast.ada.clientId, userId: undefined, destination: undefined };
      const rest = { serviceId: undefined, domainId: undefined, redirectPath: undefined };
      const made = await createSsoToken(world.ctx, SYSTEM, { ...of, ...rest });
      assert.ok('token' in made);
      const browser = world.browser();
      return {
        send: () => browser.get(`/oauth/singlesignon.php?access_token=${made.token}`),
        succeeds: () => [...browser.cookies.keys()].some((name) => /session/.test(name)),
      };
    },
    'a link for a password': async () => {
      await sendPasswordLink(world.ctx, SYSTEM, world.cast.ben.id, 'asked');
      const path = new URL((await world.letterTo(world.cast.ben.email)).link).pathname;
      const browser = world.browser();
      const csrf = csrfOf(await browser.get(path));
      return {
        send: () => browser.postRaw(path, { csrf, password: FRESH }, OWN),
        succeeds: (answer) => answer.statusCode === 303,
      };
    },
    ValidateLogin: async () => calling('ValidateLogin', { email: world.cast.ada.email, password2: PASSWORD }),
    CreateSsoToken: async () => calling('CreateSsoToken', { client_id: String(world.cast.ada.clientId) }),
  };

  async function signInBy(path: string, fields: Readonly<Record<string, string>>): Promise<Try> {
    const browser = world.browser();
    const csrf = csrfOf(await browser.get(path));
    return {
      send: () => browser.postRaw(path, { csrf, ...fields }, OWN),
      succeeds: () => [...browser.cookies.keys()].some((name) => /session|admin/.test(name)),
    };
  }
  async function calling(action: string, values: Readonly<Record<string, string>>): Promise<Try> {
    await world.credential();
    return {
      send: async () => (await call(action, values)).raw,
      succeeds: (answer) => /"result":"success"|passwordhash|access_token/.test(answer.body),
    };
  }
  const call = (action: string, values: Readonly<Record<string, string>>): Promise<ApiAnswer> =>
    world.api(action, values);

  /** An answer as kind as one can be: 503, when to come back, a whole page or the wire's shape, and nothing of the fault. */
  function assertKind(answer: LightMyRequestResponse, what: string): void {
    assert.equal(answer.statusCode, 503, `${what}: ${answer.statusCode} ${answer.body.slice(0, 300)}`);
    assert.equal(answer.headers['retry-after'], '30', what);
    assert.equal(answer.headers['cache-control'], 'no-store', what);
    assert.doesNotMatch(answer.body, FAULT_WORDS, what);
    assert.doesNotMatch(answer.body, /Lovelace|Analytical|ada@example\.test/, what);
    if (String(answer.headers['content-type']).includes('json')) {
      const body = answer.json() as Record<string, unknown>;
      assert.deepEqual(Object.keys(body).sort(), ['message', 'reference', 'result'], what);
      assert.equal(body.result, 'error', what);
      assert.match(String(body.message), /try again in a minute/, what);
    } else {
      assert.match(answer.body, /^<!doctype html>[\s\S]*<h1>Back in a moment<\/h1>[\s\S]*try again in a minute/, what);
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/, what);
    }
  }

  const breakages: Readonly<Record<string, () => Promise<Breakage>>> = {
    gone: () => takeAway(world),
    'read only': () => makeReadOnly(world),
    locked: () => lock(world),
    full: async () => breakStatements(world, (_, text) => /^(?:insert|update|commit)/.test(text), 'full'),
    failing: async () => breakStatements(world, () => true),
  };

  for (const [kind, breakIt] of Object.entries(breakages)) {
    test(`${kind}: nobody gets in, nothing is told, and afterwards everything is as it was`, async () => {
      world.clock.turn(seconds(61)); // when somebody was last seen is due to be written
      const tries = new Map<string, Try>();
      for (const [name, prepare] of Object.entries(doors)) tries.set(name, await prepare());
      const wrong = await signInBy('/login', { email: world.cast.ada.email, password: 'not this one' });
      const sessions = await sessionCount();

      const broken = await breakIt();
      try {
        for (const [name, { send, succeeds }] of tries) {
          const answer = await send();
          assert.equal(succeeds(answer), false, `${name}: ${answer.statusCode}`);
          assertKind(answer, `${name}, ${kind}`);
        }
        assertKind(await wrong.send(), 'a wrong password is neither told from the right one nor looked at uncounted');
        for (const [browser, path] of [
          [ada, '/user/profile'],
          [ada, `/account/${world.cast.ada.clientId}/details`],
          [root, `/admin/clients/${world.cast.ada.clientId}`],
          [root, '/admin/nothing-here'],
        ] as const)
          assertKind(await browser.get(path), `${path}, ${kind}`);
        const looked = await call('GetClientsDetails', { clientid: String(world.cast.ada.clientId) });
        // What is only read may still be, by whom it is for.
        if (kind === 'gone' || kind === 'failing' || (database === 'postgres' && kind === 'locked'))
          assertKind(looked.raw, kind);
        world.clock.turn(seconds(2)); // what was remembered of settings and bans is too old
        const banned = await world.browser({ ip: '192.0.2.66' }).get('/login');
        assert.ok(banned.statusCode === 403 || banned.statusCode === 503, `the banned meet ${banned.statusCode}`);
        const made = world.browser();
        made.cookies.set('doorward-session', 'x'.repeat(43));
        const answer = await made.get('/user/profile');
        assert.ok([303, 503].includes(answer.statusCode), `a made-up session meets ${answer.statusCode}`);
        assert.equal((await made.get('/healthz')).statusCode, 200);
        assert.equal((await made.get('/assets/doorward.css')).statusCode, 200);
        if (kind === 'gone') assert.equal((await made.get('/readyz')).statusCode, 503);
      } finally {
        await broken.mend();
      }

      assert.equal(await sessionCount(), sessions, 'no session was opened');
      assert.equal((await ada.get('/user/profile')).statusCode, 200, 'whoever was signed in still is');
      assert.equal((await root.get('/admin/clients')).statusCode, 200);
      for (const [name, { send, succeeds }] of tries) {
        const answer = await send();
        assert.equal(
          succeeds(answer),
          true,
          `${name} was not spent: ${answer.statusCode} ${answer.body.slice(0, 200)}`,
        );
      }
    });
  }

  for (const name of Object.keys(doors))
    test(`${name}: whichever statement fails, nobody is let in, and right afterwards they are`, async () => {
      let at = 0;
      for (let done = false; !done; ) {
        at += 1;
        world.clock.turn(seconds(31));
        const { send, succeeds } = await (doors[name] ?? assert.fail)();
        const sessions = await sessionCount();
        const broken = breakStatements(world, (number) => number === at);
        const answer = await send().finally(() => broken.mend());
        done = broken.seen < at;
        if (done) {
          assert.equal(succeeds(answer), true, 'nothing failed');
          break;
        }
        assert.equal(succeeds(answer), false, `statement ${at}: ${answer.statusCode}`);
        assertKind(answer, `statement ${at} of ${name}`);
        assert.equal(await sessionCount(), sessions, `statement ${at}`);
        const again = await send();
        // A code is spent before the session is opened: who gets none begins anew, as the next turn of this loop does.
        if (name !== 'a second factor' || leadsTo(again) !== '/login')
          assert.equal(succeeds(again), true, `statement ${at} of ${name}: afterwards ${again.statusCode}`);
      }
      assert.ok(at > 3, `${at} statements`);
    });

  test('the log says why, with the reference that people were shown, and holds nothing of theirs', () => {
    const all = lines.join('\n');
    assert.match(all, /"reference":"[\w-]{8}"/);
    assert.match(all, database === 'sqlite' ? /disk I\/O error/ : /could not write block/);
    for (const one of [PASSWORD, FRESH]) assert.ok(!all.includes(one));
  });

  async function sessionCount(): Promise<number> {
    return (await world.ctx.db.selectFrom('sessions').select('id').execute()).length;
  }
});
