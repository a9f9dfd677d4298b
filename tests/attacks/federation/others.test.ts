// Attacks on signing in with others: forged and foreign answers, one provider in the place of another, tokens that nobody
// signed, accounts that are somebody else's, providers that are broken or hostile.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { countUse } from '#domain/guard/limits.ts';
import { ANSWERS } from '#domain/login/federation/federated-sign-in.ts';
import { linkedIdentitiesOf } from '#domain/login/federation/linked-accounts.ts';
import { addProvider, changeProvider, listProviders } from '#domain/login/federation/providers.ts';
import { troubleOf } from '#domain/login/federation/relying-party.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { proveAddress, setUserDisabled } from '#domain/users/users.ts';
import { networkName } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import { guardedFetch } from '#kit/outgoing.ts';
import { comparable } from '#kit/text.ts';
import type { MadeUp } from '#tests/sign-in-providers.ts';
import { allowLoopback, begin, CLIENT, madeUpProvider, offer, sentTo, wish } from '#tests/sign-in-providers.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const ACCOUNTS = '/user/security/linked-accounts';
const CONFIRM = `${ACCOUNTS}/confirm`;
const ADA_THERE = { sub: 'ada-1', email: 'ada@example.test', email_verified: true, name: 'Ada There' };

onBothDatabases('signing in with others, attacked', (database) => {
  let world: World;
  let good: MadeUp;
  let other: MadeUp;
  let goodId: number;

  before(async () => {
    world = await testWorld(database, { start: Date.now() }); // the library reads the real clock
    good = await madeUpProvider(ADA_THERE);
    other = await madeUpProvider({ ...ADA_THERE, sub: 'ada-1' });
    await allowLoopback(world);
    goodId = await offer(world, 'openid', 'good', { name: 'Good', issuer: good.issuer, trustsAddress: true });
    await offer(world, 'openid', 'other', { name: 'Other', issuer: other.issuer, trustsAddress: true });
    for (const { id, email } of [world.cast.ada, world.cast.cleo])
      await proveAddress(world.ctx, SYSTEM, id, comparable(email));
  });
  beforeEach(() => {
    world.clock.turn(minutes(11)); // the counts of one test do not meet those of another
    good.said = {};
    other.said = {};
  });
  after(async () => {
    await world.close();
    await good.close();
    await other.close();
  });

  const goes = (answer: Parameters<typeof sentTo>[0]) => sentTo(answer).pathname;
  const isIn = async (browser: TestBrowser) => (await browser.get('/user/profile')).statusCode === 200;
  const linksOf = (id: number) => linkedIdentitiesOf(world.ctx, { kind: 'user', id });
  /** Links the account at `good` with a person of the cast. */
  const linked = async (who: { id: number; email: string }, sub: string) => {
    const browser = world.browser();
    good.said = { claims: { sub } };
    await browser.get(good.answerTo(await begin(browser, 'good')));
    await browser.signIn(who.email);
    await browser.post(CONFIRM);
    good.said = {};
    assert.equal((await linksOf(who.id)).length, 1);
  };
  /** Signs in by `good` as this account. Answers our answer, and the browser. */
  const comes = async (sub: string, said: MadeUp['said'] = {}) => {
    const browser = world.browser();
    good.said = { ...said, claims: { sub, ...said.claims } };
    const answer = await browser.get(good.answerTo(await begin(browser, 'good')));
    return { browser, answer };
  };

  test('upstream says e-mail verified, local e-mail is the same: no automatic link, and the page looks as for a stranger', async () => {
    const { browser, answer } = await comes('ada-1');
    assert.equal(goes(answer), '/login/with/good/unknown');
    assert.equal(await isIn(browser), false);
    const asKnown = (await browser.get('/login/with/good/unknown')).body;
    const stranger = await comes('nobody-1', { claims: { email: 'zzz@example.test' } });
    const asStranger = (await stranger.browser.get('/login/with/good/unknown')).body;
    const plain = (body: string) => body.replaceAll(/(ada|zzz)@example\.test/g, '').replaceAll(/value="[^"]*"/g, '');
    assert.equal(plain(asKnown), plain(asStranger), 'nobody learns whether the address is here');
    assert.equal((await linksOf(world.cast.ada.id)).length, 0);
  });

  test('local e-mail unverified: nothing is linked with it, and a reset by letter leaves no stranger’s link behind', async () => {
    const { ctx, cast } = world;
    await changeSettings(ctx, SYSTEM, { 'email-verification': '1' });
    const { browser } = await comes('thief-1');
    await browser.signIn(cast.eve.email);
    assert.match((await browser.get(CONFIRM)).body, /confirm your e-mail address first/i);
    const page = await browser.get('/user/profile');
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const posted = await browser.postRaw(CONFIRM, { csrf }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(posted.statusCode, 403);
    assert.equal((await linksOf(cast.eve.id)).length, 0);
    // Where addresses are not confirmed at all it may be linked, but does not outlive the first letter that is answered.
    await changeSettings(ctx, SYSTEM, { 'email-verification': '' });
    assert.equal(goes(await browser.post(CONFIRM)), '/');
    assert.equal((await linksOf(cast.eve.id)).length, 1);
    await sendPasswordLink(ctx, SYSTEM, cast.eve.id, 'asked');
    const { link } = await world.letterTo(cast.eve.email);
    const victim = world.browser();
    await victim.post(new URL(link).pathname, {
      password: 'only the victim knows this one',
      again: 'only the victim knows this one',
    });
    assert.equal((await linksOf(cast.eve.id)).length, 0);
    assert.equal(goes((await comes('thief-1')).answer), '/login/with/good/unknown');
  });

  test('linking by forged or foreign request: needs fresh session of that user plus one-time state', async () => {
    const { cast } = world;
    await linked(cast.ada, 'ada-1');
    const victim = world.browser();
    await victim.signIn(cast.cleo.email);
    // A start without the key of the list, with another session's key, and by prefetch.
    assert.equal(goes(await victim.get(`${ACCOUNTS}/link/good`)), '/login');
    const attacker = world.browser();
    await attacker.signIn(cast.ada.email);
    assert.equal(goes(await attacker.get(`${ACCOUNTS}/link/good?key=x`)), ACCOUNTS);
    const list = (await attacker.get(ACCOUNTS)).body;
    const start = new RegExp(`href="(${ACCOUNTS}/link/good\\?key=[^"]*)"`).exec(list)?.[1] ?? '';
    assert.equal((await attacker.get(start, { 'sec-purpose': 'prefetch' })).statusCode, 503);
    const second = world.browser();
    await second.signIn(cast.ada.email);
    assert.equal(goes(await second.get(start)), ACCOUNTS, 'the key is of another session');
    // The attacker's own answer, opened in the victim's browser.
    good.said = { claims: { sub: 'evil-1' } };
    const answer = good.answerTo(sentTo(await attacker.get(start)));
    assert.equal(goes(await second.get(answer)), '/login');
    // In the browser of the attacker, but in another session than began it.
    const asked = good.asked;
    attacker.cookies.delete('doorward-session');
    await attacker.signIn(cast.ada.email);
    assert.equal(goes(await attacker.get(answer)), '/login');
    assert.equal(good.asked, asked, 'the provider was not even asked');
    // What came back is linked by a post of our own page alone.
    const own =
      new RegExp(`href="(${ACCOUNTS}/link/good\\?key=[^"]*)"`).exec((await attacker.get(ACCOUNTS)).body)?.[1] ?? '';
    await attacker.get(good.answerTo(sentTo(await attacker.get(own))));
    assert.equal((await attacker.postRaw(CONFIRM, { csrf: 'x' }, { 'sec-fetch-site': 'cross-site' })).statusCode, 403);
    assert.equal((await linksOf(cast.ada.id)).length, 1);
    // An identity is one person's: whoever else proves it too gets nothing.
    const taker = world.browser();
    await proveAddress(world.ctx, SYSTEM, cast.ben.id, comparable(cast.ben.email));
    await taker.signIn(cast.ben.email);
    const key =
      new RegExp(`href="(${ACCOUNTS}/link/good\\?key=[^"]*)"`).exec((await taker.get(ACCOUNTS)).body)?.[1] ?? '';
    good.said = { claims: { sub: 'ada-1' } };
    assert.equal(goes(await taker.get(good.answerTo(sentTo(await taker.get(key))))), CONFIRM);
    assert.equal((await taker.post(CONFIRM)).statusCode, 409);
    assert.equal((await linksOf(cast.ben.id)).length, 0);
    const owner = await comes('ada-1');
    assert.match(
      (await owner.browser.get('/user/profile')).body,
      /ada@example\.test/,
      'it opens what it opened before',
    );
    const stale = world.browser();
    await stale.signIn(cast.ada.email);
    world.clock.turn(minutes(16));
    assert.equal(goes(await stale.get(ACCOUNTS)), '/user/confirm-identity');
    assert.equal(goes(await stale.get(CONFIRM)), '/user/confirm-identity');
  });

  test('cross-site callback: an answer that another browser began signs nobody in (login CSRF)', async () => {
    const attacker = world.browser();
    good.said = { claims: { sub: 'ada-1' } };
    const answer = good.answerTo(await begin(attacker, 'good'));
    const victim = world.browser();
    await victim.get('/login');
    assert.equal(goes(await victim.get(answer)), '/login');
    assert.equal(await isIn(victim), false);
    assert.equal(goes(await attacker.get(answer)), '/', 'where it was begun it is good');
    // Nor does another site begin one: without the key of our page there is a page with a link.
    const page = await victim.get('/login/with/good');
    assert.equal(page.statusCode, 200);
    assert.equal((await victim.get('/login/with/good?key=x')).statusCode, 200);
    for (const state of ['', 'x', 'AAAA'.repeat(600)])
      assert.equal(
        goes(await victim.get(`/login/with/good/callback?${new URLSearchParams({ code: 'c', state })}`)),
        '/login',
      );
  });

  test('an answer by post (Apple) brings no cookies along: it comes back by GET, and touches no cookie meanwhile', async () => {
    const browser = world.browser();
    good.said = { claims: { sub: 'ada-1' } };
    const answer = new URL(good.answerTo(await begin(browser, 'good')), 'http://localhost:8080');
    const bare = await world.app.inject({
      method: 'POST',
      url: answer.pathname,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: good.issuer,
        'sec-fetch-site': 'cross-site',
      },
      payload: `${answer.searchParams}&goto=https%3A%2F%2Fevil.test&user=%7B%7D`,
    });
    assert.equal(bare.cookies.length, 0);
    const back = sentTo(bare);
    assert.deepEqual(
      [back.pathname, back.searchParams.has('goto'), back.searchParams.has('user')],
      [answer.pathname, false, false],
    );
    assert.equal(goes(await browser.get(back.pathname + back.search)), '/');
    assert.ok(await isIn(browser));
  });

  test('state and nonce from provider A with callback of provider B, wrong `iss`: refused', async () => {
    const browser = world.browser();
    const atGood = await begin(browser, 'good');
    const toOther = good.answerTo(atGood).replace('/with/good/', '/with/other/');
    const asked = [good.asked, other.asked];
    assert.equal(goes(await browser.get(toOther)), '/login');
    assert.deepEqual([good.asked, other.asked], asked, 'the code went nowhere');
    for (const iss of [other.issuer, `${good.issuer}/`, 'https://evil.test']) {
      const answer = await browser.get(good.answerTo(await begin(browser, 'good'), { iss }));
      assert.equal(goes(answer), '/login', iss);
    }
    const without = new URL(good.answerTo(await begin(browser, 'good')), 'http://x');
    without.searchParams.delete('iss');
    assert.equal(
      goes(await browser.get(without.pathname + without.search)),
      '/login',
      'it says that it always names itself',
    );
    assert.deepEqual([good.asked, other.asked], asked, 'the code went nowhere');
    // The nonce of another visit, and the same subject at another issuer.
    const first = await begin(browser, 'good');
    const nonce = first.searchParams.get('nonce');
    good.said = { claims: { sub: 'ada-1', nonce } };
    assert.equal(goes(await browser.get(good.answerTo(await begin(browser, 'good')))), '/login');
    assert.equal(goes(await browser.get(other.answerTo(await begin(browser, 'other')))), '/login/with/other/unknown');
    // The state of the staff's door at the customers', and the other way round.
    good.said = { claims: { sub: 'ada-1' } };
    const staff = good.answerTo(await begin(browser, 'good', '/admin/login'));
    assert.equal(goes(await browser.get(staff.replace('/admin/', '/'))), '/login');
    const user = good.answerTo(await begin(browser, 'good'));
    assert.equal(goes(await browser.get(`/admin${user}`)), '/admin/login');
    assert.equal(await isIn(browser), false);
  });

  test('alg none, HS with public key or secret, wrong signature, issuer, audience, nonce, time: refused', async () => {
    const at = Math.floor(Date.now() / 1000);
    const wrong: readonly (readonly [string, MadeUp['said']])[] = [
      ['alg none', { signed: 'none' }],
      ['a key that is not published', { signed: 'foreign' }],
      ['HMAC by the client secret', { signed: 'client-secret' }],
      ['HMAC by the public key', { signed: 'public-key' }],
      ['a kid that is none', { header: { kid: '../../keys' } }],
      ['a key of its own in the header', { signed: 'foreign', header: { jku: 'http://evil.test/keys', kid: 'two' } }],
      ['another audience', { claims: { aud: 'another-client' } }],
      ['two audiences, meant for the other', { claims: { aud: [CLIENT.id, 'another'], azp: 'another' } }],
      ['another issuer', { claims: { iss: other.issuer } }],
      ['expired', { claims: { iat: at - 900, exp: at - 600 } }],
      ['no end', { claims: { exp: undefined } }],
      ['no nonce', { claims: { nonce: undefined } }],
      ['another nonce', { claims: { nonce: 'x' } }],
      ['no subject', { claims: { sub: undefined } }],
      ['a subject that is no text', { claims: { sub: 1 } }],
      [
        'no ID token',
        {
          instead: (response) =>
            void response
              .writeHead(200, { 'content-type': 'application/json' })
              .end('{"access_token":"x","token_type":"bearer"}'),
        },
      ],
    ];
    for (const [name, said] of wrong) {
      world.clock.turn(minutes(11));
      const { answer, browser } = await comes('ada-1', said);
      assert.equal(goes(answer), '/login', name);
      assert.match((await browser.get('/login')).body, /did not confirm who you are/, name);
      assert.equal(await isIn(browser), false, name);
    }
    const lines = await auditLines(world.ctx, {}, { limit: 100 });
    assert.ok(lines.filter(({ event }) => event === 'user.login.failed').length >= wrong.length);
  });

  test('social login of a user with local MFA obeys the policy of the account; only the signed word of a trusted provider counts', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    good.said = { claims: { sub: 'cleo-1' } };
    await browser.get(good.answerTo(await begin(browser, 'good')));
    await browser.signIn(cast.cleo.email);
    await browser.post('/login/code', { code: '246810' });
    await browser.post(CONFIRM);
    assert.equal((await linksOf(cast.cleo.id)).length, 1);
    const inSeconds = () => Math.floor(world.clock.now() / 1000);
    const vouching = { claims: { amr: ['pwd', 'otp'], acr: 'gold', auth_time: inSeconds() } };
    assert.equal(goes((await comes('cleo-1', vouching)).answer), '/login/code', 'nobody accepted its word');
    const now = { ...wish(), name: 'Good', issuer: good.issuer, trustsAddress: true };
    await changeProvider(ctx, SYSTEM, goodId, { ...now, acceptsFactor: true, factorLevels: 'gold' });
    assert.equal(goes((await comes('cleo-1')).answer), '/login/code', 'it vouches for nothing');
    assert.equal(
      goes((await comes('cleo-1', { claims: { amr: ['pwd'], acr: 'silver', auth_time: inSeconds() } })).answer),
      '/login/code',
    );
    assert.equal(
      goes((await comes('cleo-1', { claims: { amr: 'mfa', auth_time: inSeconds() } })).answer),
      '/login/code',
      'amr is a list',
    );
    assert.equal((await begin(world.browser(), 'good')).searchParams.get('max_age'), '900', 'it is asked to ask now');
    for (const auth_time of [undefined, inSeconds() - 16 * 60 - 1, 0, inSeconds() + 120])
      assert.equal(
        goes((await comes('cleo-1', { claims: { amr: ['mfa'], auth_time } })).answer),
        '/login/code',
        `shown ${auth_time}: long ago, or nobody says when`,
      );
    for (const claims of [
      { amr: ['pwd', 'otp'], auth_time: inSeconds() },
      { acr: 'gold', auth_time: inSeconds() - 14 * 60 },
    ]) {
      const vouched = await comes('cleo-1', { claims });
      assert.equal(goes(vouched.answer), '/', JSON.stringify(claims));
      assert.equal(
        goes(await vouched.browser.get(ACCOUNTS)),
        '/user/confirm-identity',
        'what is sensitive asks all the same',
      );
    }
    await changeProvider(ctx, SYSTEM, goodId, now);
  });

  test('a deactivated person, a provider that is off or removed, a door that it is not for: refused at once', async () => {
    const { ctx, cast } = world;
    await setUserDisabled(ctx, SYSTEM, cast.ada.id, true);
    const refused = await comes('ada-1');
    assert.equal(refused.answer.statusCode, 403);
    assert.equal(await isIn(refused.browser), false);
    await setUserDisabled(ctx, SYSTEM, cast.ada.id, false);
    const now = { ...wish(), name: 'Good', issuer: good.issuer, trustsAddress: true };
    const browser = world.browser();
    const answer = good.answerTo(await begin(browser, 'good'));
    for (const over of [{ enabled: false }, { forUsers: false }]) {
      await changeProvider(ctx, SYSTEM, goodId, { ...now, ...over });
      assert.equal(goes(await browser.get(answer)), '/login', JSON.stringify(over));
      assert.equal((await browser.get('/login/with/good')).statusCode, 404);
      assert.doesNotMatch((await browser.get('/login')).body, /with\/good/);
    }
    await changeProvider(ctx, SYSTEM, goodId, now);
    good.said = { claims: { sub: 'ada-1' } };
    assert.equal(goes(await browser.get(answer)), '/', 'none of these spent it');
  });

  test('50 parallel callbacks of one answer: exactly one wins, and a replay gets nothing', async () => {
    const browser = world.browser();
    good.said = { claims: { sub: 'ada-1' } };
    const answer = good.answerTo(await begin(browser, 'good'));
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = good.asked;
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        world.app.inject({ method: 'GET', url: answer, headers: { cookie }, remoteAddress: `198.51.${at}.1` }),
      ),
    );
    const opened = all.filter((one) =>
      one.cookies.some(({ name, value }) => name === 'doorward-session' && value !== ''),
    );
    assert.equal(opened.length, 1);
    assert.equal(good.asked, asked + 1, 'the code was traded once');
    assert.equal(goes(await browser.get(answer)), '/login');
    world.clock.turn(minutes(11));
    const late = good.answerTo(await begin(browser, 'good'));
    world.clock.turn(minutes(11));
    assert.equal(goes(await browser.get(late)), '/login', 'too late');
  });

  test('one waiting identity pressed twice at once is linked once', async () => {
    const { browser } = await comes('race-1');
    await browser.signIn(world.cast.ada.email);
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get(CONFIRM)).body)?.[1] ?? '';
    const before = (await linksOf(world.cast.ada.id)).length;
    const send = () => browser.postRaw(CONFIRM, { csrf }, { 'sec-fetch-site': 'same-origin' });
    await Promise.all([send(), send(), send()]);
    assert.equal((await linksOf(world.cast.ada.id)).length, before + 1);
  });

  test('ids of another’s links, swapped: not found, nothing removed', async () => {
    const { cast } = world;
    const [ofCleo] = await linksOf(cast.cleo.id);
    const browser = world.browser();
    await browser.signIn(cast.ada.email);
    assert.equal((await browser.get(`${ACCOUNTS}/${ofCleo?.id}/removal`)).statusCode, 404);
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get('/user/profile')).body)?.[1] ?? '';
    const posted = await browser.postRaw(
      `${ACCOUNTS}/${ofCleo?.id}/removal`,
      { csrf },
      { 'sec-fetch-site': 'same-origin' },
    );
    assert.equal(posted.statusCode, 404);
    assert.equal((await linksOf(cast.cleo.id)).length, 1);
  });

  test('goto leads nowhere else, neither at the start nor in what comes back', async () => {
    for (const goto of ['https://evil.test/', '//evil.test', '/\\evil.test', '/%2f%2fevil.test', '/admin']) {
      const browser = world.browser();
      good.said = { claims: { sub: 'ada-1' } };
      const answer = good.answerTo(await begin(browser, 'good', `/login?goto=${encodeURIComponent(goto)}`));
      const to = sentTo(await browser.get(`${answer}&goto=${encodeURIComponent(goto)}`));
      assert.deepEqual([to.origin, to.pathname], ['http://localhost:8080', '/'], goto);
    }
  });

  test('break provider config: fail closed with a kind sentence', async () => {
    const { ctx } = world;
    const browser = world.browser();
    const brokenId = await offer(world, 'openid', 'broken', { name: 'Broken', issuer: 'http://127.0.0.1:9/' });
    const fails = async (say: RegExp) => {
      const page = await world.browser().get('/login');
      assert.equal(page.statusCode, 200);
      const own = world.browser();
      const link = /href="(\/login\/with\/broken\?key=[^"]*)"/.exec((await own.get('/login')).body)?.[1] ?? '';
      assert.equal(goes(await own.get(link)), '/login');
      assert.match((await own.get('/login')).body, say);
    };
    world.clock.turn(minutes(1));
    await fails(/Broken cannot be reached/);
    // It says that it is somebody else; it sends our secret inside; it leads away; it never stops talking.
    const issuer = { ...wish(), name: 'Broken', issuer: other.issuer };
    const whole = other.metadata;
    other.metadata = { ...whole, issuer: 'https://accounts.google.com' };
    await changeProvider(ctx, SYSTEM, brokenId, issuer);
    await fails(/Broken cannot be reached/);
    other.metadata = { ...whole, token_endpoint: 'https://169.254.169.254/latest' };
    await changeProvider(ctx, SYSTEM, brokenId, { ...issuer, scopes: 'openid' });
    const answer = other.answerTo(await begin(browser, 'broken'));
    assert.equal(goes(await browser.get(answer)), '/login');
    other.metadata = { ...whole, authorization_endpoint: 'javascript:alert(1)' };
    await changeProvider(ctx, SYSTEM, brokenId, { ...issuer, scopes: 'openid email' });
    await fails(/Broken cannot be reached/);
    other.metadata = { ...whole, padding: 'x'.repeat(600 * 1024) };
    await changeProvider(ctx, SYSTEM, brokenId, { ...issuer, scopes: 'openid profile' });
    await fails(/Broken cannot be reached/);
    other.metadata = whole;
    other.said = { instead: (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end() };
    await changeProvider(ctx, SYSTEM, brokenId, issuer);
    assert.equal(goes(await browser.get(other.answerTo(await begin(browser, 'broken')))), '/login');
    other.said = { instead: (response) => void response.writeHead(500).end('<h1>') };
    assert.equal(goes(await browser.get(other.answerTo(await begin(browser, 'broken')))), '/login');
    assert.equal(await isIn(browser), false);
    // Signed in nowhere by `error`, whatever stands beside it.
    const denied = await browser.get(other.answerTo(await begin(browser, 'broken'), { error: 'access_denied' }));
    assert.equal(goes(denied), '/login');
    assert.equal(await isIn(browser), false);
  });

  test('providers inside are asked only where the operator listed them, however the address is written', async () => {
    const { ctx } = world;
    await changeSettings(ctx, SYSTEM, { 'sign-in-private-providers': '' });
    for (const host of ['127.1', '0x7f000001', '[::1]', '169.254.169.254', '[::ffff:10.0.0.1]', '[64:ff9b::127.0.0.1]'])
      await assert.rejects(addProvider(ctx, SYSTEM, 'openid', 'inner', wish({ issuer: `https://${host}/` })), {
        fields: { issuer: 'provider-issuer-private' },
      });
    for (const issuer of ['http://id.example.test', 'ftp://x.test', 'https://u:p@x.test', 'https://x.test/?a', 'x'])
      await assert.rejects(addProvider(ctx, SYSTEM, 'openid', 'inner', wish({ issuer })), {
        fields: { issuer: 'provider-issuer' },
      });
    const browser = world.browser();
    const link = /href="(\/login\/with\/good\?key=[^"]*)"/.exec((await browser.get('/login')).body)?.[1] ?? '';
    assert.equal(goes(await browser.get(link)), '/login', 'what was listed before is asked no more');
    await allowLoopback(world);
    assert.equal((await listProviders(ctx)).length, 3);
  });

  test('one network cannot make us knock at a provider without end', async () => {
    const browser = world.browser({ ip: '203.0.113.9' });
    for (let at = 1; at < ANSWERS.most; at++) await countUse(world.ctx, ANSWERS, networkName('203.0.113.9'));
    const answer = async () => good.answerTo(await begin(browser, 'good'), { code: 'guess' });
    assert.equal((await browser.get(await answer())).statusCode, 303);
    const asked = good.asked;
    assert.equal((await browser.get(await answer())).statusCode, 429);
    assert.equal(good.asked, asked);
  });

  test('password alone is no way to see another’s waiting identity: it is tied to its browser', async () => {
    await comes('waiting-1');
    const elsewhere = world.browser();
    assert.equal(goes(await elsewhere.get('/login/with/good/unknown')), '/login');
    await elsewhere.post('/login', { email: world.cast.ada.email, password: PASSWORD });
    assert.equal(goes(await elsewhere.get(CONFIRM)), ACCOUNTS);
  });
});

test('without TLS only a listed range is reached, though the address is public', async () => {
  const ask = guardedFetch({ allowed: ['127.0.0.0/8'], withinMs: 2000, mostBytes: 1000 });
  await assert.rejects(ask('http://93.184.215.14/'), /not a public address/);
  await assert.rejects(ask('https://10.0.0.1/'), /not a public address/);
});

test('what is logged of a failure holds no token', () => {
  const body = { access_token: 'TOKEN-1', id_token: 'TOKEN-2' };
  const error = new Error('invalid response encountered', {
    cause: Object.assign(new Error('no sub'), { cause: { body } }),
  });
  assert.equal(troubleOf(error), 'invalid response encountered: no sub');
});
