// Setting a password by the link of a letter, and changing one's own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { requestPasswordLink } from '#domain/login/forgotten-password.ts';
import {
  changeOwnAdministratorPassword,
  changeOwnPassword,
  sealFirstPassword,
  setAdministratorPassword,
  setUserPassword,
} from '#domain/login/own-password.ts';
import { sendPasswordHelp } from '#domain/login/password-help.ts';
import {
  passwordLinkState,
  sendAdministratorPasswordLink,
  sendPasswordLink,
  setPasswordByLink,
} from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import sweep from '#domain/login/sweep-login.job.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser, changeUser, setUserDisabled, storePassword } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { newPerson } from '#tests/people.ts';
import { atOnce, meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';
const OPENING = { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' } as const;

onBothDatabases('a link for a password', (database) => {
  let world: World;
  let ctx: Context;
  let network = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function offer(name: string, password: string) {
    network += 1;
    const ip = `10.${network >> 8}.${network & 255}.1`;
    const side = name.includes('@') ? 'user' : 'administrator';
    return offerPassword(ctx, { side, name, password, source: { kind: 'visitor', ip }, ip, isPersonThere: true });
  }
  async function session(email: string, password = PASSWORD) {
    const answer = await offer(email, password);
    assert.equal(answer.at, 'proved');
    return signIn(ctx, answer.proof, OPENING);
  }
  const tokenTo = async (email: string): Promise<string> => (await world.letterTo(email)).link.split('/').at(-1) ?? '';
  const isOf = async (token: string): Promise<string> => (await passwordLinkState(ctx, token)).is;
  const over = { kind: 'not-allowed', code: 'password-link-over' };
  const lettersOf = async (userId: number): Promise<string[]> =>
    (await letterHistory(ctx, { userId }, { limit: 20 })).map((letter) => `${letter.kind} ${letter.state}`);

  test('is built from the public address, holds once, and signs nobody in', async () => {
    const { id, email, name } = await newPerson(ctx, { firstName: 'Linked' });
    const { token: before } = await session(email);
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    const { link } = await world.letterTo(email);
    assert.match(link, /^http:\/\/localhost:8080\/password\/set\/[\w-]{43}$/);
    const token = await tokenTo(email);
    assert.deepEqual(await passwordLinkState(ctx, token), {
      is: 'open',
      side: 'user',
      whose: id,
      address: 'p•••@example.test',
      words: [email, ...name.split(' ')],
    });
    for (const bad of ['', 'short', email, 'Linked Linked'])
      await assert.rejects(setPasswordByLink(ctx, token, bad, '192.0.2.1'), { kind: 'invalid' }, bad);
    assert.equal(await isOf(token), 'open', 'a slip does not burn it');
    assert.equal(await setPasswordByLink(ctx, token, FRESH, '192.0.2.1'), 'user');
    assert.equal(await isOf(token), 'used');
    assert.deepEqual(await checkUserSession(ctx, before), { ended: 'password-changed' });
    await assert.rejects(setPasswordByLink(ctx, token, 'a third good long password', '192.0.2.1'), over);
    assert.equal((await offer(email, FRESH)).at, 'proved');
    assert.equal((await offer(email, PASSWORD)).at, 'refused');
    assert.deepEqual(await lettersOf(id), ['password-changed waiting', 'set-password expired']);
  });

  test('does not go round the second factor (ASVS 6.4.3)', async () => {
    const { cleo } = world.cast;
    await sendPasswordLink(ctx, SYSTEM, cleo.id, 'asked');
    await setPasswordByLink(ctx, await tokenTo(cleo.email), FRESH, '192.0.2.1');
    assert.equal((await offer(cleo.email, FRESH)).at, 'second-factor');
    assert.notEqual(CODE, '');
  });

  test('is ended by a newer one, also when both are asked for at the same moment', async () => {
    const { id, email } = await newPerson(ctx);
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    const older = await tokenTo(email);
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    assert.equal(await isOf(older), 'replaced');
    await atOnce(10, () => sendPasswordLink(ctx, SYSTEM, id, 'asked'));
    const live = await ctx.db
      .selectFrom('password_links')
      .selectAll()
      .where('user_id', '=', id)
      .where('ended_at', 'is', null)
      .execute();
    assert.equal(live.length, 1);
    assert.equal(
      (await lettersOf(id)).filter((one) => one.endsWith('waiting')).length,
      1,
      'and of the letters one leaves',
    );
    assert.equal(await isOf(await tokenTo(email)), 'open');
  });

  test('holds for an hour, the first one for three days, as the settings say, with no cleaner needed', async () => {
    const { id, email } = await newPerson(ctx);
    for (const [why, holds] of [
      ['asked', minutes(60)],
      ['welcome', hours(72)],
    ] as const) {
      await sendPasswordLink(ctx, SYSTEM, id, why);
      const token = await tokenTo(email);
      world.clock.turn(holds - 1);
      assert.equal(await isOf(token), 'open');
      world.clock.turn(1);
      assert.equal(await isOf(token), 'expired');
      await assert.rejects(setPasswordByLink(ctx, token, FRESH, '192.0.2.1'), over);
      world.clock.turn(days(30));
      await sweep.run(ctx);
      assert.equal(await isOf(token), 'expired', 'for a while it is still told why');
      world.clock.turn(1);
      await sweep.run(ctx);
      assert.equal(await isOf(token), 'unknown');
    }
    await changeSettings(ctx, SYSTEM, { 'password-link-minutes': '10' });
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    const token = await tokenTo(email);
    world.clock.turn(minutes(10));
    assert.equal(await isOf(token), 'expired');
    await changeSettings(ctx, SYSTEM, { 'password-link-minutes': '60' });
  });

  test('that nobody has opens nothing, whatever it looks like', async () => {
    for (const nonsense of ['', '\0', 'x'.repeat(100_000), "' or 1=1 --", '%']) {
      assert.equal(await isOf(nonsense), 'unknown');
      await assert.rejects(setPasswordByLink(ctx, nonsense, FRESH, '192.0.2.1'), over);
    }
  });

  test('is not made for whoever is deactivated or not there', async () => {
    const { id, email } = await newPerson(ctx);
    await setUserDisabled(ctx, SYSTEM, id, true);
    await assert.rejects(sendPasswordHelp(ctx, SYSTEM, id), { kind: 'conflict', code: 'user-disabled' });
    await requestPasswordLink(ctx, email, '198.51.100.1');
    await requestPasswordLink(ctx, 'nobody-at-all@example.test', '198.51.100.1');
    await new Promise((next) => setTimeout(next, 200));
    assert.deepEqual(await lettersOf(id), []);
    await assert.rejects(sendPasswordLink(ctx, SYSTEM, 999_999, 'asked'), { kind: 'not-found' });
    await assert.rejects(sendAdministratorPasswordLink(ctx, SYSTEM, 999_999), { kind: 'not-found' });
  });

  test('asked for while the person is being deactivated is not left behind for when they are back', async () => {
    const { id, email } = await newPerson(ctx);
    await meeting(
      ctx,
      (tx) => setUserDisabled(tx, SYSTEM, id, true),
      async () => {
        await requestPasswordLink(ctx, email, '198.51.101.1');
        await new Promise((next) => setTimeout(next, 100));
      },
    );
    await new Promise((next) => setTimeout(next, 200));
    await setUserDisabled(ctx, SYSTEM, id, false);
    const left = await ctx.db.selectFrom('password_links').selectAll().where('user_id', '=', id).execute();
    assert.deepEqual(left, []);
  });

  test('spent while the address is changed, many times: no deadlock, and what was set was set', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, email } = await newPerson(ctx);
      await sendPasswordLink(ctx, SYSTEM, id, 'asked');
      const token = await tokenTo(email);
      const [spent, sent, moved] = await Promise.allSettled([
        setPasswordByLink(ctx, token, FRESH, '192.0.2.1'),
        sendPasswordLink(ctx, SYSTEM, id, 'asked'),
        changeUser(ctx, SYSTEM, id, { email: `moved-${email}` }),
      ]);
      assert.deepEqual([sent.status, moved.status], ['fulfilled', 'fulfilled']);
      if (spent.status === 'rejected') assert.match(String(spent.reason), /password-link-over/);
    }
  });

  test('is asked for so often for an address and from a network, counted alike for everybody', async () => {
    for (const email of ['eve@example.test', 'nobody-else@example.test']) {
      for (let time = 0; time < 5; time += 1) await requestPasswordLink(ctx, email.toUpperCase(), `10.200.${time}.1`);
      await assert.rejects(requestPasswordLink(ctx, email, '10.201.1.1'), { kind: 'too-many' }, email);
    }
    for (let time = 0; time < 20; time += 1) await requestPasswordLink(ctx, `n${time}@example.test`, '10.202.1.1');
    await assert.rejects(requestPasswordLink(ctx, 'n@example.test', '10.202.1.9'), { kind: 'too-many' });
    world.clock.turn(hours(1));
    await requestPasswordLink(ctx, 'eve@example.test', '10.201.1.1');
    await new Promise((next) => setTimeout(next, 200));
  });

  test('of staff opens the door of staff alone', async () => {
    const { sam } = world.cast;
    await sendAdministratorPasswordLink(ctx, SYSTEM, sam.id);
    const token = await tokenTo('sam@staff.example.test');
    assert.equal(await setPasswordByLink(ctx, token, FRESH, '192.0.2.1'), 'administrator');
    assert.equal((await offer('sam', FRESH)).at, 'proved');
  });
});

