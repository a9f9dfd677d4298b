// The frame around every page, tried with pages made up for it: who enters, whose forms count, what is typed and kept, how
// faults look, which headers protect. What the whole app does with hostile requests stands at the end.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { fastify } from 'fastify';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Found } from '#kit/discover.ts';
import { days, minutes } from '#kit/duration.ts';
import { html } from '#kit/html.ts';
import { conflict, invalid, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';
import { noticeValue, readNotice } from '#web/cookies.ts';
import type { Room } from '#web/front/found-pages.ts';
import { pagesOf } from '#web/front/found-pages.ts';
import { answerNotFound, registerPages } from '#web/front.ts';
import type { Visit, Who } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom, clientRoom, entranceRoom } from '#web/parts/rooms.ts';

const SYSTEM = systemActor('Test');
const SECRET = 'what only those may see who may enter';

/** What the made-up pages did. */
type Done = { posts: string[]; gets: number };

function picture(visit: Visit, room: Room, inside: string) {
  const { frame, errors } = visit;
  const field = textField(frame, { name: 'name', label: 'Name', value: visit.form.text('name'), errors });
  const body = html`<p>${inside}</p>${form(frame, { errors, body: field, button: 'Save' })}`;
  const draw = { entrance: entranceRoom, client: clientRoom, admin: adminRoom }[room];
  return draw(frame, { title: 'Made up', body, errors });
}

/** A page that draws a secret and a form, and notes each post. */
function madeUp(room: Room, who: Who, done: Done, over: object = {}) {
  return page({
    who,
    get: async (visit) => {
      done.gets += 1;
      return show(picture(visit, room, SECRET));
    },
    post: async (visit) => {
      done.posts.push(visit.form.text('name'));
      if (visit.form.text('name') === 'taken') throw conflict('email-taken');
      if (visit.form.text('name') === '') throw invalid({ name: 'name-missing' });
      if (visit.form.text('name') === 'gone') throw new Problem('not-found', 'client-not-found');
      if (visit.form.text('name') === 'busy') throw new Problem('unavailable', 'too-busy', { retryAfterSeconds: 7 });
      if (visit.form.text('name') === 'broken') throw new Error(`select * from users where secret = 'topsecret'`);
      return goTo('/made-up/done', { tone: 'success', key: 'errors.too-many-tries', values: { minutes: 3 } });
    },
    ...over,
  });
}

const FILES: readonly [room: Room, path: string, who: Who][] = [
  ['entrance', 'made-up/anyone.ts', { is: 'anyone' }],
  ['client', 'made-up/user.ts', { is: 'user' }],
  ['client', 'made-up/[client]/any.ts', { is: 'account', permission: 'any' }],
  ['client', 'made-up/[client]/owner.ts', { is: 'account', permission: 'owner' }],
  ['client', 'made-up/[client]/profile.ts', { is: 'account', permission: 'profile' }],
  ['client', 'made-up/[client]/tickets.ts', { is: 'account', permission: 'tickets' }],
  ['admin', 'made-up/any.ts', { is: 'staff', permission: 'any' }],
  ['admin', 'made-up/clients.ts', { is: 'staff', permission: 'List Clients' }],
  ['admin', 'made-up/roles.ts', { is: 'staff', permission: 'Configure Admin Roles' }],
];

const ROOMS = ['entrance', 'client', 'admin'] as const;

async function little(
  ctx: Context,
  done: Done,
  extra: readonly [Room, string, object][] = [],
): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true });
  app.decorateRequest('visitorIp', '');
  await app.register(fastifyCookie);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) =>
    parsed(null, new URLSearchParams(String(body))),
  );
  app.addHook('onRequest', async (request) => {
    request.visitorIp = '127.0.0.1';
  });
  app.setNotFoundHandler((request, reply) => answerNotFound(ctx, request, reply));
  const files = [...FILES.map(([room, path, who]) => [room, path, madeUp(room, who, done)] as const), ...extra];
  for (const room of ROOMS) {
    const found: Found[] = files
      .filter(([its]) => its === room)
      .map(([, path, made]) => ({ path, module: { default: made } }));
    registerPages(app, ctx, pagesOf(room, found));
  }
  await app.ready();
  return app;
}

type Browser = ReturnType<typeof browserOf>;

