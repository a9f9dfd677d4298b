// Authenticator apps and backup codes as people meet them: set up, signed in with, lost, taken away.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { BACKUP_CODES, backupCodesOf } from '#domain/credentials/backup-codes.ts';
import { factorsOf, holdersWithFactor } from '#domain/credentials/factors.ts';
import { authenticatorsOf } from '#domain/credentials/totp.ts';
import { takeFactorsAway } from '#domain/login/factor-reset.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days, minutes } from '#kit/duration.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import type { TestApp } from '#tests/factors.ts';
import { appWith, giveApp, scanned, seedIn } from '#tests/factors.ts';
import { leadsTo, signedIn, staffWith, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const OWN = { 'sec-fetch-site': 'same-origin' };

/** Posts the form of a page with what it holds hidden. */
async function fill(browser: TestBrowser, path: string, fields: Record<string, string>, from = path) {
  const page = await browser.get(from);
  const draft = hidden(page.body, 'draft');
  const goto = hidden(page.body, 'goto');
  return browser.postRaw(
    path,
    { csrf: csrfOf(page), ...(draft ? { draft } : {}), ...(goto ? { goto } : {}), ...fields },
    OWN,
  );
}

function hidden(body: string, name: string): string | undefined {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1]?.replaceAll('&amp;', '&');
}

function codesOn(body: string): string[] {
  return [...body.matchAll(/<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/li>/g)].map(([, code]) => code ?? '');
}

