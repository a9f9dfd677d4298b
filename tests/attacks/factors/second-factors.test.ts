// Attacks on second factors, each after its line in the list of attacks: "Second factors and step-up".

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { backupCodesOf, draftBackupCodes, spendingOfBackupCode } from '#domain/credentials/backup-codes.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { factorsOf } from '#domain/credentials/factors.ts';
import { authenticatorsOf, draftAuthenticator, spendingOfCode } from '#domain/credentials/totp.ts';
import { codeAt } from '#domain/credentials/totp-code.ts';
import { findHolderById, personOfHolder } from '#domain/login/holder.ts';
import { offerFactor } from '#domain/login/next-step.ts';
import { addOwnFactor, renewOwnBackupCodes } from '#domain/login/own-factors.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { goOn } from '#domain/login/steps.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import { openSeal, randomToken } from '#kit/secret.ts';
import { findPages } from '#src/app.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestApp } from '#tests/factors.ts';
import { appWith, giveApp, scanned, seedIn } from '#tests/factors.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const OWN = { 'sec-fetch-site': 'same-origin' };
const NEW_PASSWORD = 'an entirely different phrase';

onBothDatabases('second factors under attack', (database) => {
  let world: World;
  let ada: FactorHolder;
  let eve: FactorHolder;
  let app: TestApp;
  let codes: readonly string[];
  before(async () => {
    world = await testWorld(database);
    ada = { kind: 'user', id: world.cast.ada.id };
    eve = { kind: 'user', id: world.cast.eve.id };
    app = await giveApp(world, ada);
    codes = await giveCodes(ada);
  });
  after(() => world.close());

  const refusal = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;
  const session = (browser: TestBrowser) => browser.cookies.get('doorward-session');
  const halfway = async (email = 'ada@example.test'): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.match(leadsTo(await browser.signIn(email)), /^\/login\/code/);
    return browser;
  };
  const inside = async (): Promise<TestBrowser> => {
    const browser = await halfway();
    await browser.post('/login/code', { code: await app.next() });
    assert.ok(session(browser));
    return browser;
  };
  /** Makes the session of a browser one that was proved by the password alone, though its person has a factor. */
  const provedByPassword = (browser: TestBrowser) =>
    sessionOf(browser).then(({ sessionId }) =>
      world.ctx.db
        .updateTable('sessions')
        .set({ proven_by: 'password', methods: 'password' })
        .where('id', '=', sessionId)
        .execute(),
    );
  const sessionOf = async (browser: TestBrowser) => {
    const checked = await checkUserSession(world.ctx, session(browser) ?? '');
    if (!('who' in checked)) throw new Error('nobody is signed in');
    return checked.who;
  };
  const whoIn = async (browser: TestBrowser) => {
    const who = await sessionOf(browser);
    return { holder: { kind: 'user' as const, id: who.userId }, sessionId: who.sessionId, lastProof: who.lastProof };
  };
  async function giveCodes(holder: FactorHolder): Promise<readonly string[]> {
    const drawn = draftBackupCodes(world.ctx, holder, 'browser');
    const lastProof = { provenAt: world.clock.now(), provenBy: 'totp' };
    await renewOwnBackupCodes(
      world.ctx,
      systemActor('Test'),
      { holder, sessionId: 0, lastProof },
      'browser',
      drawn.draft,
    );
    return drawn.codes;
  }
  /** What is stored of somebody's factors. */
  const stored = async (holder: FactorHolder) => ({
    apps: (await world.ctx.db.selectFrom('authenticators').selectAll().where('user_id', '=', holder.id).execute()).map(
      ({ last_step, last_used_at, ...row }) => row,
    ),
    codes: await world.ctx.db
      .selectFrom('backup_codes')
      .selectAll()
      .where('user_id', '=', holder.id)
      .orderBy('id')
      .execute(),
  });

  test('with the password only: no page tells who it is, and none sets up, takes away or replaces a factor', async () => {
    const before = await stored(ada);
    const browser = await halfway();
    const page = await browser.get('/login/code');
    const csrf = csrfOf(page);
    assert.doesNotMatch(page.body, /ada@|Lovelace|Analytical/);
    const { draft } = await draftAuthenticator(world.ctx, { holder: ada, browser: 'x', label: 'x' });
    const places = (await findPages())
      .map(({ address }) => address.replace(':client', String(world.cast.ada.clientId)).replace(/:\w+/g, '1'))
      .filter((address) => /security|confirm-identity|login|sessions|profile|account|sso|oauth/.test(address));
    assert.ok(places.includes('/user/security/app') && places.includes('/login/set-up/app'));
    for (const address of places.filter((one) => !/^\/(admin\/)?(login|logout)$/.test(one))) {
      const copy = world.browser();
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      const answers = [
        await copy.get(address),
        await copy.postRaw(address, { csrf, draft, code: '000000', password: PASSWORD, current: PASSWORD }, OWN),
      ];
      for (const answer of answers) {
        assert.doesNotMatch(answer.body, /ada@example|Lovelace|Analytical/, address);
        assert.equal(session(copy), undefined, address);
      }
    }
    assert.deepEqual(await stored(ada), before);
    assert.equal(leadsTo(await (await halfway()).get('/login/set-up/app')), '/login');
  });

  test('a session that was proved by the password alone adds, removes, replaces nothing where a factor exists', async () => {
    const before = await stored(ada);
    const browser = await inside();
    const csrf = csrfOf(await browser.get('/user/security/app'));
    await provedByPassword(browser);
    const [own] = await authenticatorsOf(world.ctx, ada);
    const places = (await findPages())
      .filter(({ address, page }) => /^\/user\/security\/(app|backup-codes|passkeys|duo)/.test(address) && page.post)
      .map(({ address }) => address.replace(/:\w+/g, String(own?.id)));
    assert.ok(places.length >= 4);
    for (const place of places) {
      assert.match(leadsTo(await browser.get(place)), /^\/user\/confirm-identity\?/, place);
      const post = await browser.postRaw(place, { csrf, name: 'Mine', code: '000000' }, OWN);
      assert.match(leadsTo(post), /^\/user\/confirm-identity\?/, place);
    }
    // The password, asked for or not, is no way past the factor.
    const asked = await browser.post('/user/confirm-identity', { current: PASSWORD });
    assert.equal(asked.statusCode, 422);
    assert.match(leadsTo(await browser.get('/user/security/app')), /^\/user\/confirm-identity/);
    // Nor past the page: the rule itself asks.
    const who = await whoIn(browser);
    const never = async () => assert.fail('enrolled');
    await assert.rejects(addOwnFactor(world.ctx, who, never), refusal('step-up-stronger'));
    const { draft } = draftBackupCodes(world.ctx, ada, 'b');
    const renewing = renewOwnBackupCodes(world.ctx, systemActor('Test'), who, 'b', draft);
    await assert.rejects(renewing, refusal('step-up-stronger'));
    assert.deepEqual(await stored(ada), before);
  });

  test('a session from before the factor, and a sign-in half done, end when it is set up elsewhere', async () => {
    const ben = { kind: 'user', id: world.cast.ben.id } as const;
    const old = world.browser();
    await old.signIn('ben@example.test');
    const page = await old.get('/user/security/app');
    const mine = appWith(world, seedIn(scanned(page.body)));
    await giveApp(world, ben); // their owner, elsewhere
    const draft = /name="draft" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const late = await old.postRaw('/user/security/app', { csrf: csrfOf(page), draft, code: await mine.shows() }, OWN);
    assert.match(leadsTo(late), /^\/login/);
    assert.equal((await authenticatorsOf(world.ctx, ben)).length, 1);
  });

  test('two who set up at the door with one password: the first does, the other adds none', async () => {
    await changeSettings(world.ctx, systemActor('Test'), {
      'second-factor-required-users': 'on',
      'second-factor-grace-days': '0',
    });
    const both = await Promise.all(
      [1, 2].map(async () => {
        const browser = world.browser();
        await browser.signIn('eve@example.test');
        const page = await browser.get('/login/set-up/app');
        const draft = /name="draft" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
        return { browser, csrf: csrfOf(page), draft, code: await appWith(world, seedIn(scanned(page.body))).shows() };
      }),
    );
    await Promise.all(
      both.map(({ browser, csrf, draft, code }) => browser.postRaw('/login/set-up/app', { csrf, draft, code }, OWN)),
    );
    assert.equal(both.filter(({ browser }) => session(browser)).length, 1);
    assert.equal((await authenticatorsOf(world.ctx, eve)).length, 1);
    await changeSettings(world.ctx, systemActor('Test'), { 'second-factor-required-users': '' });
    await world.ctx.db.deleteFrom('authenticators').where('user_id', '=', eve.id).execute();
  });

  test('a seed or codes that another person, another browser or nobody was shown are not taken', async () => {
    const browser = world.browser();
    await browser.signIn('eve@example.test');
    const page = await browser.get('/user/security/app');
    const seed = seedIn(scanned(page.body));
    const foreign = await draftAuthenticator(world.ctx, { holder: eve, browser: 'of somebody else', label: 'x' });
    const adas = await draftAuthenticator(world.ctx, { holder: ada, browser: 'of somebody else', label: 'x' });
    for (const { draft, code } of [
      { draft: foreign.draft, code: await codeAt(foreign.seed, world.clock.now()) },
      { draft: adas.draft, code: await codeAt(adas.seed, world.clock.now()) },
      { draft: JSON.stringify({ seed, until: world.clock.now() + 1000 }), code: await codeAt(seed, world.clock.now()) },
      { draft: '', code: '000000' },
    ]) {
      const answer = await browser.postRaw('/user/security/app', { csrf: csrfOf(page), draft, code, seed }, OWN);
      assert.equal(answer.statusCode, 403);
    }
    assert.deepEqual(await authenticatorsOf(world.ctx, eve), []);
    const made = await browser.postRaw(
      '/user/security/backup-codes/new',
      { csrf: csrfOf(page), draft: draftBackupCodes(world.ctx, eve, 'x').draft },
      OWN,
    );
    assert.equal(made.statusCode, 303);
    assert.deepEqual(await stored(eve), { apps: [], codes: [] });
  });

  test("another person's app is neither seen, renamed nor removed by its number", async () => {
    const before = await stored(ada);
    const [own] = await authenticatorsOf(world.ctx, ada);
    const browser = world.browser();
    await browser.signIn('eve@example.test');
    const csrf = csrfOf(await browser.get('/user/security/app'));
    for (const place of [`/user/security/app/${own?.id}`, `/user/security/app/${own?.id}/removal`]) {
      assert.equal((await browser.get(place)).statusCode, 404);
      assert.equal((await browser.postRaw(place, { csrf, name: 'Mine' }, OWN)).statusCode, 404);
    }
    const root = world.browser();
    await root.signIn('root');
    assert.equal((await root.get(`/admin/account/security/app/${own?.id}/removal`)).statusCode, 404);
    assert.deepEqual(await stored(ada), before);
  });

  test('the same code twice, also in parallel, also after the clock went back: one success', async () => {
    world.clock.turn(hours(1));
    const browsers: TestBrowser[] = [];
    for (let at = 0; at < 15; at += 1) browsers.push(await halfway());
    const forms = await Promise.all(browsers.map(async (one) => csrfOf(await one.get('/login/code'))));
    const code = await app.next();
    await Promise.all(browsers.map((one, at) => one.postRaw('/login/code', { csrf: forms[at] ?? '', code }, OWN)));
    assert.equal(browsers.filter(session).length, 1);
    const late = await halfway();
    assert.equal((await late.post('/login/code', { code })).statusCode, 422);
    world.clock.turn(-seconds(60));
    for (const ms of [0, seconds(30), seconds(60)]) {
      const again = await halfway();
      const older = await codeAt(app.seed, world.clock.now() + ms);
      assert.notEqual((await again.post('/login/code', { code: older })).statusCode, 303);
      assert.equal(session(again), undefined);
    }
    world.clock.turn(hours(2));
  });

  test('10,000 guesses over many addresses: twenty are looked at, whoever guesses, and the right one waits with them', async () => {
    const holder = await findHolderById(world.ctx, personOfHolder(ada));
    assert.ok(holder);
    const attempts = await Promise.all(
      Array.from({ length: 25 }, async (_, at) => {
        const begun = await goOn(
          world.ctx,
          holder,
          { methods: ['password'], ip: `192.0.2.${at}`, remember: false },
          { isPersonThere: true },
        );
        return begun.at === 'second-factor' ? begun.attempt : '';
      }),
    );
    const hashes = attempts.map(() => 0);
    let [looked, refused, over] = [0, 0, 0];
    const guess = async (at: number, code: string): Promise<void> => {
      const ip = `198.51.${Math.floor(at / 250)}.${at % 250}`;
      const attempt = attempts[at % attempts.length] ?? '';
      hashes[at % attempts.length] = (hashes[at % attempts.length] ?? 0) + 1;
      const answer = await offerFactor(world.ctx, attempt, undefined, { text: code, browser: 'b' }, ip).catch(
        (error: unknown) =>
          error instanceof Problem && error.kind === 'too-many' ? 'too-many' : Promise.reject(error),
      );
      if (answer === 'too-many') refused += 1;
      else if (answer.at === 'wrong') looked += 1;
      else if (answer.at === 'over') over += 1;
      else assert.fail('a guess was right');
    };
    const right = new Set([-1, 0, 1].map((step) => codeAt(app.seed, world.clock.now() + step * seconds(30))));
    const known = new Set(await Promise.all(right));
    const guesses = Array.from({ length: 10_000 }, (_, at) => String(at).padStart(6, '0')).filter(
      (one) => !known.has(one),
    );
    for (let from = 0; from < guesses.length; from += 100)
      await Promise.all(guesses.slice(from, from + 100).map((code, at) => guess(from + at, code)));
    assert.equal(looked, 20); // a chance of 60 in a million, for whoever knows the password already
    assert.equal(looked + refused + over, guesses.length);
    assert.equal(refused, 25 * 5 - 20); // and each sign-in had five tries
    const late = await halfway();
    assert.equal((await late.post('/login/code', { code: await app.shows() })).statusCode, 429);
    assert.equal(session(late), undefined);
    world.clock.turn(hours(1));
    assert.ok(session(await inside()));
  });

  test('guesses where it is asked again are counted for the person, in whichever session', async () => {
    const [one, two] = [await inside(), await inside()];
    world.clock.turn(minutes(15));
    let answers: number[] = [];
    for (let at = 0; at < 12; at += 1)
      answers = [
        ...answers,
        (await (at % 2 ? one : two).post('/user/confirm-identity', { code: '000000' })).statusCode,
      ];
    assert.deepEqual(answers, [...Array.from({ length: 10 }, () => 422), 429, 429]);
    assert.equal((await one.post('/user/confirm-identity', { code: await app.next() })).statusCode, 429);
    world.clock.turn(hours(1));
  });

  test('a backup code works once, by one of fifty; the ones it was drawn with go on', async () => {
    const [code = '', other = ''] = codes;
    const spends = await Promise.all(Array.from({ length: 10 }, () => spendingOfBackupCode(world.ctx, ada, code)));
    const all = Array.from({ length: 50 }, (_, at) => spends[at % 10]);
    const spent = await Promise.all(all.map((spend) => world.ctx.transaction(async (tx) => spend?.(tx) ?? false)));
    assert.equal(spent.filter(Boolean).length, 1);
    assert.equal(await spendingOfBackupCode(world.ctx, ada, code), undefined);
    assert.equal(await spendingOfBackupCode(world.ctx, eve, other), undefined);
    assert.ok(await spendingOfBackupCode(world.ctx, ada, other));
    assert.equal((await backupCodesOf(world.ctx, ada)).left, 9);
  });

  test('backup codes of before open nothing once new ones are made, or the factor they stood in for is gone', async () => {
    const ben = { kind: 'user', id: world.cast.ben.id } as const;
    const [old = ''] = await giveCodes(ben);
    const [next = ''] = await giveCodes(ben);
    assert.equal(await spendingOfBackupCode(world.ctx, ben, old), undefined);
    const { takeFactorsAway } = await import('#domain/login/factor-reset.ts');
    await takeFactorsAway(world.ctx, systemActor('Test'), ben, { by: 'staff', reason: 'test' });
    await giveApp(world, ben);
    assert.equal(await spendingOfBackupCode(world.ctx, ben, next), undefined);
    assert.deepEqual(
      (await factorsOf(world.ctx, ben)).map(({ name }) => name),
      ['totp'],
    );
  });

  test('a stolen database reads no seed and uses no backup code: without the key of the installation they are nothing', async () => {
    const [, code = ''] = codes;
    const plain = code.replaceAll('-', '');
    const rows = JSON.stringify(await stored(ada));
    const hex = Buffer.from(app.seed).toString('hex');
    for (const secret of [app.seed, hex, plain, code, plain.slice(4)]) assert.equal(rows.includes(secret), false);
    for (const { hash } of (await stored(ada)).codes) assert.match(hash, /^\$argon2id\$/);
    const thief = { ...world.ctx, seal: openSeal(randomToken(32)) };
    const now = await app.next();
    assert.equal(await spendingOfCode(thief, ada, now), undefined);
    assert.equal(await spendingOfBackupCode(thief, ada, code), undefined);
    assert.ok(await spendingOfCode(world.ctx, ada, now));
    assert.ok(await spendingOfBackupCode(world.ctx, ada, code));
    // Nor does the log or a letter hold any of it.
    const told = JSON.stringify([
      await world.ctx.db.selectFrom('audit_log').selectAll().execute(),
      await world.ctx.db.selectFrom('letters').selectAll().execute(),
      await world.ctx.db.selectFrom('spent_once').selectAll().execute(),
    ]);
    for (const secret of [app.seed, plain, code]) assert.equal(told.includes(secret), false);
  });

  test('a reset of the password on an account with a factor: the factor is still asked, and is as it was', async () => {
    const before = await stored(ada);
    const browser = world.browser();
    await world.ctx.transaction((tx) => sendPasswordLink(tx, systemActor('Test'), ada.id, 'asked'));
    const { link } = await world.letterTo('ada@example.test');
    const path = new URL(link).pathname;
    await browser.post(path, { password: NEW_PASSWORD });
    assert.equal(session(browser), undefined);
    assert.deepEqual(await stored(ada), before);
    assert.equal(leadsTo(await browser.signIn('ada@example.test', NEW_PASSWORD)), '/login/code');
    await browser.post('/login/code', { code: await app.next() });
    assert.ok(session(browser));
  });
});