/** A browser at the little app, with the cookies of whoever signed in at the whole one. */
function browserOf(app: FastifyInstance, cookies: Map<string, string>) {
  const send = async (
    method: 'GET' | 'POST' | 'HEAD',
    url: string,
    over: InjectOptions = {},
  ): Promise<LightMyRequestResponse> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { headers, ...rest } = over;
    const answer = await app.inject({ method, url, headers: { ...(cookie ? { cookie } : {}), ...headers }, ...rest });
    for (const one of answer.cookies) {
      if (one.value === '') cookies.delete(one.name);
      else cookies.set(one.name, one.value);
    }
    return answer;
  };
  const csrfIn = (body: string): string => /name="csrf" value="([^"]*)"/.exec(body)?.[1] ?? '';
  const browser = {
    cookies,
    get: (url: string, headers: Record<string, string> = {}) => send('GET', url, { headers }),
    head: (url: string) => send('HEAD', url),
    csrf: async (url: string): Promise<string> => csrfIn((await send('GET', url)).body),
    raw: (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      send('POST', url, {
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(fields).toString(),
      }),
    post: async (url: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      browser.raw(url, { csrf: await browser.csrf(url), ...fields }, { 'sec-fetch-site': 'same-origin', ...headers }),
  };
  return browser;
}

describe('a page file', () => {
  const start = (room: Room, path: string, module: Record<string, unknown>) => () => pagesOf(room, [{ path, module }]);
  const of = (who: unknown) => ({ default: { who, get: async () => show(html``) } });

  test('that does not say who may enter, in words that are known, stops the start', () => {
    for (const module of [
      {},
      { default: undefined },
      { default: {} },
      of(undefined),
      of({}),
      of('anyone'),
      of({ is: 'everybody' }),
      of({ is: 'stafff', permission: 'any' }),
    ])
      for (const room of ROOMS) assert.throws(start(room, 'x.ts', module), /who may enter/, JSON.stringify(module));
  });

  test('that lets strangers in elsewhere than by the entrance, or asks for somebody who is not known there, stops the start', () => {
    for (const room of ['client', 'admin'] as const)
      assert.throws(start(room, 'x.ts', of({ is: 'anyone' })), /strangers/);
    for (const room of ['entrance', 'admin'] as const) {
      assert.throws(start(room, 'x.ts', of({ is: 'user' })), /customer/);
      assert.throws(start(room, '[client]/x.ts', of({ is: 'account', permission: 'any' })), /customer/);
    }
    for (const room of ['entrance', 'client'] as const)
      assert.throws(start(room, 'x.ts', of({ is: 'staff', permission: 'any' })), /staff/);
  });

  test('that asks for an account without naming it, or for a permission that there is not, stops the start', () => {
    assert.throws(start('client', 'x.ts', of({ is: 'account', permission: 'any' })), /\[client\]/);
    assert.throws(start('client', '[clients]/x.ts', of({ is: 'account', permission: 'any' })), /\[client\]/);
    for (const permission of ['everything', 'Tickets', '', 'constructor', undefined])
      assert.throws(start('client', '[client]/x.ts', of({ is: 'account', permission })), /permission/);
    for (const permission of ['list clients', 'Rule', '', undefined])
      assert.throws(start('admin', 'x.ts', of({ is: 'staff', permission })), /permission/);
  });

  test('stands at the address of its path; two at one address stop the start', async (t) => {
    const addresses = (room: Room, path: string): string | undefined => {
      const who = {
        entrance: { is: 'anyone' },
        client: { is: 'account', permission: 'any' },
        admin: { is: 'staff', permission: 'any' },
      }[room];
      return pagesOf(room, [{ path, module: of(who) }])[0]?.address;
    };
    assert.equal(addresses('entrance', 'login.ts'), '/login');
    assert.equal(addresses('entrance', 'home.ts'), '/');
    assert.equal(addresses('client', 'account/[client]/home.ts'), '/account/:client');
    assert.equal(addresses('admin', 'home.ts'), '/admin');
    assert.equal(addresses('admin', 'clients/[id]/users.ts'), '/admin/clients/:id/users');
    const world = await testWorld('sqlite', { cast: false });
    t.after(() => world.close());
    const twin = [
      'entrance',
      'made-up/anyone/home.ts',
      madeUp('entrance', { is: 'anyone' }, { posts: [], gets: 0 }),
    ] as const;
    await assert.rejects(little(world.ctx, { posts: [], gets: 0 }, [[...twin]]), /already declared|duplicated/i);
  });
});

onBothDatabases('the frame', (database) => {
  let world: World;
  let ctx: Context;
  let app: FastifyInstance;
  const done: Done = { posts: [], gets: 0 };
  const visitors = new Map<string, Browser>();
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    app = await little(ctx, done, [
      [
        'entrance',
        'made-up/breaks.ts',
        page({
          who: { is: 'anyone' },
          get: async () => {
            throw new Error('topsecret cause');
          },
        }),
      ],
      ['entrance', 'made-up/spends.ts', madeUp('entrance', { is: 'anyone' }, done, { spendsByGet: true })],
      ['entrance', 'made-up/foreign.ts', madeUp('entrance', { is: 'anyone' }, done, { acceptsForeignPosts: true })],
      [
        'entrance',
        'made-up/limited.ts',
        madeUp('entrance', { is: 'anyone' }, done, { limit: { name: 'made-up', most: 3, withinMs: minutes(5) } }),
      ],
      ['entrance', 'made-up/only-post.ts', page({ who: { is: 'anyone' }, post: async () => goTo('/') })],
      [
        'entrance',
        'made-up/query.ts',
        page({
          who: { is: 'anyone' },
          get: async ({ query }) =>
            show(
              html`<pre>${JSON.stringify([query, query['constructor'] ?? 'nothing', query['toString'] ?? 'nothing'])}</pre>`,
            ),
        }),
      ],
      [
        'entrance',
        'made-up/header.ts',
        page({ who: { is: 'anyone' }, get: async () => goTo('/x\r\nset-cookie: evil=1') }),
      ],
    ]);
    await addMember(ctx, SYSTEM, world.cast.ben.id, world.cast.cleo.clientId, ['profile']);
    for (const name of ['ada@example.test', 'ben@example.test', 'eve@example.test', 'root', 'sam'])
      visitors.set(name.split('@')[0] ?? '', await signedIn(name));
  });
  after(async () => {
    await app.close();
    await world.close();
  });

  async function signedIn(...names: string[]): Promise<Browser> {
    const browser = world.browser();
    for (const name of names) assert.equal((await browser.signIn(name, PASSWORD)).statusCode, 303, name);
    return browserOf(app, browser.cookies);
  }
  const stranger = (): Browser => browserOf(app, new Map());
  const visitor = (name: string): Browser => (name === 'stranger' ? stranger() : (visitors.get(name) ?? stranger()));

  /** Who gets what where: 200 in, 303 to sign in, 403 not allowed, 404 nothing there. */
  const matrix: Record<string, Record<string, number>> = {
    '/made-up/anyone': { stranger: 200, ada: 200, ben: 200, eve: 200, root: 200, sam: 200 },
    '/made-up/user': { stranger: 303, ada: 200, ben: 200, eve: 200, root: 303, sam: 303 },
    '/made-up/ADA/any': { stranger: 303, ada: 200, ben: 200, eve: 404, root: 303, sam: 303 },
    '/made-up/ADA/owner': { stranger: 303, ada: 200, ben: 403, eve: 404, root: 303, sam: 303 },
    '/made-up/ADA/profile': { stranger: 303, ada: 200, ben: 403, eve: 404, root: 303, sam: 303 },
    '/made-up/ADA/tickets': { stranger: 303, ada: 200, ben: 200, eve: 404, root: 303, sam: 303 },
    '/admin/made-up/any': { stranger: 303, ada: 303, ben: 303, eve: 303, root: 200, sam: 200 },
    '/admin/made-up/clients': { stranger: 303, ada: 303, ben: 303, eve: 303, root: 200, sam: 200 },
    '/admin/made-up/roles': { stranger: 303, ada: 303, ben: 303, eve: 303, root: 200, sam: 403 },
  };
  for (const [pattern, who] of Object.entries(matrix)) {
    test(`${pattern} is entered by ${Object.keys(who)
      .filter((name) => who[name] === 200)
      .join(', ')} alone, and shows nothing to anybody else, looked at or posted to`, async () => {
      const url = pattern.replace('ADA', String(world.cast.ada.clientId));
      for (const [name, status] of Object.entries(who)) {
        const browser = visitor(name);
        const seen = await browser.get(url);
        assert.equal(seen.statusCode, status, `${name} looks`);
        assert.equal(seen.body.includes(SECRET), status === 200, `${name} sees`);
        const count = done.posts.length;
        // With a token that is right for this browser: a post is no way round the check at the door.
        const csrf = await browser.csrf('/made-up/user').then((token) => token || browser.csrf('/admin/made-up/any'));
        const posted = await browser.raw(
          url,
          { csrf: csrf || (await browser.csrf('/made-up/anyone')), name: 'x' },
          { 'sec-fetch-site': 'same-origin' },
        );
        assert.ok(
          status === 200 ? [303, 403].includes(posted.statusCode) : posted.statusCode === status,
          `${name} posts: ${posted.statusCode}`,
        );
        if (status !== 200) {
          assert.equal(done.posts.length, count, `${name} did what they may not`);
          assert.ok(!posted.body.includes(SECRET), `${name} sees by posting`);
        }
      }
    });
  }

  test('an account that there is not looks like one that is not yours, and its number is written in one way', async () => {
    const { ada, eve } = world.cast;
    const browser = visitor('ada');
    const others = await browser.get(`/made-up/${eve.clientId}/any`);
    const shape = (answer: LightMyRequestResponse): string => answer.body.replaceAll(/\/made-up\/[^/"]+/g, '');
    const id = ada.clientId;
    for (const none of [
      '999999',
      '0',
      '-1',
      `0x${id}`,
      `${id}e0`,
      `%20${id}`,
      `0${id}`,
      `${id}.0`,
      '1'.repeat(100),
      'NaN',
      '%00',
      '__proto__',
      '١',
    ]) {
      const answer = await browser.get(`/made-up/${encodeURI(decodeURI(none))}/any`);
      assert.equal(answer.statusCode, 404, none);
      assert.equal(shape(answer), shape(others), none);
    }
  });

  test('a closed account is looked at for a while and never posted to', async () => {
    const { cleo, ben } = world.cast;
    const url = `/made-up/${cleo.clientId}/profile`;
    const browser = visitor('ben');
    assert.equal((await browser.get(url)).statusCode, 200);
    await closeClient(ctx, SYSTEM, cleo.clientId);
    assert.equal((await browser.get(url)).statusCode, 200);
    const count = done.posts.length;
    const posted = await browser.post(url, { name: 'x' });
    assert.equal(posted.statusCode, 403);
    assert.equal(done.posts.length, count);
    assert.ok(!posted.body.includes(SECRET));
    world.clock.turn(days(90));
    const fresh = await signedIn(ben.email);
    assert.equal((await fresh.get(url)).statusCode, 403);
    await changeClient(ctx, SYSTEM, cleo.clientId, { status: 'Active' });
    assert.equal((await fresh.get(url)).statusCode, 200);
    for (const name of ['ada@example.test', 'eve@example.test', 'root', 'sam'])
      visitors.set(name.split('@')[0] ?? '', await signedIn(name));
    visitors.set('ben', fresh);
  });

  test('maintenance closes the client area to everybody but staff, for looking and posting', async () => {
    await changeSettings(ctx, SYSTEM, { maintenance: 'on' });
    const answer = await visitor('ada').get('/made-up/user');
    assert.equal(answer.statusCode, 503);
    assert.ok(!answer.body.includes(SECRET));
    const posted = await visitor('ada').raw('/made-up/user', { name: 'x' }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(posted.statusCode, 503);
    assert.ok(!posted.body.includes(SECRET));
    assert.equal((await visitor('root').get('/admin/made-up/any')).statusCode, 200);
    assert.equal((await stranger().get('/made-up/anyone')).statusCode, 200);
    await changeSettings(ctx, SYSTEM, { maintenance: '' });
  });

  test('a form counts only from the browser and the session it was drawn for', async () => {
    const url = '/made-up/user';
    const [ada, eve, ada2] = [
      await signedIn('ada@example.test'),
      await signedIn('eve@example.test'),
      await signedIn('ada@example.test'),
    ];
    const before = stranger();
    const early = await before.csrf('/made-up/anyone');
    const own = await ada.csrf(url);
    const wrong: [string, Record<string, string>][] = [
      ['no token', {}],
      ['an empty one', { csrf: '' }],
      ["another person's", { csrf: await eve.csrf(url) }],
      ['of the same person in another browser', { csrf: await ada2.csrf(url) }],
      ["a stranger's", { csrf: early }],
      ['one sign too many', { csrf: `${own}x` }],
      ['one sign too few', { csrf: own.slice(1) }],
    ];
    for (const [why, fields] of wrong) {
      const count = done.posts.length;
      const answer = await ada.raw(url, { ...fields, name: 'forged' }, { 'sec-fetch-site': 'same-origin' });
      assert.equal(answer.statusCode, 403, why);
      assert.equal(done.posts.length, count, why);
    }
    assert.equal((await ada.raw(url, { csrf: own, name: 'x' }, { 'sec-fetch-site': 'same-origin' })).statusCode, 303);
    assert.equal((await ada.raw(url, { csrf: own, name: 'x' })).statusCode, 303, 'an older browser says nothing');

    const [session] = [...ada.cookies].filter(([name]) => name.endsWith('-session'));
    ada.cookies.delete('doorward-visit');
    assert.equal(
      (await ada.raw(url, { csrf: own, name: 'x' })).statusCode,
      403,
      'the session alone, as a sibling site might ride on it',
    );
    assert.ok(session);
  });

  test('a form drawn before signing in is worth nothing afterwards, nor one of the session before', async () => {
    const browser = world.browser();
    const at = browserOf(app, browser.cookies);
    const early = await at.csrf('/made-up/anyone');
    await browser.signIn('ada@example.test');
    assert.equal((await at.raw('/made-up/user', { csrf: early, name: 'x' })).statusCode, 403);
    const first = await at.csrf('/made-up/user');
    await browser.post('/logout', {}, { from: '/made-up-nothing' });
    await browser.cookies.delete('doorward-session');
    await browser.signIn('ada@example.test');
    assert.equal((await at.raw('/made-up/user', { csrf: first, name: 'x' })).statusCode, 403);
  });

  test('what the browser says of the page that sends a form is heeded, token or not', async () => {
    const ada = await signedIn('ada@example.test');
    const csrf = await ada.csrf('/made-up/user');
    const cases: [Record<string, string>, number][] = [
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'none' }, 403],
      [{ 'sec-fetch-site': 'SAME-ORIGIN' }, 403],
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 303],
      [{ origin: 'https://evil.example', host: 'localhost:80' }, 403],
      [{ origin: 'http://localhost:80.evil.example', host: 'localhost:80' }, 403],
      [{ origin: 'not an origin', host: 'localhost:80' }, 403],
      [{ origin: 'http://localhost:80', host: 'localhost:80' }, 403], // `host` without its usual port: not the same text
      [{ origin: 'http://my.test:81', host: 'my.test:81' }, 303],
      [{ origin: 'null', host: 'my.test:81' }, 303],
    ];
    for (const [headers, status] of cases) {
      const answer = await ada.raw('/made-up/user', { csrf, name: 'x' }, headers);
      assert.equal(answer.statusCode, status, JSON.stringify(headers));
    }
  });

  test('behind a proxy that gives us another Host, our public origin counts', async () => {
    await changeSettings(ctx, SYSTEM, { 'public-url': 'https://my.example.com' });
    const browser = stranger();
    const csrf = await browser.csrf('/made-up/anyone');
    assert.ok(browser.cookies.has('__Host-doorward-visit'));
    const post = (origin: string) =>
      browser.raw('/made-up/anyone', { csrf, name: 'x' }, { origin, host: '127.0.0.1:8080' });
    assert.equal((await post('https://my.example.com')).statusCode, 303);
    for (const other of ['http://my.example.com', 'https://my.example.com.evil.example', 'https://evil.example'])
      assert.equal((await post(other)).statusCode, 403, other);
    await changeSettings(ctx, SYSTEM, { 'public-url': '' });
  });

  test('with a customer and staff in one browser the forms of both areas count, and of the entrance too', async () => {
    const both = await signedIn('ada@example.test', 'root');
    for (const url of ['/made-up/user', '/admin/made-up/any', '/made-up/anyone'])
      assert.equal((await both.post(url, { name: 'x' })).statusCode, 303, url);
    for (const area of ['/made-up/user', '/admin/made-up/any']) {
      const csrf = await both.csrf(area); // the button for signing out stands in the area and posts to the entrance
      assert.equal((await both.raw('/made-up/anyone', { csrf, name: 'x' })).statusCode, 303, area);
    }
    const user = await both.csrf('/made-up/user');
    assert.equal(
      (await both.raw('/admin/made-up/any', { csrf: user, name: 'x' })).statusCode,
      403,
      'of one area in the other',
    );
  });

  test('typed words stay when a form is refused, field by field, with the status of its kind', async () => {
    const ada = visitor('ada');
    const post = (name: string) => ada.post('/made-up/user', { name });
    const empty = await post('');
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /Enter a name\./);
    const taken = await post('taken');
    assert.equal(taken.statusCode, 409);
    assert.match(taken.body, /value="taken"/);
    assert.match(taken.body, /Somebody with this e-mail address is here already/);
    const busy = await post('busy');
    assert.deepEqual([busy.statusCode, busy.headers['retry-after']], [503, '7']);
    assert.match(busy.body, /value="busy"/);
    const gone = await post('gone');
    assert.equal(gone.statusCode, 404);
    assert.doesNotMatch(gone.body, new RegExp(SECRET));
    const script = '"><script>alert(1)</script>';
    const evil = await ada.raw('/made-up/user', { csrf: 'wrong', name: script }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(evil.statusCode, 403);
    assert.match(evil.body, /value="&quot;&gt;&lt;script&gt;/);
    assert.doesNotMatch(evil.body, /<script>alert/);
  });

  test('another site cannot fill in a form for whoever then presses the button', async () => {
    const ada = visitor('ada');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      {},
    ]) {
      const answer = await ada.raw('/made-up/user', { name: 'put there by evil' }, headers as Record<string, string>);
      assert.equal(answer.statusCode, 403);
      assert.doesNotMatch(answer.body, /put there by evil/, JSON.stringify(headers));
    }
    const own = await ada.raw('/made-up/user', { name: 'typed here' }, { 'sec-fetch-site': 'same-origin' });
    assert.match(own.body, /value="typed here"/);
  });

  test('a page that takes posts of other sites takes them, and no other does', async () => {
    const count = done.posts.length;
    assert.equal(
      (await stranger().raw('/made-up/foreign', { name: 'x' }, { 'sec-fetch-site': 'cross-site' })).statusCode,
      303,
    );
    assert.equal(done.posts.length, count + 1);
  });

  test('a network posts so often, forged posts not counted', async () => {
    const browser = stranger();
    for (let time = 0; time < 5; time += 1) await browser.raw('/made-up/limited', { name: 'x' });
    for (let time = 0; time < 3; time += 1)
      assert.equal((await browser.post('/made-up/limited', { name: 'x' })).statusCode, 303);
    const answer = await browser.post('/made-up/limited', { name: 'kept' });
    assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [429, '300']);
    assert.match(answer.body, /value="kept"/);
  });

  test('a sentence goes along once, drawn as text, by a key of ours and our signature alone', async () => {
    const browser = await signedIn('ada@example.test');
    await browser.post('/made-up/user', { name: 'x' });
    const sealed = browser.cookies.get('doorward-notice') ?? '';
    assert.notEqual(sealed, '');
    assert.match((await browser.get('/made-up/user')).body, /Please wait 3 minutes/);
    assert.ok(!browser.cookies.has('doorward-notice'));
    assert.doesNotMatch((await browser.get('/made-up/user')).body, /Please wait 3 minutes/);

    const signed = (value: string): string => `${value}.${ctx.seal.sign('notice', value)}`;
    const encoded = (notice: unknown): string => Buffer.from(JSON.stringify(notice)).toString('base64url');
    const script = '<img src=x onerror=alert(1)>';
    const good = { tone: 'info', key: 'errors.permission-missing.why', values: { permission: script, role: '{x}' } };
    browser.cookies.set('doorward-notice', signed(encoded(good)));
    const drawn = (await browser.get('/made-up/user')).body;
    assert.match(drawn, /&lt;img src=x/);
    assert.doesNotMatch(drawn, /<img src=x/);

    const plain = (await browser.get('/made-up/user')).body;
    const silent = [
      encoded(good),
      `${encoded(good)}.`,
      `${encoded(good)}.${'A'.repeat(43)}`,
      signed(encoded({ tone: 'info', key: 'errors.nonsense' })),
      signed(encoded({ tone: 'info', key: 'constructor' })),
      signed(encoded({ tone: 'info', key: 'errors.constructor' })),
      signed(encoded({ tone: 'info', key: '__proto__.x' })),
      signed(encoded({ tone: 'info', key: ['errors.fault'] })),
      signed(encoded({ tone: 'info' })),
      signed(encoded({ tone: 'info', key: 'errors.too-many-tries', values: 'nonsense' })),
      signed(encoded({ tone: 'info', key: 'errors.too-many-tries' })),
      signed(encoded([])),
      signed(encoded(null)),
      signed('not base64 json'),
      '%00',
      '.',
      'x'.repeat(3000),
    ];
    for (const value of silent) {
      browser.cookies.set('doorward-notice', value);
      const answer = await browser.get('/made-up/user');
      assert.equal(answer.statusCode, 200, value);
      assert.equal(answer.body, plain, value);
      assert.ok(!browser.cookies.has('doorward-notice'), 'and it is gone');
    }
    browser.cookies.set('doorward-notice', signed(encoded({ ...good, tone: '"><script>' })));
    assert.doesNotMatch((await browser.get('/made-up/user')).body, /"><script>/);
    assert.deepEqual(readNotice(noticeValue({ tone: 'info', key: 'errors.fault' })), {
      tone: 'info',
      key: 'errors.fault',
    });
  });

  test('a fault says sorry and a reference, and nothing of its cause', async () => {
    for (const answer of [
      await stranger().get('/made-up/breaks'),
      await visitor('ada').post('/made-up/user', { name: 'broken' }),
    ]) {
      assert.equal(answer.statusCode, 500);
      assert.doesNotMatch(answer.body, /topsecret|select \*|Error:|\.ts:|node_modules/);
      assert.match(answer.body, /[\w-]{8}/);
      assert.ok(!answer.body.includes(SECRET));
    }
  });

  test('when not even the visit can be found out, the answer is as polite and as protected', async () => {
    const broken = await openContext(
      { ...ctx.config, dataFolder: `${ctx.config.dataFolder}/other`, databaseUrl: undefined },
      {
        now: world.clock.now,
        logger: ctx.log,
        passwordCost: ctx.passwords.cost(),
      },
    );
    const lame = await little(broken, { posts: [], gets: 0 });
    await broken.close();
    for (const url of ['/made-up/anyone', '/nowhere', '/admin/nowhere']) {
      const answer = await lame.inject({ url, headers: { cookie: 'doorward-session=x; doorward-admin=x' } });
      assert.equal(answer.statusCode, 500, url);
      assert.match(answer.body, /Something went wrong/);
      assert.doesNotMatch(answer.body, /database|sqlite|Error|closed/i);
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/);
    }
    await lame.close();
  });

  test('HEAD is answered without a body, a cookie or an effect', async () => {
    const browser = await signedIn('ada@example.test');
    await browser.post('/made-up/user', { name: 'x' });
    const notice = browser.cookies.get('doorward-notice');
    const answer = await browser.head('/made-up/user');
    assert.deepEqual([answer.statusCode, answer.body, answer.cookies.length], [200, '', 0]);
    assert.equal(browser.cookies.get('doorward-notice'), notice, 'the sentence still waits for whoever looks');
    const gone = browserOf(app, new Map([['doorward-session', 'x'.repeat(43)]]));
    assert.deepEqual((await gone.head('/made-up/user')).cookies, []);
    const gets = done.gets;
    assert.equal((await browser.head('/made-up/spends')).statusCode, 405);
    for (const purpose of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-moz': 'prefetch' }])
      assert.equal((await browser.get('/made-up/spends', purpose as Record<string, string>)).statusCode, 503);
    assert.equal(done.gets, gets);
    assert.equal((await browser.get('/made-up/spends')).statusCode, 200);
  });

  test('a page that only takes posts has nothing to look at', async () => {
    assert.equal((await stranger().get('/made-up/only-post')).statusCode, 404);
    assert.equal((await stranger().raw('/made-up/only-post', {})).statusCode, 403);
  });

  test('of a query the last value of a name counts, and names of the language are names', async () => {
    const read = async (query: string): Promise<unknown> =>
      JSON.parse(
        /<pre>(.*)<\/pre>/
          .exec((await stranger().get(`/made-up/query${query}`)).body)?.[1]
          ?.replaceAll('&quot;', '"') ?? '',
      );
    assert.deepEqual(await read('?a=1&a=2&b=c?d=e'), [{ a: '2', b: 'c?d=e' }, 'nothing', 'nothing']);
    assert.deepEqual(await read(''), [{}, 'nothing', 'nothing']);
    assert.deepEqual(await read('?constructor=x&__proto__=y'), [
      { constructor: 'x', ['__proto__']: 'y' },
      'x',
      'nothing',
    ]);
  });

  test('a line break never gets into a header', async () => {
    const answer = await stranger().get('/made-up/header');
    assert.ok(!answer.cookies.some(({ name }) => name === 'evil'));
    assert.equal(answer.statusCode, 500);
  });

  test('a stranger is sent to sign in with the way back, and led by it nowhere else', async () => {
    const answer = await stranger().get('/made-up/user?a=1&b=%2F%2Fevil.example');
    assert.equal(answer.headers.location, '/login?goto=%2Fmade-up%2Fuser%3Fa%3D1%26b%3D%252F%252Fevil.example');
    const staff = await stranger().get('/admin/made-up/any');
    assert.equal(staff.headers.location, '/admin/login?goto=%2Fadmin%2Fmade-up%2Fany');
    const dead = browserOf(app, new Map([['doorward-session', 'x'.repeat(43)]]));
    const turned = await dead.get('/made-up/user');
    assert.equal(turned.statusCode, 303);
    assert.ok(!dead.cookies.has('doorward-session'), 'a dead cookie is taken away');
  });
});

