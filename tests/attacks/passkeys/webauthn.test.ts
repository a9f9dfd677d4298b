// WebAuthn: wrong origin, rpId, challenge reuse (Pocket ID fixed 2025), counter rollback, user handle of another, uv missing:
// refused. And whose key it is, in whose browser, for what it was asked, and who is told what.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { type Asked, Authenticator, askedIn, type Manner } from '#tests/authenticator.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const LIST = '/user/security/passkeys';
const ALONE = '/login/passkey-sign-in';
const SECOND = '/login/passkey';
const AGAIN = '/user/confirm-identity/passkey';

onBothDatabases('webauthn', (database) => {
  let world: World;
  let ada: Authenticator;
  let eve: Authenticator;
  let root: Authenticator;

  before(async () => {
    world = await testWorld(database);
    const origin = await publicOrigin(world.ctx);
    [ada, eve, root] = [new Authenticator(origin), new Authenticator(origin), new Authenticator(origin)];
    for (const [name, key, list] of [
      [world.cast.ada.email, ada, LIST],
      [world.cast.eve.email, eve, LIST],
      ['root', root, '/admin/account/security/passkeys'],
    ] as const) {
      const browser = world.browser();
      await browser.signIn(name);
      const asked = askedIn((await browser.get(`${list}/new`)).body);
      const added = await browser.post(`${list}/new`, { token: asked.token, response: key.make(asked) });
      assert.equal(added.statusCode, 303, added.body.slice(0, 300));
    }
  });
  after(() => world.close());

  const asks = async (browser: TestBrowser, page: string) => askedIn((await browser.get(page)).body);
  const send = (browser: TestBrowser, page: string, asked: Asked, response: string) =>
    browser.postRaw(page, { csrf: asked.csrf, token: asked.token, response }, { 'sec-fetch-site': 'same-origin' });
  const sessions = async (): Promise<number> => {
    const row = await world.ctx.db
      .selectFrom('sessions')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  const audited = async (event: string): Promise<number> =>
    (await world.ctx.db.selectFrom('audit_log').select('id').where('event', '=', event).execute()).length;
  /** A browser of ada whose password was right. */
  const halfIn = async (): Promise<TestBrowser> => {
    const browser = world.browser();
    await browser.signIn(world.cast.ada.email);
    return browser;
  };
  /** A browser of ada that is in, and was for half an hour. */
  const stale = async (): Promise<TestBrowser> => {
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    assert.equal((await send(browser, ALONE, asked, ada.answer(asked))).statusCode, 303);
    world.clock.turn(minutes(30));
    return browser;
  };
  const doors = [
    { page: ALONE, browser: async () => world.browser() },
    { page: SECOND, browser: halfIn },
    { page: AGAIN, browser: stale },
  ];
  /** Refused at this page, whoever may be there: nobody gets in, nobody gets on. */
  const assertRefused = async (what: string, page: string, browser: TestBrowser, asked: Asked, response: string) => {
    const before = await sessions();
    const answer = await send(browser, page, asked, response);
    assert.equal(answer.statusCode, 422, `${what} at ${page}`);
    assert.equal(await sessions(), before, `${what} at ${page}`);
  };

  const wrong: readonly (readonly [string, Manner])[] = [
    ['another origin', { origin: 'https://doorward.evil.test' }],
    ['our host by http on another port', { origin: 'http://localhost:1' }],
    ['another host (rpId)', { host: 'evil.test' }],
    ['a page of ours in a frame of another site', { crossOrigin: true }],
    ['an answer of making one', { type: 'webauthn.create' }],
    ['nobody present', { present: false }],
    ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ];
  test('another origin, host, type or challenge, or nobody present, is refused at every door', async () => {
    for (const { page, browser } of doors) {
      const at = await browser();
      const asked = await asks(at, page);
      for (const [what, manner] of wrong.slice(0, 4))
        await assertRefused(what, page, at, asked, ada.answer(asked, manner));
    }
    for (const { page, browser } of doors) {
      const at = await browser();
      const asked = await asks(at, page);
      for (const [what, manner] of wrong.slice(4))
        await assertRefused(what, page, at, asked, ada.answer(asked, manner));
    }
  });

  test('a key that was not signed with, rubbish, and far too much are refused', async () => {
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    const good = JSON.parse(ada.answer(asked));
    const forged = JSON.parse(eve.answer(asked));
    for (const response of [
      JSON.stringify({ ...good, response: { ...good.response, signature: forged.response.signature } }),
      JSON.stringify({ ...good, id: forged.id }),
      JSON.stringify({ ...good, response: null }),
      JSON.stringify({ ...good, response: { ...good.response, authenticatorData: 'AAAA' } }),
      '[]',
      'null',
      '{',
      JSON.stringify({ ...good, more: 'x'.repeat(30_000) }),
    ])
      await assertRefused(response.slice(0, 40), ALONE, browser, asked, response);
  });

  test('a user handle of another, or none where nobody is named, is refused', async () => {
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    const handle = eve.kept[0]?.handle ?? '';
    await assertRefused('handle of another', ALONE, browser, asked, ada.answer(asked, { handle }));
    await assertRefused('no handle', ALONE, browser, asked, ada.answer(asked, { handle: null }));
    const second = await halfIn();
    const askedSecond = await asks(second, SECOND);
    await assertRefused('handle of another', SECOND, second, askedSecond, ada.answer(askedSecond, { handle }));
  });

  test('uv missing: refused alone and where it is asked again, though enough beside a password', async () => {
    for (const page of [ALONE, AGAIN]) {
      const browser = page === ALONE ? world.browser() : await stale();
      const asked = await asks(browser, page);
      await assertRefused('uv missing', page, browser, asked, ada.answer(asked, { verified: false }));
    }
  });

  test('the key of another person opens no second step and confirms nobody', async () => {
    for (const [page, come] of [
      [SECOND, halfIn],
      [AGAIN, stale],
    ] as const) {
      const browser = await come();
      const asked = await asks(browser, page);
      await assertRefused('key of another', page, browser, asked, eve.answer(asked));
      const handle = ada.kept[0]?.handle ?? '';
      await assertRefused('key of another', page, browser, asked, eve.answer(asked, { handle }));
    }
  });

  test('the key of a customer opens nothing of the staff, and the other way round', async () => {
    for (const [page, key] of [
      ['/admin/login/passkey-sign-in', ada],
      [ALONE, root],
    ] as const) {
      const browser = world.browser();
      const asked = await asks(browser, page);
      await assertRefused('other side', page, browser, asked, key.answer(asked));
    }
    // A challenge of one door is none at the other either.
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    const there = await asks(browser, '/admin/login/passkey-sign-in');
    const crossed = { ...asked, csrf: there.csrf };
    await assertRefused('other door', '/admin/login/passkey-sign-in', browser, crossed, root.answer(asked));
  });

  test('a challenge that was handed to another browser is refused', async () => {
    const [mine, theirs] = [world.browser(), world.browser()];
    const asked = await asks(mine, ALONE);
    const there = await asks(theirs, ALONE);
    const carried = { ...asked, csrf: there.csrf };
    await assertRefused('other browser', ALONE, theirs, carried, ada.answer(asked));
    assert.equal((await send(mine, ALONE, asked, ada.answer(asked))).statusCode, 303, 'it was good at home');
  });

  test('a challenge for one thing is none for another', async () => {
    const browser = await stale();
    const again = await asks(browser, AGAIN);
    assert.equal((await send(browser, AGAIN, again, ada.answer(again))).statusCode, 303);
    // Asked for enrolment, and answered as if to sign in: in this very browser, by this very person.
    const enrol = await asks(browser, `${LIST}/new`);
    const [{ csrf }, front] = [await asks(browser, AGAIN), await asks(browser, '/admin/login/passkey-sign-in')];
    await assertRefused('enrol challenge', AGAIN, browser, { ...enrol, csrf }, ada.answer(enrol));
    await assertRefused('sign-in challenge', AGAIN, browser, { ...front, csrf }, ada.answer(front));
    const out = world.browser();
    for (const [name, value] of browser.cookies) if (!/session/.test(name)) out.cookies.set(name, value);
    const alone = await asks(out, ALONE);
    await assertRefused('enrol challenge', ALONE, out, { ...enrol, csrf: alone.csrf }, ada.answer(enrol));
    const asksAgain = await asks(browser, AGAIN);
    await assertRefused('step-up challenge', ALONE, out, { ...asksAgain, csrf: alone.csrf }, ada.answer(asksAgain));
    assert.equal((await send(out, ALONE, alone, ada.answer(alone))).statusCode, 303, 'its own is good');
    const second = await halfIn();
    const [asked, door] = [await asks(second, SECOND), await asks(second, ALONE)];
    await assertRefused('front door', SECOND, second, { ...door, csrf: asked.csrf }, ada.answer(door));
    await assertRefused('second step', ALONE, second, { ...asked, csrf: door.csrf }, ada.answer(asked));
  });

  test('a challenge that is five minutes old, or whose end was put off, is refused', async () => {
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    world.clock.turn(minutes(5));
    await assertRefused('too old', ALONE, browser, asked, ada.answer(asked));
    const [nonce, end, handle] = asked.token.split('.');
    const later = { ...asked, token: `${nonce}.${Number(end) + 600_000}.${handle}` };
    await assertRefused('put off', ALONE, browser, later, ada.answer(asked));
  });

  test('an answer is spent once: sent again, and fifty at once, it opens one session', async () => {
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    const response = ada.answer(asked);
    const before = await sessions();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(browser, ALONE, asked, response)));
    assert.equal(answers.filter(({ statusCode }) => statusCode === 303).length, 1);
    assert.equal(await sessions(), before + 1);
    const thief = world.browser();
    for (const [name, value] of browser.cookies) if (!/session/.test(name)) thief.cookies.set(name, value);
    assert.notEqual((await send(thief, ALONE, asked, response)).statusCode, 303);
    assert.equal(await sessions(), before + 1);
    assert.equal(await audited('user.passkey.copied'), 0, 'a repetition is no alarm');
  });

  test('a key that counts nothing is spent once all the same', async () => {
    const [browser, key] = [world.browser(), new Authenticator(await publicOrigin(world.ctx))];
    await browser.signIn(world.cast.ben.email);
    const made = await asks(browser, `${LIST}/new`);
    assert.equal((await send(browser, `${LIST}/new`, made, key.make(made, { count: 0 }))).statusCode, 303);
    const asked = await asks(world.browser(), ALONE);
    assert.ok(asked);
    const other = world.browser();
    const front = await asks(other, ALONE);
    const response = key.answer(front, { count: 0 });
    const before = await sessions();
    await Promise.all(Array.from({ length: 20 }, () => send(other, ALONE, front, response)));
    assert.equal(await sessions(), before + 1);
  });

  test('counter rollback: refused, noted and told, and only where the key itself has signed', async () => {
    const browser = world.browser();
    const count = ada.kept[0]?.count ?? 0;
    const asked = await asks(browser, ALONE);
    const unsigned = JSON.parse(ada.answer(asked, { count: 1 }));
    const foreign = JSON.parse(eve.answer(asked, { count: 1 }));
    unsigned.response.signature = foreign.response.signature;
    await assertRefused('unsigned', ALONE, browser, asked, JSON.stringify(unsigned));
    assert.equal(await audited('user.passkey.copied'), 0, 'whoever has no key raises no alarm');
    for (const old of [count - 1, 0, count]) {
      const front = await asks(browser, ALONE);
      await assertRefused(`counter ${old}`, ALONE, browser, front, ada.answer(front, { count: old }));
    }
    assert.equal(await audited('user.passkey.copied'), 3);
    const letters = await letterHistory(world.ctx, {}, { limit: 50 });
    assert.equal(letters.filter(({ kind }) => kind === 'passkey-copied').length, 1, 'one letter a day');
    const front = await asks(browser, ALONE);
    assert.equal((await send(browser, ALONE, front, ada.answer(front, { count: count + 5 }))).statusCode, 303);
  });

  test('of two answers with one count only one is good', async () => {
    const both = [world.browser(), world.browser()];
    const count = (ada.kept[0]?.count ?? 0) + 20;
    const before = await sessions();
    const asked = await Promise.all(both.map((browser) => asks(browser, ALONE)));
    await Promise.all(
      both.map((browser, at) => {
        const front = asked[at];
        assert.ok(front);
        return send(browser, ALONE, front, ada.answer(front, { count }));
      }),
    );
    assert.equal(await sessions(), before + 1);
    const [kept] = ada.kept;
    if (kept) kept.count = count;
  });

  test('nobody enrols a key with what was made for another person, page or browser, or twice', async () => {
    const origin = await publicOrigin(world.ctx);
    const key = new Authenticator(origin);
    const mine = await stale();
    const again = await asks(mine, AGAIN);
    assert.equal((await send(mine, AGAIN, again, ada.answer(again))).statusCode, 303);
    const page = `${LIST}/new`;
    const asked = await asks(mine, page);
    for (const [what, manner] of wrong) {
      const type = manner.type === undefined ? {} : { type: 'webauthn.get' };
      const answer = await send(mine, page, asked, key.make(asked, { ...manner, ...type }));
      assert.equal(answer.statusCode, 422, what);
    }
    const theirs = world.browser();
    const front = await asks(theirs, ALONE);
    assert.equal((await send(theirs, ALONE, front, eve.answer(front))).statusCode, 303);
    const evesPage = await asks(theirs, page);
    const carried = await send(theirs, page, { ...asked, csrf: evesPage.csrf }, key.make(asked));
    assert.equal(carried.statusCode, 422, 'another person and browser');
    const handleOfEve = { ...asked, token: `${asked.token.slice(0, -43)}${eve.kept[0]?.handle}` };
    assert.equal((await send(mine, page, handleOfEve, key.make(asked))).statusCode, 422, 'another handle');
    const made = key.make(asked);
    assert.equal((await send(mine, page, asked, made)).statusCode, 303);
    const twice = await asks(mine, page);
    assert.equal((await send(mine, page, { ...asked, csrf: twice.csrf }, made)).statusCode, 422, 'twice');
    assert.match((await theirs.get(LIST)).body, /<title>Passkeys/);
    const row = await world.ctx.db
      .selectFrom('passkeys')
      .selectAll()
      .where('credential_id', '=', key.kept.at(-1)?.id ?? '')
      .execute();
    assert.deepEqual(
      row.map((one) => one.user_id),
      [world.cast.ada.id],
    );
  });

  test('another person’s passkeys are not found: no name, no removal', async () => {
    const [{ id }] = (await world.ctx.db
      .selectFrom('passkeys')
      .select('id')
      .where('user_id', '=', world.cast.ada.id)
      .execute()) as [{ id: number }];
    const browser = world.browser();
    const front = await asks(browser, ALONE);
    await send(browser, ALONE, front, eve.answer(front));
    const csrf = (await asks(browser, `${LIST}/new`)).csrf;
    for (const page of ['name', 'removal']) {
      assert.equal((await browser.get(`${LIST}/${id}/${page}`)).statusCode, 404);
      assert.equal((await browser.postRaw(`${LIST}/${id}/${page}`, { csrf, name: 'mine' })).statusCode, 404);
    }
    const row = await world.ctx.db.selectFrom('passkeys').select('name').where('id', '=', id).executeTakeFirst();
    assert.notEqual(row?.name, 'mine');
  });

  test('strangers learn nothing of who has a passkey', async () => {
    const plain = (body: string): string =>
      body
        .replaceAll(/name="(csrf|token)" value="[^"]*"/g, '')
        .replaceAll(/&quot;challenge&quot;:&quot;[\w-]*&quot;/g, '');
    const pages = await Promise.all(
      [world.cast.ada.email, 'nobody@example.test'].map(async (email) => {
        const browser = world.browser();
        const wrong = await browser.post('/login', { email, password: 'not the password at all' });
        assert.equal(wrong.statusCode, 422);
        return plain(wrong.body.replaceAll(email, 'somebody'));
      }),
    );
    assert.equal(pages[0], pages[1]);
    const browser = world.browser();
    const asked = await asks(browser, ALONE);
    const stranger = new Authenticator(await publicOrigin(world.ctx));
    stranger.make({ ...asked, options: { ...asked.options, rp: { id: 'localhost' }, user: { id: 'AAAA', name: '' } } });
    const unknown = await send(browser, ALONE, asked, stranger.answer(asked));
    const known = await send(browser, ALONE, asked, ada.answer(asked, { origin: 'https://evil.test' }));
    assert.equal(unknown.statusCode, known.statusCode);
    assert.equal(plain(unknown.body), plain(known.body));
  });

  test('a deactivated person is refused in the same words, half in or at the door', async () => {
    const second = await halfIn();
    const half = await asks(second, SECOND);
    const browser = world.browser();
    const [front, other] = [await asks(browser, ALONE), await asks(browser, ALONE)];
    await setUserDisabled(world.ctx, actor, world.cast.ada.id, true);
    const before = await sessions();
    const refused = await send(browser, ALONE, front, ada.answer(front));
    const wrongOne = await send(browser, ALONE, other, ada.answer(other, { host: 'evil.test' }));
    const words = (body: string): string | undefined => /role="alert" tabindex[\s\S]*?<\/ul>/.exec(body)?.[0];
    assert.equal(refused.statusCode, 422);
    assert.ok(words(refused.body));
    assert.equal(words(refused.body), words(wrongOne.body));
    const gone = await send(second, SECOND, half, ada.answer(half));
    assert.match(String(gone.headers['location']), /^\/login/);
    assert.equal(await sessions(), before);
    await setUserDisabled(world.ctx, actor, world.cast.ada.id, false);
  });

  test('a network that tries without end has to wait', async () => {
    const browser = world.browser({ ip: '198.51.100.7' });
    const asked = await asks(browser, ALONE);
    const rubbish = ada.answer(asked, { origin: 'https://evil.test' });
    let status = 0;
    for (let tries = 0; tries < 101; tries++) status = (await send(browser, ALONE, asked, rubbish)).statusCode;
    assert.equal(status, 429);
    const elsewhere = world.browser();
    const front = await asks(elsewhere, ALONE);
    assert.equal((await send(elsewhere, ALONE, front, ada.answer(front))).statusCode, 303);
  });
});
