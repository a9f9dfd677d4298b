// One-time codes by the vectors of RFC 6238, their window, and that each is spent once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { authenticatorRows } from '#domain/credentials/totp.table.ts';
import {
  addAuthenticator,
  authenticatorsOf,
  confirmDraft,
  draftAuthenticator,
  MOST_AUTHENTICATORS,
  SET_UP_MS,
  spendingOfCode,
} from '#domain/credentials/totp.ts';
import { codeAt, freshSeed, seedAddress, stepAt, stepOfCode } from '#domain/credentials/totp-code.ts';
import { seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

/** "12345678901234567890", the seed of RFC 6238, appendix B, as base32. */
const RFC_SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test('the codes are those of RFC 6238, appendix B, cut to six digits', async () => {
  const vectors: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ];
  for (const [at, code] of vectors) assert.equal(await codeAt(RFC_SEED, seconds(at)), code);
});

test('a code holds for its own step, the one before and the one after, and no longer', async () => {
  const at = seconds(2_000_000_010);
  const code = await codeAt(RFC_SEED, at);
  const step = stepAt(at);
  const found = (ms: number) => stepOfCode(RFC_SEED, code, at + ms, -1);
  assert.deepEqual([await found(0), await found(seconds(30)), await found(-seconds(30))], [step, step, step]);
  assert.deepEqual([await found(seconds(60)), await found(-seconds(60))], [undefined, undefined]);
});

test('a step that was spent is not found again, nor an older one', async () => {
  const at = seconds(2_000_000_010);
  const code = await codeAt(RFC_SEED, at);
  assert.equal(await stepOfCode(RFC_SEED, code, at, stepAt(at)), undefined);
  assert.equal(await stepOfCode(RFC_SEED, code, at, stepAt(at) + 5), undefined);
});

test('a fresh seed has 160 random bits, and its address says what every app needs', async () => {
  const seed = await freshSeed();
  assert.match(seed, /^[A-Z2-7]{32}$/);
  assert.notEqual(seed, await freshSeed());
  const address = new URL(await seedAddress(seed, { issuer: 'Ada & Söhne', label: 'ada@example.test' }));
  assert.equal(address.protocol, 'otpauth:');
  assert.equal(
    decodeURIComponent(address.pathname.replace(/^\/+/, '').replace(/^totp\//, '')),
    'Ada & Söhne:ada@example.test',
  );
  assert.deepEqual(
    ['secret', 'issuer', 'algorithm', 'digits', 'period'].map((name) => address.searchParams.get(name)),
    [seed, 'Ada & Söhne', 'SHA1', '6', '30'],
  );
});

onBothDatabases('authenticators', (database) => {
  let world: World;
  let holder: FactorHolder;
  before(async () => {
    world = await testWorld(database);
    holder = { kind: 'user', id: world.cast.eve.id };
  });
  after(() => world.close());

  const actor = systemActor('Test');
  const whose = (browser = 'a browser') => ({ holder, browser, label: 'eve@example.test' });
  const refusal = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;
  const store = async (browser = 'a browser') => {
    const { seed, draft } = await draftAuthenticator(world.ctx, whose(browser));
    const confirmed = await confirmDraft(world.ctx, whose(browser), draft, await codeAt(seed, world.clock.now()));
    const given = { name: 'Phone', confirmed, keepSessionId: undefined };
    await world.ctx.transaction((tx) => addAuthenticator(tx, actor, holder, given));
    return { seed, confirmed };
  };

  test('a draft is good in its own browser, for its own person, for half an hour', async () => {
    const { seed, draft } = await draftAuthenticator(world.ctx, whose());
    const code = () => codeAt(seed, world.clock.now());
    const other = { holder: { kind: 'user' as const, id: world.cast.ada.id }, browser: 'a browser' };
    await assert.rejects(confirmDraft(world.ctx, whose('another'), draft, await code()), refusal('set-up-over'));
    await assert.rejects(confirmDraft(world.ctx, other, draft, await code()), refusal('set-up-over'));
    await assert.rejects(
      confirmDraft(world.ctx, whose(), `${draft.slice(0, -2)}AA`, await code()),
      refusal('set-up-over'),
    );
    await assert.rejects(confirmDraft(world.ctx, whose(), draft, '000000'), refusal('first-code-wrong'));
    assert.equal((await confirmDraft(world.ctx, whose(), draft, await code())).seed, seed);
    world.clock.turn(SET_UP_MS);
    await assert.rejects(confirmDraft(world.ctx, whose(), draft, await code()), refusal('set-up-over'));
  });

  test('fifty posts of one draft store one authenticator', async () => {
    const { seed, draft } = await draftAuthenticator(world.ctx, whose());
    const confirmed = await confirmDraft(world.ctx, whose(), draft, await codeAt(seed, world.clock.now()));
    const given = { name: 'Phone', confirmed, keepSessionId: undefined };
    const stored = await Promise.allSettled(
      Array.from({ length: 50 }, () => world.ctx.transaction((tx) => addAuthenticator(tx, actor, holder, given))),
    );
    assert.equal(stored.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await authenticatorsOf(world.ctx, holder)).length, 1);
  });

  test('the code that confirmed it is spent; the next one is spent once, by one of fifty', async () => {
    const { seed } = await store();
    assert.equal(await spendingOfCode(world.ctx, holder, await codeAt(seed, world.clock.now())), undefined);
    world.clock.turn(seconds(30));
    const code = await codeAt(seed, world.clock.now());
    const spends = await Promise.all(Array.from({ length: 50 }, () => spendingOfCode(world.ctx, holder, code)));
    const spent = await Promise.all(spends.map((spend) => world.ctx.transaction(async (tx) => spend?.(tx) ?? false)));
    assert.equal(spent.filter(Boolean).length, 1);
    assert.equal(await spendingOfCode(world.ctx, holder, code), undefined);
  });

  test('a clock that goes back brings no spent code back', async () => {
    const { seed } = await store();
    world.clock.turn(seconds(90));
    const later = await codeAt(seed, world.clock.now());
    const spend = await spendingOfCode(world.ctx, holder, later);
    assert.equal(await world.ctx.transaction(async (tx) => spend?.(tx)), true);
    world.clock.turn(-seconds(60));
    for (const ms of [-seconds(30), 0, seconds(30), seconds(60)])
      assert.equal(await spendingOfCode(world.ctx, holder, await codeAt(seed, world.clock.now() + ms)), undefined);
    world.clock.turn(seconds(90));
    assert.ok(await spendingOfCode(world.ctx, holder, await codeAt(seed, world.clock.now())));
  });

  test('a sealed seed that is moved to another person opens no more', async () => {
    const { seed } = await store();
    world.clock.turn(seconds(60));
    const [row] = (await authenticatorRows(world.ctx, holder)).slice(-1);
    assert.ok(row);
    assert.equal(row.sealed_secret.includes(seed), false);
    const { id, ...rest } = row;
    await world.ctx.db
      .insertInto('authenticators')
      .values({ ...rest, user_id: world.cast.ada.id })
      .execute();
    const code = await codeAt(seed, world.clock.now());
    assert.equal(await spendingOfCode(world.ctx, { kind: 'user', id: world.cast.ada.id }, code), undefined);
    assert.ok(await spendingOfCode(world.ctx, holder, code));
  });

  test('there is an end to how many one person may have', async () => {
    const had = (await authenticatorsOf(world.ctx, holder)).length;
    for (let more = had; more < MOST_AUTHENTICATORS; more += 1) await store();
    await assert.rejects(store(), refusal('too-many-authenticators'));
  });
});