onBothDatabases('authenticator apps and backup codes', (database) => {
  let world: World;
  let app: TestApp;
  let codes: string[];
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const ada = () => ({ kind: 'user', id: world.cast.ada.id }) as const;
  /** The newest letter of a kind; a browser that was not seen before brings one of its own. */
  const letterOf = async (address: string, kind: string): Promise<string> => {
    const found = (await letterHistory(world.ctx, {}, { limit: 50 })).find(
      (one) => one.to === address && one.kind === kind,
    );
    return found ? (await liveLetterOf(world.ctx, found.id)).text : `no letter ${kind} to ${address}`;
  };
  const session = (browser: TestBrowser) => browser.cookies.get('doorward-session');
  const inByCode = async (email: string, code: string): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn(email)), '/login/code');
    await browser.post('/login/code', { code });
    assert.ok(session(browser));
    return browser;
  };

  test('an app is set up by what the QR code holds; the key typed by hand is the same', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    assert.match(wordsOf(await browser.get('/user/security')), /Authenticator app.*Off/s);
    const page = await browser.get('/user/security/app');
    const address = scanned(page.body);
    assert.match(address, /^otpauth:\/\/totp\//);
    assert.match(decodeURIComponent(address), /ada@example\.test/);
    assert.equal(hidden(page.body, 'x'), undefined);
    assert.ok(page.body.includes(seedIn(address).replace(/(.{4})(?=.)/g, '$1 ')));
    assert.ok(page.body.includes(`href="${address.replaceAll('&', '&amp;')}"`));
    app = appWith(world, seedIn(address));

    const fields = { csrf: csrfOf(page), draft: hidden(page.body, 'draft') ?? '' };
    const wrong = await browser.postRaw('/user/security/app', { ...fields, code: '000000' }, OWN);
    assert.equal(wrong.statusCode, 422);
    assert.equal(seedIn(scanned(wrong.body)), app.seed); // what was scanned goes on being right
    assert.deepEqual(await authenticatorsOf(world.ctx, ada()), []);

    const elsewhere = world.browser({ ip: '192.0.2.9' });
    await elsewhere.signIn('ada@example.test');
    const token = session(browser);
    const code = `${(await app.shows()).slice(0, 3)} ${(await app.shows()).slice(3)}`;
    const right = await browser.postRaw('/user/security/app', { ...fields, code, name: 'My phone' }, OWN);
    assert.equal(leadsTo(right), '/user/security/backup-codes/new');
    assert.notEqual(session(browser), token); // a stolen cookie is dead
    assert.match(leadsTo(await elsewhere.get('/user/profile')), /^\/login/); // other sessions are over
    assert.equal((await browser.get('/user/security/app')).statusCode, 200); // nothing is asked again right away
    assert.match(
      await letterOf('ada@example.test', 'second-factor-added'),
      /set up for ada@example\.test.*Authenticator app/,
    );
    assert.deepEqual(
      [...(await holdersWithFactor(world.ctx, 'user', [world.cast.ada.id, world.cast.ben.id]))],
      [world.cast.ada.id],
    );

    const shown = codesOn((await browser.get('/user/security/backup-codes/new')).body);
    assert.equal(new Set(shown).size, BACKUP_CODES);
    assert.equal((await backupCodesOf(world.ctx, ada())).left, 0); // looking makes none
    const form = await browser.get('/user/security/backup-codes/new');
    codes = codesOn(form.body);
    const post = { csrf: csrfOf(form), draft: hidden(form.body, 'draft') ?? '' };
    assert.equal(leadsTo(await browser.postRaw('/user/security/backup-codes/new', post, OWN)), '/user/security');
    assert.match(wordsOf(await browser.get('/user/security')), /Backup codes 10 codes are left/);
    const twice = await browser.postRaw('/user/security/backup-codes/new', post, OWN);
    assert.equal(twice.statusCode, 403);
    assert.match(wordsOf(twice), /shown too long ago, or are in use already/);
  });

  test('signing in asks for its code, takes it once, and offers the other way', async () => {
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn('ada@example.test')), '/login/code');
    const page = await browser.get('/login/code');
    assert.match(page.body, /autocomplete="one-time-code"/);
    assert.match(page.body, /href="\/login\/backup-code"/);
    assert.equal((await browser.post('/login/code', { code: await app.shows() })).statusCode, 422); // spent at set-up
    const code = await app.next();
    await browser.post('/login/code', { code });
    assert.ok(session(browser));
    const again = world.browser();
    await again.signIn('ada@example.test');
    assert.equal((await again.post('/login/code', { code })).statusCode, 422);
    assert.equal(session(again), undefined);
  });

  test('a backup code signs in once, as it is typed; its person is told and how many are left', async () => {
    const [first = ''] = codes;
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    assert.match((await browser.get('/login/backup-code')).body, /href="\/login\/code"/);
    await browser.post('/login/backup-code', { code: ` ${first.toUpperCase().replaceAll('-', ' ')} ` });
    assert.ok(session(browser));
    assert.match(await letterOf('ada@example.test', 'backup-codes'), /A backup code was used[\s\S]*9 codes are left/);
    const again = world.browser();
    await again.signIn('ada@example.test');
    assert.equal((await again.post('/login/backup-code', { code: first })).statusCode, 422);
    assert.equal((await backupCodesOf(world.ctx, ada())).left, BACKUP_CODES - 1);
    assert.equal(
      (await world.api('GetActivityLog', { limitnum: 50 })).raw.body.includes(
        'ada@example.test used a backup code; 9 are left',
      ),
      true,
    );
  });

  test('a quarter of an hour later the factor is asked again before anything about it is touched, and the cookie changes', async () => {
    const browser = await inByCode('ada@example.test', await app.next());
    world.clock.turn(minutes(15));
    const away = leadsTo(await browser.get('/user/security/app'));
    assert.equal(away, '/user/confirm-identity?goto=%2Fuser%2Fsecurity%2Fapp');
    assert.equal((await browser.get('/user/security')).statusCode, 200); // looking is free
    const page = await browser.get(away);
    assert.doesNotMatch(page.body, /name="current"/); // no password where there is a factor
    assert.equal((await fill(browser, '/user/confirm-identity', { current: PASSWORD }, away)).statusCode, 422);
    const token = session(browser);
    assert.equal(
      leadsTo(await fill(browser, '/user/confirm-identity', { code: await app.next() }, away)),
      '/user/security/app',
    );
    assert.notEqual(session(browser), token);
    assert.equal((await browser.get('/user/security/app')).statusCode, 200);
    world.clock.turn(minutes(16));
    const typed = await browser.get(`${away}&by=backup-code`);
    assert.match(typed.body, /Backup code/);
    assert.equal(
      leadsTo(await fill(browser, '/user/confirm-identity', { code: codes[1] ?? '' }, away)),
      '/user/security/app',
    );
    // The way on is one of our own pages.
    world.clock.turn(minutes(16));
    for (const goto of ['https://evil.example', '//evil.example', '/\\evil.example', '/logout', '/admin']) {
      const here = `/user/confirm-identity?${new URLSearchParams({ goto })}`;
      assert.equal((await browser.get(here)).body.includes('evil.example'), false, goto);
    }
    const tricked = await browser.post('/user/confirm-identity', {
      code: await app.next(),
      goto: 'https://evil.example/',
    });
    assert.equal(leadsTo(tricked), '/');
  });

  test('without a factor the password is asked; without either, a link for setting one is offered', async () => {
    const browser = world.browser();
    await browser.signIn('ben@example.test');
    world.clock.turn(minutes(15));
    assert.match(leadsTo(await browser.get('/user/security/app')), /^\/user\/confirm-identity/);
    assert.equal((await fill(browser, '/user/confirm-identity', { current: 'wrong' })).statusCode, 422);
    assert.equal(leadsTo(await fill(browser, '/user/confirm-identity', { current: PASSWORD })), '/');
    assert.equal((await browser.get('/user/security/app')).statusCode, 200);
    world.clock.turn(minutes(15));
    const { password_hash: hash } = await world.ctx.db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', world.cast.ben.id)
      .executeTakeFirstOrThrow();
    const store = (password_hash: string | null) =>
      world.ctx.db.updateTable('users').set({ password_hash }).where('id', '=', world.cast.ben.id).execute();
    await store(null);
    assert.match(wordsOf(await browser.get('/user/confirm-identity')), /no password and no second factor/);
    await fill(browser, '/user/confirm-identity', {});
    assert.match((await world.letterTo('ben@example.test')).link, /\/password\/set\//);
    await store(hash);
  });

  test('an app gets another name, and goes only by its own page; with the last one the backup codes go', async () => {
    const browser = await inByCode('ada@example.test', await app.next());
    const [own] = await authenticatorsOf(world.ctx, ada());
    const here = `/user/security/app/${own?.id}`;
    assert.equal((await fill(browser, here, { name: ' ' })).statusCode, 422);
    assert.equal(leadsTo(await fill(browser, here, { name: 'Old phone' })), '/user/security/app');
    assert.match(wordsOf(await browser.get('/user/security/app')), /Old phone/);
    const removal = await browser.get(`${here}/removal`);
    assert.match(wordsOf(removal), /Your password alone signs you in.*Your backup codes stop working/s);
    await world.ctx.db
      .insertInto('entry_rules')
      .values({ client_id: world.cast.ada.clientId, second_factor: 1 })
      .execute();
    assert.match(wordsOf(await browser.get(`${here}/removal`)), /can no longer enter Analytical Engines Ltd/);
    await world.ctx.db.deleteFrom('entry_rules').execute();
    const token = session(browser);
    assert.equal(leadsTo(await fill(browser, `${here}/removal`, {})), '/user/security');
    assert.notEqual(session(browser), token);
    assert.match(
      await letterOf('ada@example.test', 'second-factor-removed'),
      /You took a second factor of ada@example\.test/,
    );
    assert.deepEqual(await factorsOf(world.ctx, ada()), []);
    assert.equal((await backupCodesOf(world.ctx, ada())).left, 0);
    assert.equal(leadsTo(await world.browser().signIn('ada@example.test')), '/');
  });

  test('who must have one is told until when, and then sets it up on the way in, backup codes shown before anything else', async () => {
    await changeSettings(world.ctx, systemActor('Test'), {
      'second-factor-required-users': 'on',
      'second-factor-grace-days': '7',
    });
    const browser = world.browser();
    await browser.signIn('eve@example.test');
    const due = new Date(world.clock.now() + days(7)).getUTCFullYear();
    for (const path of [`/account/${world.cast.eve.clientId}`, '/user/security', '/account'])
      assert.match(wordsOf(await browser.get(path)), new RegExp(`second factor is required here from .*${due}`), path);
    world.clock.turn(days(7));
    const late = world.browser();
    const away = await late.postRaw(
      '/login',
      { csrf: csrfOf(await late.get('/login')), email: 'eve@example.test', password: PASSWORD, goto: '/user/profile' },
      OWN,
    );
    assert.equal(leadsTo(away), '/login/set-up?goto=%2Fuser%2Fprofile');
    assert.equal(session(late), undefined);
    const choice = await late.get(leadsTo(away));
    assert.match(choice.body, /href="\/login\/set-up\/app\?goto=%2Fuser%2Fprofile"/);
    const here = '/login/set-up/app?goto=%2Fuser%2Fprofile';
    const page = await late.get(here);
    const eves = appWith(world, seedIn(scanned(page.body)));
    const fields = { csrf: csrfOf(page), draft: hidden(page.body, 'draft') ?? '', goto: '/user/profile' };
    const wrong = await late.postRaw('/login/set-up/app', { ...fields, code: '000000' }, OWN);
    assert.equal(wrong.statusCode, 422);
    assert.equal(seedIn(scanned(wrong.body)), eves.seed);
    assert.equal(session(late), undefined);
    const done = await late.postRaw('/login/set-up/app', { ...fields, code: await eves.shows() }, OWN);
    assert.equal(leadsTo(done), '/user/security/backup-codes/new?goto=%2Fuser%2Fprofile');
    assert.ok(session(late));
    const shown = await late.get(leadsTo(done));
    assert.equal(codesOn(shown.body).length, BACKUP_CODES);
    const kept = await fill(late, '/user/security/backup-codes/new', {}, leadsTo(done));
    assert.equal(leadsTo(kept), '/user/profile');
    assert.doesNotMatch(wordsOf(await late.get('/user/security')), /required here/);
    // It is the only one, and one is required: it stays.
    const [own] = await authenticatorsOf(world.ctx, { kind: 'user', id: world.cast.eve.id });
    const removal = `/user/security/app/${own?.id}/removal`;
    const refused = await late.get(removal);
    assert.match(wordsOf(refused), /this is your only one/);
    const csrf = csrfOf(await late.get('/user/security/app'));
    assert.equal((await late.postRaw(removal, { csrf }, OWN)).statusCode, 409);
    assert.equal((await authenticatorsOf(world.ctx, { kind: 'user', id: world.cast.eve.id })).length, 1);
    await changeSettings(world.ctx, systemActor('Test'), { 'second-factor-required-users': '' });
  });

  test('staff have the same of their own, and codes of one side open nothing on the other', async () => {
    const root = await signedIn(world, 'root');
    const page = await root.get('/admin/account/security/app');
    const roots = appWith(world, seedIn(scanned(page.body)));
    const done = await fillAt(root, page.body, '/admin/account/security/app', { code: await roots.shows() });
    assert.equal(leadsTo(done), '/admin/account/security/backup-codes/new');
    await fill(root, '/admin/account/security/backup-codes/new', {});
    assert.match(await letterOf('root@staff.example.test', 'second-factor-added'), /set up for root/);
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn('root')), '/admin/login/code');
    assert.match(leadsTo(await browser.get('/login/code')), /^\/login/);
    const again = world.browser();
    await again.signIn('root');
    await again.post('/admin/login/code', { code: await roots.next() });
    assert.equal((await again.get('/admin/account/security')).statusCode, 200);
    world.clock.turn(minutes(15));
    assert.match(leadsTo(await again.get('/admin/account/security/app')), /^\/admin\/confirm-identity/);
    assert.equal(leadsTo(await fill(again, '/admin/confirm-identity', { code: await roots.next() })), '/admin');
  });

  test('staff switch a factor off with a reason, never on; the person is told and signed out', async () => {
    const eve = { kind: 'user', id: world.cast.eve.id } as const;
    const here = `/admin/users/${eve.id}/second-factor`;
    const viewer = await staffWith(world, ['List Users', 'Manage Users']);
    assert.equal((await viewer.get(here)).statusCode, 403);
    const support = await staffWith(world, ['List Users', 'Reset User Credentials']);
    assert.match((await support.get(`/admin/users/${eve.id}`)).body, new RegExp(`href="${here}"`));
    assert.equal((await fill(support, here, { reason: ' ' })).statusCode, 422);
    assert.equal((await factorsOf(world.ctx, eve)).length, 2);
    assert.equal(leadsTo(await fill(support, here, { reason: 'Called her back' })), `/admin/users/${eve.id}`);
    assert.deepEqual(await factorsOf(world.ctx, eve), []);
    assert.match(
      await letterOf('eve@example.test', 'second-factor-removed'),
      /We switched off the second factor of eve@example\.test/,
    );
    const log = await world.ctx.db
      .selectFrom('audit_log')
      .selectAll()
      .where('event', '=', 'user.2fa.disabled_by_admin')
      .execute();
    assert.equal(log.length, 1);
    assert.deepEqual(JSON.parse(log[0]?.details ?? ''), { factor: 'totp', reason: 'Called her back' });
    assert.match(wordsOf(await support.get(here)), /nothing to switch off/);
    assert.equal(
      (await support.post(here, { reason: 'again' }, { from: `/admin/account/security/app` })).statusCode,
      409,
    );
  });

  test('of administrators too: never their own there, nor of staff whose role holds more', async () => {
    const sam = { kind: 'administrator', id: world.cast.sam.id } as const;
    await giveApp(world, sam);
    const limited = await staffWith(world, ['Configure Administrators']);
    const root = { kind: 'administrator', id: world.cast.root.id } as const;
    const ofRoot = `/admin/administrators/${root.id}/second-factor`;
    assert.equal((await fill(limited, ofRoot, { reason: 'let me' })).statusCode, 403);
    assert.equal((await factorsOf(world.ctx, root)).length, 2);
    const full = await staffWith(world, [
      'Configure Administrators',
      ...(await permissionsOf(world, 'Support Operator')),
    ]);
    const ofSam = `/admin/administrators/${sam.id}/second-factor`;
    assert.equal(leadsTo(await fill(full, ofSam, { reason: 'Lost phone' })), `/admin/administrators/${sam.id}`);
    assert.deepEqual(await factorsOf(world.ctx, sam), []);
  });

  test('an account that asks for one opens as soon as it is set up, in the same session', async () => {
    const ben = { kind: 'user', id: world.cast.ben.id } as const;
    const client = world.cast.ada.clientId;
    const browser = world.browser();
    await browser.signIn('ben@example.test');
    await world.ctx.db.insertInto('entry_rules').values({ client_id: client, second_factor: 1 }).execute();
    const refused = await browser.get(`/account/${client}`);
    assert.equal(refused.statusCode, 403);
    assert.match(wordsOf(refused), /set one up under “Sign-in and security”/);
    const page = await browser.get('/user/security/app');
    const phone = appWith(world, seedIn(scanned(page.body)));
    await fillAt(browser, page.body, '/user/security/app', { code: await phone.shows() });
    assert.equal((await browser.get(`/account/${client}`)).statusCode, 200);
    await world.ctx.db.deleteFrom('entry_rules').execute();
    await takeFactorsAway(world.ctx, systemActor('Test'), ben, { by: 'staff', reason: 'test' });
  });

  test('ValidateLogin says truthfully whether there is a second factor, and gives no session while one is due', async () => {
    const ben = { kind: 'user', id: world.cast.ben.id } as const;
    const asked = () => world.api('ValidateLogin', { email: 'ben@example.test', password2: PASSWORD });
    const without = (await asked()).body;
    assert.equal(without['twoFactorEnabled'], false);
    assert.match(String(without['passwordhash']), /./);
    const phone = await giveApp(world, ben);
    const sessions = () =>
      world.ctx.db
        .selectFrom('sessions')
        .select('id')
        .where('user_id', '=', ben.id)
        .where('ended_at', 'is', null)
        .execute();
    assert.deepEqual(await sessions(), []);
    assert.deepEqual((await asked()).body, { result: 'success', userid: ben.id, twoFactorEnabled: true });
    assert.deepEqual(await sessions(), []);
    await inByCode('ben@example.test', await phone.shows());
    assert.deepEqual((await asked()).body, { result: 'success', userid: ben.id, twoFactorEnabled: true });
  });
});

async function fillAt(browser: TestBrowser, body: string, path: string, fields: Record<string, string>) {
  return browser.postRaw(
    path,
    { csrf: /name="csrf" value="([^"]*)"/.exec(body)?.[1] ?? '', draft: hidden(body, 'draft') ?? '', ...fields },
    OWN,
  );
}

async function permissionsOf(world: World, role: string) {
  const { listRoles } = await import('#domain/administrators/roles.ts');
  return (await listRoles(world.ctx)).find((one) => one.name === role)?.permissions ?? [];
}
