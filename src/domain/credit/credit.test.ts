// Credit: the balance is the sum of the log, whatever happens at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteClient } from '#domain/access/deletion.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import {
  amountOf,
  changeCredit,
  creditsOf,
  MOST_CREDIT_MINOR,
  pageOfCredits,
  readAmount,
} from '#domain/credit/credit.ts';
import type { Context } from '#src/context.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

test('amounts are read as people write them and nothing else', () => {
  for (const [text, minor] of [
    ['24', 2400],
    ['24.5', 2450],
    ['24.50', 2450],
    [' 0.01 ', 1],
    ['0007', 700],
  ] as const)
    assert.equal(readAmount(text), minor, text);
  for (const text of ['-1', '+1', '1e3', '1,000.00', '1.234', '.5', '5.', '0x10', '１２', 'NaN', '12345678901234'])
    assert.equal(readAmount(text), 'misshapen', text);
  for (const text of ['', ' ', '0', '0.00']) assert.equal(readAmount(text), 'missing', text);
  assert.equal(readAmount('24,50', true), 2450);
  assert.deepEqual([amountOf(5), amountOf(-5), amountOf(123_456), amountOf(0)], ['0.05', '-0.05', '1234.56', '0.00']);
});

onBothDatabases('credit', (database) => {
  let world: World;
  let ctx: Context;
  let ada: number;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    ada = world.cast.ada.clientId;
  });
  after(() => world.close());

  const change = (type: 'add' | 'remove', amountMinor: number, over = {}) =>
    changeCredit(ctx, actor, ada, { type, amountMinor, description: 'Test', ...over });
  const balance = async (): Promise<number> => (await clientOf(ctx, ada)).creditMinor;

  test('fifty additions and removals at once end at the right sum, each with the balance it left', async () => {
    await change('add', 100_000);
    const changes = Array.from({ length: 50 }, (_, at) => change(at % 2 === 0 ? 'add' : 'remove', 100 + at));
    await Promise.all(changes);
    const entries = await creditsOf(ctx, ada);
    assert.equal(entries.length, 51);
    let sum = 0;
    for (const entry of entries) {
      sum += entry.amountMinor;
      assert.equal(entry.balanceMinor, sum);
    }
    assert.equal(await balance(), sum);
  });

  test('a removal never goes below zero: of fifty that want half of it each, two get it', async () => {
    const half = Math.floor((await balance()) / 2);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => change('remove', half)));
    assert.equal(outcomes.filter((one) => one.status === 'fulfilled').length, 2);
    assert.ok((await balance()) >= 0 && (await balance()) < half);
    await assert.rejects(change('remove', (await balance()) + 1), { code: 'credit-too-low' });
    const sum = (await creditsOf(ctx, ada)).reduce((all, one) => all + one.amountMinor, 0);
    assert.equal(await balance(), sum);
  });

  test('a form sent twice counts once, also at once', async () => {
    const before = await balance();
    const twice = await Promise.all(Array.from({ length: 8 }, () => change('add', 700, { requestKey: 'form:1:x' })));
    assert.equal(twice.filter((one) => one !== 'again').length, 1);
    assert.equal(await balance(), before + 700);
  });

  test('what is no amount, too much, or for nobody is refused, and nothing is changed', async () => {
    const before = [await balance(), (await creditsOf(ctx, ada)).length];
    for (const amount of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await assert.rejects(change('add', amount), { fields: { amount: 'amount-missing' } });
    await assert.rejects(change('add', MOST_CREDIT_MINOR + 1), { fields: { amount: 'amount-too-high' } });
    await assert.rejects(change('add', MOST_CREDIT_MINOR), { code: 'credit-too-high' });
    await assert.rejects(changeCredit(ctx, actor, 999_999, { type: 'add', amountMinor: 1, description: '' }), {
      code: 'client-not-found',
    });
    assert.deepEqual([await balance(), (await creditsOf(ctx, ada)).length], before);
  });

  test('the log stays when the client is deleted, and holds no name of theirs', async () => {
    const { clientId } = world.cast.eve;
    await changeCredit(ctx, actor, clientId, { type: 'add', amountMinor: 500, description: 'Goodwill' });
    await deleteClient(ctx, actor, clientId, false);
    const [entry] = await creditsOf(ctx, clientId);
    assert.partialDeepStrictEqual(entry, { clientId, amountMinor: 500, balanceMinor: 500, currency: 'USD' });
    const shown = await pageOfCredits(ctx, undefined, {}, 5);
    assert.equal(shown.rows[0]?.clientId, clientId);
  });

  test('every list of entries is read from an index', async () => {
    if (database !== 'sqlite') return;
    for (const clientId of [ada, undefined])
      for (const { steps } of await plansOf(ctx, (watched) => pageOfCredits(watched, clientId, { after: 9 }, 25)))
        assert.ok(!steps.some((step) => /USE TEMP B-TREE|SCAN credit_log(?! USING)/.test(step)), steps.join('\n'));
  });
});
