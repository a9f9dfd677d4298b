// Limits hold to the very count, however many tries come at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { banAddress, banOf, liftBan } from '#domain/guard/bans.ts';
import { countUse, spendLimit, usesSoFar } from '#domain/guard/limits.ts';
import { findHolder } from '#domain/login/holder.ts';
import { loginTries } from '#domain/login/login.settings.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { countTry } from '#domain/login/tries.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { atOnce } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('limits at once', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const offer = (name: string, password: string, ip: string): Promise<PasswordAnswer> =>
    offerPassword(ctx, { side: 'user', name, password, source: { kind: 'visitor', ip }, ip, isPersonThere: true });

  test('50 uses of a limit of 10: ten pass, and the count says 50', async () => {
    const limit = { name: 'test', most: 10, withinMs: minutes(1) };
    const { won, lost } = await atOnce(50, () => spendLimit(ctx, limit, 'somebody'));
    assert.equal(won.length, 10);
    assert.deepEqual([...lost], [['too-many: too-many-tries', 40]]);
    assert.equal((await usesSoFar(ctx, limit, 'somebody')).count, 50);
    assert.equal((await usesSoFar(ctx, limit, 'somebody else')).count, 0);
  });

  test('a counter whose time is over starts anew for one, not for each of 50', async () => {
    const limit = { name: 'test-again', most: 10, withinMs: minutes(1) };
    await countUse(ctx, limit, 'somebody');
    world.clock.turn(minutes(1));
    await atOnce(50, () => countUse(ctx, limit, 'somebody'));
    assert.equal((await usesSoFar(ctx, limit, 'somebody')).count, 50);
  });

  test('50 wrong passwords for one person from one network: five are looked at', async () => {
    const before = ctx.passwords.hashes;
    const { won, lost } = await atOnce(50, (at) => offer(world.cast.ada.email, `wrong ${at}`, `192.0.2.${at}`));
    assert.equal(won.length, 5);
    assert.ok(won.every((one) => one.at === 'refused'));
    assert.deepEqual([...lost], [['too-many: too-many-tries', 45]]);
    assert.equal(ctx.passwords.hashes - before, 5, 'what is too many costs no hash');
    await assert.rejects(offer(world.cast.ada.email, PASSWORD, '192.0.2.99'), { kind: 'too-many' });
  });

  test('one person tried from 50 networks at once: ten are looked at, and what was too much is counted nowhere', async () => {
    const holder = await findHolder(ctx, 'user', world.cast.cleo.email);
    const from = (at: number) => {
      const source = { kind: 'visitor', ip: `198.18.${at}.1` } as const;
      return countTry(ctx, 'user', world.cast.cleo.email, source, holder);
    };
    const { won, lost } = await atOnce(50, from);
    assert.deepEqual([won.length, [...lost]], [10, [['too-many: too-many-tries', 40]]]);
    world.clock.turn(minutes(1));
    const next = await atOnce(50, from);
    assert.equal(next.won.length, 1, 'after the pause one, not fifty');
    world.clock.turn(minutes(2));
    await settingOf(ctx, loginTries); // read once a second
    const before = ctx.statementCount();
    const right = await from(60);
    assert.equal(ctx.statementCount() - before, 1, 'one statement counts');
    await ctx.transaction((tx) => right.right(tx));
    await from(61);
    await assert.rejects(from(62), { kind: 'too-many', retryAfterSeconds: 240 }, 'what was right is no step further');
  });

  test('while somebody guesses from elsewhere the person gets in from their own network, and the guesser nowhere', async () => {
    const { ben } = world.cast;
    const home = '198.51.100.7';
    const first = await offer(ben.email, PASSWORD, home);
    assert.equal(first.at, 'proved');
    await signIn(ctx, first.proof, { ip: home, userAgent: 'Test', origin: 'login' }, first.counted);
    for (let network = 0; network < 6; network += 1) {
      await atOnce(10, (at) => offer(ben.email, `wrong ${at}`, `203.0.${network}.1`));
    }
    await assert.rejects(
      offer(ben.email, PASSWORD, '203.0.200.1'),
      { kind: 'too-many' },
      'a network never seen before',
    );
    assert.equal((await offer(ben.email, PASSWORD, home)).at, 'proved');
  });

  test('one person sprayed and one never named: a network meets the same answers for both', async () => {
    const ip = '203.0.113.77';
    const known = await atOnce(20, (at) => offer(world.cast.eve.email, `wrong ${at}`, ip));
    const unknown = await atOnce(20, (at) => offer('nobody@example.test', `wrong ${at}`, ip));
    assert.deepEqual([known.won.length, [...known.lost]], [unknown.won.length, [...unknown.lost]]);
  });

  test('a network that tries many names is stopped after a hundred failures', async () => {
    const ip = '203.0.250.9';
    for (let round = 0; round < 10; round += 1) {
      const { won } = await atOnce(10, (at) => offer(`name${round}-${at}@example.test`, 'wrong', ip));
      assert.equal(won.length, 10);
    }
    await assert.rejects(offer('fresh@example.test', 'wrong', ip), { kind: 'too-many' });
  });

  test('150 names tried at once from one network: not one more than a hundred is looked at', async () => {
    const ip = '203.0.251.9';
    const before = ctx.passwords.hashes;
    const { lost } = await atOnce(150, (at) => offer(`sprayed${at}@example.test`, 'wrong', ip));
    assert.equal(lost.get('too-many: too-many-tries'), 50);
    assert.ok(ctx.passwords.hashes - before <= 100, 'what is too many costs no hash');
  });

  test('forty sign-ins from one network use up nothing of what it may get wrong', async () => {
    const ip = '203.0.252.9';
    for (let time = 0; time < 40; time += 1) {
      const answer = await offer(world.cast.eve.email, PASSWORD, ip);
      assert.equal(answer.at, 'proved');
      await signIn(ctx, answer.proof, { ip, userAgent: 'Test', origin: 'login' }, answer.counted);
    }
    const { lost } = await atOnce(100, (at) => offer(`other${at}@example.test`, 'wrong', ip));
    assert.equal(lost.get('too-many: too-many-tries'), undefined);
  });

  test('a ban and its end are seen at once by 50 who ask', async () => {
    const id = await banAddress(ctx, systemActor('Test'), {
      range: '2001:db8::/32',
      reason: 'test',
      expiresAt: ctx.now() + seconds(30),
      source: 'manual',
    });
    const banned = await atOnce(50, () => banOf(ctx, '2001:db8::7'));
    assert.ok(banned.won.every((one) => one?.id === id));
    await liftBan(ctx, systemActor('Test'), id);
    const free = await atOnce(50, () => banOf(ctx, '2001:db8::7'));
    assert.ok(free.won.every((one) => one === undefined));
  });
});