onBothDatabases('every answer', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
    await changeSettings(world.ctx, SYSTEM, { 'public-url': 'https://my.example.com' });
    await banAddress(world.ctx, SYSTEM, { range: '203.0.113.66', reason: '', expiresAt: undefined, source: 'manual' });
  });
  after(() => world.close());

  const requests: readonly [why: string, request: InjectOptions, status: number][] = [
    ['a page', { url: '/login' }, 200],
    ['a redirect', { url: '/user/profile' }, 303],
    ['a page of staff', { url: '/admin/login' }, 200],
    ['nothing there', { url: '/nowhere' }, 404],
    ['nothing there for staff', { url: '/admin/nowhere' }, 404],
    ['another method', { method: 'DELETE', url: '/login' }, 404],
    [
      'a forged form',
      {
        method: 'POST',
        url: '/login',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'email=x',
      },
      403,
    ],
    ['a banned visitor', { url: '/login', remoteAddress: '203.0.113.66' }, 403],
    [
      'a form that is too large',
      {
        method: 'POST',
        url: '/login',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'x'.repeat(300 * 1024),
      },
      413,
    ],
    ['an address that cannot be read', { url: '/%zz' }, 400],
    ['an asset', { url: '/assets/doorward.css' }, 200],
    ['an asset that is not there', { url: '/assets/nothing.css' }, 404],
    ['an old address', { url: '/clientarea.php?action=invoices' }, 302],
    ['the API', { method: 'POST', url: '/includes/api.php' }, 403],
  ];
  for (const [why, request, status] of requests) {
    test(`is protected: ${why}`, async () => {
      const answer = await world.app.inject(request);
      assert.equal(answer.statusCode, status);
      const { headers } = answer;
      assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.match(String(headers['referrer-policy']), /^(same-origin|no-referrer)$/);
      if (status !== 400) assert.equal(headers['strict-transport-security'], 'max-age=31536000');
      if (status >= 400 || String(headers['content-type']).startsWith('text/html'))
        assert.match(String(headers['cache-control']), /no-store/);
      for (const cookie of answer.cookies) {
        assert.match(cookie.name, /^__Host-/);
        assert.deepEqual(
          [cookie.secure, cookie.httpOnly, cookie.path, cookie.domain, cookie.sameSite],
          [true, true, '/', undefined, 'Lax'],
        );
      }
      assert.doesNotMatch(answer.body, /at .*\.ts:\d+|node_modules/);
    });
  }

  test('holds nothing of what a request says about where we are', async () => {
    const evil = {
      host: 'evil.example',
      forwarded: 'host=evil.example;proto=https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-port': '666',
      'x-forwarded-prefix': '/evil.example',
      'x-original-url': '/evil.example',
      'x-rewrite-url': '/evil.example',
    };
    for (const url of [
      '/',
      '/login',
      '/admin',
      '/nowhere',
      '/user/profile',
      '/password/reset',
      '/clientarea.php',
      '/index.php/login',
    ]) {
      const answer = await world.app.inject({ url, headers: evil });
      assert.doesNotMatch(answer.body + JSON.stringify(answer.headers), /evil\.example|gopher/, url);
    }
  });

  test('on plain http to this machine has no prefix and no promise of https', async (t) => {
    const plain = await testWorld('sqlite', { cast: false });
    t.after(() => plain.close());
    const answer = await plain.app.inject('/login');
    assert.deepEqual(
      answer.cookies.map(({ name, secure }) => [name, secure ?? false]),
      [['doorward-visit', false]],
    );
    assert.equal(answer.headers['strict-transport-security'], undefined);
  });
});