onBothDatabases("one's own password", (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const wrong = { kind: 'invalid', fields: { current: 'current-password-wrong' } };

  test('is changed by whoever knows the present one; other sessions end, and a letter tells', async () => {
    const { ada } = world.cast;
    const actor = { kind: 'user', userId: ada.id, name: ada.email, ip: '192.0.2.1' } as const;
    const change = (current: string, fresh: string, keepSessionId = 0) =>
      changeOwnPassword(ctx, actor, ada.id, { current, fresh, keepSessionId });
    for (const bad of ['', 'wrong', `${PASSWORD} `, '\0']) await assert.rejects(change(bad, FRESH), wrong);
    await assert.rejects(change(PASSWORD, 'short'), { fields: { password: 'password-too-short' } });
    await assert.rejects(change(PASSWORD, ada.email), { kind: 'invalid' });
    await change(PASSWORD, FRESH);
    await assert.rejects(change(PASSWORD, 'a third good long password'), wrong);
    const [letter] = await letterHistory(ctx, { userId: ada.id }, { limit: 1 });
    assert.equal(letter?.kind, 'password-changed');
  });

  test('is tried ten times an hour by whoever sits at an open browser', async () => {
    const { eve } = world.cast;
    const actor = { kind: 'user', userId: eve.id, name: eve.email, ip: '192.0.2.1' } as const;
    const guess = () => changeOwnPassword(ctx, actor, eve.id, { current: 'guess', fresh: FRESH, keepSessionId: 0 });
    const { lost } = await atOnce(30, guess);
    assert.equal(lost.get('too-many: too-many-tries'), 20);
    await assert.rejects(changeOwnPassword(ctx, actor, eve.id, { current: PASSWORD, fresh: FRESH, keepSessionId: 0 }), {
      kind: 'too-many',
    });
  });

  test('of nobody who has none, and of staff likewise', async () => {
    const id = await addUser(ctx, SYSTEM, { firstName: 'No', lastName: 'Ne', email: 'none@example.test' });
    const actor = { kind: 'user', userId: id, name: 'none@example.test', ip: '' } as const;
    await assert.rejects(changeOwnPassword(ctx, actor, id, { current: '', fresh: FRESH, keepSessionId: 0 }), wrong);
    const staff = { kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: '' } as const;
    const change = (current: string) =>
      changeOwnAdministratorPassword(ctx, staff, world.cast.root.id, { current, fresh: FRESH, keepSessionId: 0 });
    await assert.rejects(change('wrong'), wrong);
    await assert.rejects(change(''), { fields: { current: 'current-password-missing' } });
    await change(PASSWORD);
    await assert.rejects(change(PASSWORD), wrong);
  });

  test('known to a thief is worth nothing once it was replaced, not even while that is being done', async () => {
    const passwordHash = await sealedPassword();
    const id = await addUser(ctx, SYSTEM, {
      firstName: 'Vi',
      lastName: 'Ctim',
      email: 'victim@example.test',
      passwordHash,
    });
    const thief = { kind: 'user', userId: id, name: 'victim@example.test', ip: '203.0.113.9' } as const;
    const hash = await ctx.passwords.seal('what the victim chose');
    const { second } = await meeting(
      ctx,
      async (tx) => {
        await storePassword(tx, SYSTEM, id, hash, { event: 'test' });
        await new Promise((next) => setTimeout(next, 50));
      },
      () => changeOwnPassword(ctx, thief, id, { current: PASSWORD, fresh: FRESH, keepSessionId: 0 }),
    );
    assert.equal(second.status, 'rejected');
    const row = await ctx.db.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirstOrThrow();
    assert.equal(row.password_hash, hash);
  });

  test('set by staff follows the rule, ends the sessions and is told; staff set none of staff with more rights', async () => {
    const { ben, root, sam } = world.cast;
    await assert.rejects(setUserPassword(ctx, SYSTEM, ben.id, 'short'), { fields: { password: 'password-too-short' } });
    await setUserPassword(ctx, SYSTEM, ben.id, FRESH);
    assert.equal((await letterHistory(ctx, { userId: ben.id }, { limit: 1 }))[0]?.kind, 'password-changed');
    const bySam = { kind: 'administrator', administratorId: sam.id, name: 'sam', ip: '' } as const;
    await assert.rejects(setAdministratorPassword(ctx, bySam, root.id, FRESH), { code: 'role-holds-more' });
    await assert.rejects(
      setAdministratorPassword(ctx, { kind: 'user', userId: ben.id, name: '', ip: '' }, sam.id, FRESH),
      { code: 'role-holds-more' },
    );
    await setAdministratorPassword(ctx, SYSTEM, sam.id, FRESH);
    assert.equal((await world.letterTo('sam@staff.example.test')).subject.length > 0, true);
  });

  test('that is weak is let through over the API by the setting alone, and must be changed then', async () => {
    const seal = (lenient: boolean) => sealFirstPassword(ctx, 'weak', [], { lenient });
    await assert.rejects(seal(true), { fields: { password: 'password-too-short' } });
    await changeSettings(ctx, SYSTEM, { 'api-accepts-weak-passwords': 'on' });
    await assert.rejects(seal(false), { kind: 'invalid' });
    assert.equal((await seal(true)).mustChange, true);
    assert.equal((await sealFirstPassword(ctx, FRESH, [], { lenient: true })).mustChange, false);
    await assert.rejects(sealFirstPassword(ctx, '', [], { lenient: true }), { kind: 'invalid' });
    await changeSettings(ctx, SYSTEM, { 'api-accepts-weak-passwords': '' });
  });
});
