// Banned addresses: whom a ban holds, for how long, and who cannot ban themselves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { banAddress, banOf, liftBan, listBans } from '#domain/guard/bans.ts';
import { days, hours, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, TEST_COST, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a ban', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { cast: false });
    ctx = world.ctx;
  });
  after(() => world.close());

  const ban = (range: string, lasts?: number, by = SYSTEM): Promise<number> =>
    banAddress(ctx, by, {
      range,
      reason: 'test',
      expiresAt: lasts === undefined ? undefined : ctx.now() + lasts,
      source: 'manual',
    });
  const lift = async (): Promise<void> => {
    for (const one of await listBans(ctx)) await liftBan(ctx, SYSTEM, one.id);
  };

  test('holds the addresses of its range and no others, in every way to write it', async () => {
    const cases: readonly [range: string, inside: string[], outside: string[]][] = [
      ['203.0.113.7', ['203.0.113.7'], ['203.0.113.8', '::1', 'unknown', '']],
      ['203.0.113.*', ['203.0.113.0', '203.0.113.255'], ['203.0.112.255', '203.0.114.0']],
      ['203.0.*.*', ['203.0.0.1', '203.0.255.255'], ['203.1.0.0', '202.0.0.1']],
      ['203.0.113.128/25', ['203.0.113.128', '203.0.113.255'], ['203.0.113.127']],
      ['2001:db8::/32', ['2001:db8::1', '2001:db8:ffff::'], ['2001:db9::', '203.0.113.7']],
      ['2001:db8::7', ['2001:db8::7'], ['2001:db8::8']],
      ['::ffff:203.0.113.7', ['203.0.113.7'], ['203.0.113.8']],
    ];
    for (const [range, inside, outside] of cases) {
      await ban(range);
      for (const address of inside) assert.ok(await banOf(ctx, address), `${address} in ${range}`);
      for (const address of outside) assert.equal(await banOf(ctx, address), undefined, `${address} outside ${range}`);
      await lift();
    }
  });

  test('ends at its instant, with no cleaner needed, also for what was looked up a moment before', async () => {
    await ban('203.0.113.7', seconds(10));
    world.clock.turn(seconds(10) - 1);
    assert.ok(await banOf(ctx, '203.0.113.7'));
    world.clock.turn(1);
    assert.equal(await banOf(ctx, '203.0.113.7'), undefined);
    assert.deepEqual(await listBans(ctx), []);
    await ban('203.0.113.7', seconds(10));
    assert.ok(await banOf(ctx, '203.0.113.7'), 'a new one of the same range takes the place of one that is over');
    await lift();
  });

  test('that ends last is the one that is told of', async () => {
    await ban('203.0.113.7', hours(1));
    const wide = await ban('203.0.113.0/24', days(2));
    await ban('203.0.0.0/16', hours(3));
    assert.equal((await banOf(ctx, '203.0.113.7'))?.id, wide);
    const forGood = await ban('203.0.0.0/15');
    assert.equal((await banOf(ctx, '203.0.113.7'))?.id, forGood);
    await lift();
  });

  test('is refused for what is no range, for a time that is over, and for one that holds the very one who bans', async () => {
    for (const range of ['', '*.*.*.*', '10.*.0.0', '010.0.0.0/8', '10.1/16', 'example.com', '1.2.3.4/33'])
      await assert.rejects(ban(range), { kind: 'invalid', fields: { range: 'address-range-invalid' } }, range);
    for (const lasts of [0, -1]) {
      await assert.rejects(ban('203.0.113.7', lasts), { kind: 'invalid', fields: { expires: 'ban-in-the-past' } });
    }
    const root = { kind: 'administrator', administratorId: 1, name: 'root', ip: '198.51.100.7' } as const;
    for (const range of ['198.51.100.7', '198.51.100.*', '198.0.0.0/8', '::ffff:c633:6400/120'])
      await assert.rejects(ban(range, undefined, root), { fields: { range: 'ban-own-address' } }, range);
    // Everybody, or the half of them in which the one who bans is not.
    for (const range of ['0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/7', '::/0', '2000::/3', '2001::/15', '::ffff:0:0/96'])
      for (const actor of [root, undefined])
        await assert.rejects(ban(range, undefined, actor), { fields: { range: 'ban-too-wide' } }, range);
    assert.deepEqual(await listBans(ctx), []);
    for (const range of ['10.0.0.0/8', '2001::/16']) {
      assert.ok(await ban(range, undefined, root), range);
      await lift();
    }
    assert.ok(await ban('198.51.101.*', undefined, root));
    await lift();
  });

  test('that was lifted or is unknown cannot be lifted', async () => {
    const id = await ban('203.0.113.7');
    await liftBan(ctx, SYSTEM, id);
    for (const gone of [id, 0, -1, Number.MAX_SAFE_INTEGER])
      await assert.rejects(liftBan(ctx, SYSTEM, gone), { kind: 'not-found', code: 'ban-not-found' });
  });

  test('and its end are written down, the reason kept on one line', async () => {
    await banAddress(ctx, SYSTEM, {
      range: '203.0.113.9',
      reason: `flood\n${'x'.repeat(1000)}`,
      expiresAt: undefined,
      source: 'api',
    });
    const [one] = await listBans(ctx);
    assert.equal(one?.reason.length, 500);
    assert.match(one?.reason ?? '', /^flood x/);
    await lift();
    const lines = await auditLines(ctx, {}, { limit: 2 });
    assert.deepEqual(
      lines.map((line) => line.event),
      ['ban.ip.removed', 'ban.ip.added'],
    );
  });

  test('that was undone never held anybody, not even for a moment', async () => {
    await assert.rejects(
      ctx.transaction(async (tx) => {
        await banAddress(tx, SYSTEM, { range: '203.0.113.7', reason: '', expiresAt: undefined, source: 'manual' });
        assert.ok(await banOf(tx, '203.0.113.7'));
        throw new Error('undone');
      }),
      /undone/,
    );
    assert.equal(await banOf(ctx, '203.0.113.7'), undefined);
  });

  test('of another process is seen within a second, also its end', async () => {
    const other = await openContext(world.ctx.config, {
      now: world.clock.now,
      logger: ctx.log,
      passwordCost: TEST_COST,
    });
    try {
      assert.equal(await banOf(other, '203.0.113.7'), undefined);
      await ban('203.0.113.7');
      world.clock.turn(seconds(1));
      assert.ok(await banOf(other, '203.0.113.7'));
      await lift();
      world.clock.turn(seconds(1));
      assert.equal(await banOf(other, '203.0.113.7'), undefined);
    } finally {
      await other.close();
    }
  });

  test('shuts out of every page, and of the API, with its end and without its reason', async () => {
    await banAddress(ctx, SYSTEM, {
      range: '203.0.113.7',
      reason: 'a secret of the house',
      expiresAt: ctx.now() + days(1),
      source: 'manual',
    });
    const pages = ['/', '/login', '/banned.php', '/clientarea.php', '/admin/login', '/admin', '/nowhere'];
    for (const url of [...pages, '/oauth/singlesignon.php?access_token=x']) {
      const answer = await world.app.inject({ url, remoteAddress: '203.0.113.7' });
      assert.equal(answer.statusCode, 403, url);
      assert.match(answer.body, /This ends on [^.]*2026/, url);
      assert.doesNotMatch(answer.body, /a secret of the house/);
    }
    const api = await world.app.inject({ method: 'POST', url: '/includes/api.php', remoteAddress: '203.0.113.7' });
    assert.equal(api.statusCode, 403);
    assert.equal((await world.app.inject({ url: '/login', remoteAddress: '203.0.113.8' })).statusCode, 200);
    assert.equal((await world.app.inject({ url: '/healthz', remoteAddress: '203.0.113.7' })).statusCode, 200);
    // The page that says so is drawn like any other; what is beside its stylesheet stays shut.
    const asset = (url: string) => world.app.inject({ url, remoteAddress: '203.0.113.7' });
    assert.equal((await asset('/assets/doorward.css')).statusCode, 200);
    for (const url of ['/assets/../login', '/assets/..%2flogin', '/assets//login', '/assets/nothing'])
      assert.doesNotMatch((await asset(url)).body, /<form|<h1>Sign in/, url);
    await lift();
  });
});
