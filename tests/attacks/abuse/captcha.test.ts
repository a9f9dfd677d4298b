// Walking past a captcha: by leaving it out, sending it twice, at another form, too late, forged; by breaking the provider or
// its answer; by the way without scripts. The providers are stood in for by their published protocol (`siteverify`: secret and
// response by POST; success, hostname, action, score and error-codes as JSON), in place of the one function that asks them.

import assert from 'node:assert/strict';
import { after, afterEach, before, mock, test } from 'node:test';
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { captchaSecretKey } from '#domain/guard/captcha.settings.ts';
import { changeSettings, secretOf, settingTexts } from '#domain/settings/settings.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { Fields, TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const SECRET = 'the-secret-of-this-site';

onBothDatabases('captcha', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.northwind.test' } });
    ctx = world.ctx;
    await set({ 'captcha-protection': 'always' });
  });
  after(() => world.close());
  afterEach(() => mock.restoreAll());

  const set = async (texts: Record<string, string>): Promise<void> => {
    await changeSettings(ctx, SYSTEM, texts);
  };
  const unescaped = (text: string): string =>
    text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&');
  const challengeOn = (body: string): Challenge =>
    JSON.parse(unescaped(/data-challenge="([^"]*)"/.exec(body)?.[1] ?? 'null'));
  const solved = async (challenge: Challenge): Promise<string> => {
    const solution = await solveChallenge({ challenge, deriveKey });
    return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
  };
  const questionOn = (body: string): { token: string; sum: string } => {
    const token = /name="captchaQuestion" value="([^"]*)"/.exec(body)?.[1] ?? '';
    const [, one, other] = /How much is (\d+) plus (\d+)\?/.exec(body) ?? [];
    return { token, sum: String(Number(one) + Number(other)) };
  };
  const ADA = { email: 'ada@example.test', password: PASSWORD };
  /** Opens a form and sends it with more fields. */
  const send = async (browser: TestBrowser, fields: Fields, path = '/login', credentials: Fields = ADA) => {
    const csrf = csrfOf(await browser.get(path));
    return browser.postRaw(path, { csrf, ...credentials, ...fields }, { 'sec-fetch-site': 'same-origin' });
  };
  const refusedBy = (answer: { statusCode: number; body: string }, words: RegExp, status = 422): void => {
    assert.equal(answer.statusCode, status);
    assert.match(answer.body, words);
  };

  test('leaving it out opens nothing, and costs no password check', async () => {
    const hashes = ctx.passwords.hashes;
    for (const fields of [{}, { captcha: '' }, { captchaAnswer: ' ' }, { 'captcha[]': 'x' }])
      refusedBy(await send(world.browser(), fields), /show first that no program/);
    for (const captcha of [
      'x',
      'e30=',
      Buffer.from('{"challenge":{"parameters":{}},"solution":{}}').toString('base64'),
      'A'.repeat(100_000),
    ])
      refusedBy(await send(world.browser(), { captcha }), /could not be shown/);
    assert.equal(ctx.passwords.hashes, hashes);
  });

  test('every form of the list asks, and none of them is passed without', async () => {
    const forms: readonly [path: string, fields: Fields][] = [
      ['/login', ADA],
      ['/admin/login', { username: 'root', password: PASSWORD }],
      ['/password/reset', { email: 'ada@example.test' }],
      ['/register', { email: 'somebody@example.test' }],
    ];
    for (const [path, fields] of forms) {
      assert.match((await world.browser().get(path)).body, /data-challenge=/, path);
      refusedBy(await send(world.browser(), fields, path, {}), /show first that no program/);
    }
    await set({ 'captcha-forms': 'register' });
    assert.equal(
      (await world.browser().signIn('ada@example.test')).statusCode,
      303,
      'a form that is not ticked does not ask',
    );
    await set({ 'captcha-forms': 'login,admin-login,register,password-reset,invitation' });
    const foreign = await world.browser().postRaw('/dologin.php', { username: 'ada@example.test' });
    assert.match(foreign.body, /data-challenge=/, 'the sign-in form asks wherever it stands');
  });

  test('a proof of work opens its own form, once, also of 20 at once, and within half an hour', async () => {
    const browser = world.browser();
    const page = await browser.get('/login');
    const captcha = await solved(challengeOn(page.body));
    refusedBy(
      await send(browser, { captcha }, '/admin/login', { username: 'root', password: PASSWORD }),
      /could not be shown/,
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(world.browser(), { captcha })));
    assert.equal(answers.filter((one) => one.statusCode === 303).length, 1);
    for (const answer of answers.filter((one) => one.statusCode !== 303)) refusedBy(answer, /sent before/);
    const late = await solved(challengeOn((await browser.get('/login')).body));
    world.clock.turn(minutes(30));
    refusedBy(await send(world.browser(), { captcha: late }), /took too long/);
  });

  test('a forged challenge, an easier one, or another’s solution opens nothing', async () => {
    const challenge = challengeOn((await world.browser().get('/login')).body);
    const { parameters } = challenge;
    const forged: Challenge[] = [
      { ...challenge, parameters: { ...parameters, keyPrefix: '0' } },
      { ...challenge, parameters: { ...parameters, cost: 1 } },
      { ...challenge, parameters: { ...parameters, data: { ...parameters.data, at: 9_999_999_999_999 } } },
      { ...challenge, parameters: { ...parameters, expiresAt: 1 } },
      { parameters },
    ];
    for (const one of forged)
      refusedBy(await send(world.browser(), { captcha: await solved(one) }), /could not be shown/);
    const other = challengeOn((await world.browser().get('/login')).body);
    const solution = await solveChallenge({ challenge: other, deriveKey });
    const swapped = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
    refusedBy(await send(world.browser(), { captcha: swapped }), /could not be shown/);
  });

  test('without scripts a question is answered once, after ten seconds, at its own form, twenty times an hour from one network', async () => {
    const ip = '203.0.113.40';
    const ask = async (path = '/login') => questionOn((await world.browser({ ip }).get(path)).body);
    const answer = (given: { token: string; sum: string }, path?: string, fields?: Fields) =>
      send(world.browser({ ip }), { captchaQuestion: given.token, captchaAnswer: given.sum }, path, fields);
    const quick = await ask();
    refusedBy(await answer(quick), /wait 10 seconds/);
    world.clock.turn(seconds(10));
    assert.equal((await answer(quick)).statusCode, 303);
    refusedBy(await answer(quick), /sent before/);
    const [staff, wrong] = [await ask('/admin/login'), await ask()];
    world.clock.turn(seconds(10));
    refusedBy(await answer(staff), /sent before|took too long/);
    refusedBy(await answer({ ...wrong, sum: '999' }), /not the answer/);
    refusedBy(await answer(wrong), /sent before/, 422);
    const arabic = await ask();
    world.clock.turn(seconds(10));
    const inArabic = arabic.sum.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    assert.equal((await answer({ ...arabic, sum: inArabic })).statusCode, 303);
    for (let at = 0; at < 20; at += 1) await answer({ token: 'x', sum: '1' });
    const another = await ask();
    world.clock.turn(seconds(10));
    assert.equal((await answer(another)).statusCode, 429);
    await set({ 'captcha-question': 'off' });
    assert.doesNotMatch((await world.browser().get('/login')).body, /captchaQuestion/);
    refusedBy(
      await send(world.browser(), { captchaQuestion: another.token, captchaAnswer: another.sum }),
      /show first/,
    );
    await set({ 'captcha-question': 'on' });
  });

  test('after failures: asked from the third on, of that network alone, for an hour; whoever is signed in is asked where it says always', async () => {
    await set({ 'captcha-protection': 'after-failures' });
    const browser = (ip = '203.0.113.50') => world.browser({ ip });
    for (let at = 0; at < 3; at += 1) {
      assert.doesNotMatch((await browser().get('/login')).body, /data-captcha/);
      await send(browser(), {}, '/login', { ...ADA, password: 'wrong password here' });
    }
    refusedBy(await send(browser(), {}), /show first/);
    assert.match((await browser().get('/password/reset')).body, /data-challenge/);
    assert.doesNotMatch((await browser('203.0.114.50').get('/login')).body, /data-captcha/);
    const captcha = await solved(challengeOn((await browser().get('/login')).body));
    assert.equal((await send(browser(), { captcha })).statusCode, 303);
    world.clock.turn(hours(1));
    assert.equal((await send(browser(), {})).statusCode, 303);
    for (let at = 0; at < 3; at += 1) await send(browser(), {}, '/password/reset', { email: 'ada@example.test' });
    refusedBy(await send(browser(), {}, '/password/reset', { email: 'ada@example.test' }), /show first/);
    await set({ 'captcha-protection': 'always' });
  });

  test('the API is not asked', async () => {
    await set({ 'api-allowed-addresses': '127.0.0.1' });
    assert.equal(
      (await world.api('ValidateLogin', { email: 'ada@example.test', password2: PASSWORD })).body['result'],
      'success',
    );
  });

  /** A provider as its documentation describes it. */
  const provider = (say: Record<string, unknown> | 'down' | 'nonsense' | number) => {
    const asked: URLSearchParams[] = [];
    const spent = new Set<string>();
    mock.method(globalThis, 'fetch', async (url: string, options: { body: URLSearchParams }) => {
      assert.match(
        url,
        /^https:\/\/(challenges\.cloudflare\.com\/turnstile\/v0|api\.hcaptcha\.com|www\.google\.com\/recaptcha\/api)\/siteverify$/,
      );
      asked.push(options.body);
      if (say === 'down') throw new TypeError('fetch failed');
      if (say === 'nonsense') return new Response('<html>sorry</html>');
      if (typeof say === 'number') return new Response('{"success":true}', { status: say });
      const token = options.body.get('response') ?? '';
      const fault = (code: string) => Response.json({ success: false, 'error-codes': [code] });
      if (options.body.get('secret') !== SECRET) return fault('invalid-input-secret');
      if (!token.startsWith('good')) return fault('invalid-input-response');
      if (spent.has(token)) return fault('timeout-or-duplicate');
      spent.add(token);
      return Response.json({
        success: true,
        challenge_ts: '2026-06-01T12:00:00Z',
        hostname: 'my.northwind.test',
        ...say,
      });
    });
    return asked;
  };
  const FIELD = {
    turnstile: 'cf-turnstile-response',
    hcaptcha: 'h-captcha-response',
    recaptcha: 'g-recaptcha-response',
    'recaptcha-v3': 'captcha',
  } as const;
  type Kind = keyof typeof FIELD;
  const choose = (kind: Kind, secretKey = SECRET) =>
    set({ 'captcha-type': kind, 'captcha-site-key': 'site-key', 'captcha-secret-key': secretKey });
  let tokens = 0;
  const good = (): string => {
    tokens += 1;
    return `good-${tokens}`;
  };

  for (const kind of Object.keys(FIELD) as Kind[])
    test(`${kind}: its yes opens the form, its no does not, and its page may load what it needs and nothing else may`, async () => {
      await choose(kind);
      const asked = provider({ action: 'login', score: kind === 'hcaptcha' ? 0.1 : 0.9 });
      const page = await world.browser().get('/login');
      const policy = String(page.headers['content-security-policy']);
      assert.match(policy, /script-src 'self' https:\/\//);
      assert.match(policy, /frame-src https:\/\//);
      assert.doesNotMatch(policy, /unsafe|\*(?!\.hcaptcha\.com)|script-src[^;]*data:/);
      assert.match(page.body, /<script src="https:\/\/[^"]+" data-captcha-script/);
      assert.doesNotMatch(page.body, new RegExp(SECRET));
      const token = good();
      const answer = await send(world.browser(), { [FIELD[kind]]: token });
      assert.equal(answer.statusCode, 303);
      assert.deepEqual([asked[0]?.get('secret'), asked[0]?.get('response')], [SECRET, token]);
      refusedBy(await send(world.browser(), { [FIELD[kind]]: token }), /sent before/);
      refusedBy(await send(world.browser(), { [FIELD[kind]]: 'bad' }), /could not be shown/);
      refusedBy(await send(world.browser(), {}), /show first/);
      const elsewhere = String((await world.browser().get('/password/reset/sent')).headers['content-security-policy']);
      assert.doesNotMatch(elsewhere, /https:/);
    });

  test('a yes for another site, another form, or with too low a score is a no', async () => {
    await choose('turnstile');
    for (const say of [{ action: 'register' }, {}, { action: 'login', hostname: 'evil.example' }]) {
      provider(say);
      refusedBy(await send(world.browser(), { [FIELD.turnstile]: good() }), /could not be shown/);
      mock.restoreAll();
    }
    await choose('recaptcha-v3');
    for (const score of [0.4, undefined, '0.9', Number.NaN]) {
      provider({ action: 'login', score });
      refusedBy(await send(world.browser(), { captcha: good() }), /could not be shown/);
      mock.restoreAll();
    }
    await choose('hcaptcha');
    provider({ score: 0.8 });
    refusedBy(await send(world.browser(), { [FIELD.hcaptcha]: good() }), /could not be shown/);
  });

  test('break provider config: no answer, nonsense, a fault of theirs, a wrong secret: every door stays closed, and says so', async () => {
    await choose('turnstile');
    for (const say of ['down', 'nonsense', 500, 302] as const) {
      provider(say);
      for (const [path, fields] of [
        ['/login', ADA],
        ['/admin/login', { username: 'root', password: PASSWORD }],
      ] as const)
        refusedBy(await send(world.browser(), { [FIELD.turnstile]: good() }, path, fields), /does not answer/, 503);
      mock.restoreAll();
    }
    await choose('turnstile', 'another-secret');
    provider({ action: 'login' });
    refusedBy(await send(world.browser(), { [FIELD.turnstile]: good() }), /does not answer/, 503);
    const { token, sum } = questionOn((await world.browser().get('/admin/login')).body);
    world.clock.turn(seconds(10));
    const fields = { username: 'root', password: PASSWORD, captchaQuestion: token, captchaAnswer: sum };
    assert.equal(
      leadsTo(await send(world.browser(), fields, '/admin/login', {})),
      '/admin',
      'the question asks nobody else',
    );
  });

  test('without its keys a provider asks nobody: our own check holds in its place', async () => {
    await set({ 'captcha-secret-key': '' });
    const page = await world.browser().get('/login');
    assert.match(page.body, /data-challenge=/);
    assert.doesNotMatch(String(page.headers['content-security-policy']), /https:/);
    refusedBy(await send(world.browser(), { [FIELD.turnstile]: good() }), /show first/);
    await set({ 'captcha-type': 'altcha' });
  });

  test('the secret key is sealed at rest, never shown again, not in the log, and kept by a form that leaves it empty', async () => {
    await set({ 'captcha-secret-key': SECRET, 'captcha-protection': 'off' });
    const rows = JSON.stringify([
      await ctx.db.selectFrom('settings').selectAll().execute(),
      await ctx.db.selectFrom('audit_log').selectAll().execute(),
    ]);
    assert.doesNotMatch(rows, new RegExp(SECRET));
    assert.doesNotMatch(JSON.stringify([...(await settingTexts(ctx))]), new RegExp(SECRET));
    const root = world.browser();
    await root.signIn('root');
    const page = await root.get('/admin/settings/security');
    assert.doesNotMatch(page.body, new RegExp(SECRET));
    assert.match(page.body, /One is kept and not shown again/);
    const own = [...ctx.settings.values()].filter((one) => one.area === 'security' && !one.hidden);
    const texts = await settingTexts(ctx);
    const fields = Object.fromEntries(
      own
        .filter(({ name, kind }) => kind.shown !== 'secret' && !(kind.shown === 'flag' && texts.get(name) === ''))
        .map(({ name, kind }) => [
          name,
          kind.shown === 'choices' ? (texts.get(name) ?? '').split(',').filter(Boolean) : (texts.get(name) ?? ''),
        ]),
    );
    assert.equal(
      (await root.post('/admin/settings/security', { ...fields, 'captcha-secret-key': '' })).statusCode,
      303,
    );
    assert.equal(await secretOf(ctx, captchaSecretKey), SECRET);
    await root.post('/admin/settings/security', { ...fields, 'captcha-secret-key-removed': '1' });
    assert.equal(await secretOf(ctx, captchaSecretKey), undefined);
    const [line] = await auditLines(ctx, { event: 'settings.changed' }, { limit: 1 });
    assert.equal(line?.description, 'The setting captcha-secret-key was changed');
  });
});