onBothDatabases('a hostile request', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const nasty = [
    '%',
    '%zz',
    '%00',
    '%0',
    'a%00b',
    '%c0%af',
    '%ff%fe',
    '%ed%a0%80',
    '%25',
    '%252e',
    '..',
    '%2e%2e%2f',
    '%5c',
    '.',
    '~',
    '*',
    "'",
    '"',
    '<script>',
    '%0d%0a',
    '__proto__',
    'constructor',
    'toString',
    '-1',
    '0',
    '1e309',
    'NaN',
    '9'.repeat(30),
    'x'.repeat(199),
    'x'.repeat(201),
    'x'.repeat(8000),
    '%f0%9f%98%80',
  ];
  const addresses = [
    '/X',
    '/login/X',
    '/password/set/X',
    '/go/X',
    '/account/X',
    '/account/X/details',
    '/admin/X',
    '/admin/clients/X',
    '/admin/users/X',
    '/assets/X',
    '/index.php/X',
  ];
  const queries = ['goto', 'token', 'access_token', 'q', 'after', 'before', 'status', 'id', 'action', 'rp', 'for'];

  test('with odd signs in its address or query is never a fault, from a stranger, a customer or staff', async () => {
    const [ada, root] = [world.browser(), world.browser()];
    await ada.signIn('ada@example.test');
    await root.signIn('root');
    for (const browser of [world.browser(), ada, root]) {
      for (const odd of nasty) {
        for (const address of addresses) {
          const url = address.replace('X', odd);
          const answer = await browser.get(url);
          assert.ok(answer.statusCode < 500, `${answer.statusCode} ${url.slice(0, 80)}`);
        }
        const all = queries.map((name) => `${name}=${odd}`).join('&');
        for (const address of [
          '/login',
          '/setup',
          '/oauth/singlesignon.php',
          '/account',
          '/admin/clients',
          '/admin/users',
          '/admin/log',
          '/clientarea.php',
          '/index.php',
        ]) {
          const answer = await browser.get(`${address}?${all}`);
          assert.ok(answer.statusCode < 500, `${answer.statusCode} ${address}?…=${odd.slice(0, 40)}`);
        }
      }
    }
  });

  test('of every kind of body is answered, and does nothing', async () => {
    const types = [
      undefined,
      '',
      'application/json',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/x-www-form-urlencoded; charset=utf-16',
      'application/x-www-form-urlencoded, text/plain',
      'garbage',
      'a/b;c',
      `x/${'y'.repeat(5000)}`,
      'application/octet-stream',
    ];
    const bodies = [
      '',
      '{',
      '{"__proto__":{"x":1}}',
      'email=%zz&password=%00',
      'email[]=a&email[$ne]=b',
      '__proto__=x&constructor=y',
      '&&&===',
      '\0\0\0',
      'a=1&a=2',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ];
    const sessions = () => world.ctx.db.selectFrom('sessions').select('id').orderBy('id').execute();
    const before = await sessions();
    const browser = world.browser();
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get('/login')).body)?.[1] ?? '';
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const type of types) {
      for (const body of bodies) {
        for (const url of [
          '/login',
          '/password/reset',
          '/admin/login',
          '/logout',
          '/setup',
          '/dologin.php',
          '/login/token',
        ]) {
          const answer = await world.app.inject({
            method: 'POST',
            url,
            headers: { cookie, ...(type === undefined ? {} : { 'content-type': type }) },
            payload: `${body}${type?.startsWith('application/x-www') ? `&csrf=${csrf}` : ''}`,
          });
          assert.ok(answer.statusCode < 500, `${answer.statusCode} ${url} ${type} ${body}`);
        }
      }
    }
    assert.deepEqual(await sessions(), before);
  });

  test('with cookies of nonsense is a stranger', async () => {
    for (const value of ['', 'x', '%00', '"', 'a=b', 'x'.repeat(4000), '%zz', '__proto__', 'é'.normalize('NFD')]) {
      for (const name of ['session', 'admin', 'visit', 'notice', 'attempt']) {
        const answer = await world.app.inject({
          url: '/user/profile',
          headers: { cookie: `doorward-${name}=${value}; ;=; doorward-${name}=${value}` },
        });
        assert.equal(answer.statusCode, 303, `${name}=${value}`);
      }
    }
  });
});
