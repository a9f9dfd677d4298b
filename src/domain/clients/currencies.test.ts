// Currencies: what staff may say of them, which stay, and what programs and accounts see of a change.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import {
  addCurrency,
  changeCurrency,
  isCurrencyUsed,
  listCurrencies,
  makeDefaultCurrency,
  removeCurrency,
} from '#domain/clients/currencies.ts';
import { changeCredit } from '#domain/credit/credit.ts';
import { newClient } from '#tests/people.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const EUR = { code: 'EUR', prefix: '€', suffix: '', format: 3, rate: '0.8' };

onBothDatabases('currencies', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const add = (over: Partial<typeof EUR> = {}) => addCurrency(world.ctx, SYSTEM, { ...EUR, ...over });
  const rates = async () =>
    Object.fromEntries(
      (await listCurrencies(world.ctx)).map(({ code, rate, isDefault }) => [code, isDefault ? 'default' : rate]),
    );
  const wire = async () =>
    ((await world.api('GetCurrencies')).body['currencies'] as { currency: { code: string; rate: string }[] }).currency;

  test('what does not fit is refused by field, all of it at once', async () => {
    await assert.rejects(add({ code: 'EURO', prefix: 'x'.repeat(11), format: 5, rate: '0' }), {
      fields: {
        code: 'currency-code-invalid',
        prefix: 'too-long',
        format: 'setting-not-an-option',
        rate: 'currency-rate-invalid',
      },
    });
    for (const rate of ['', '-1', '1e3', '1.123456', 'NaN', '0.00000'])
      await assert.rejects(add({ rate }), { fields: { rate: 'currency-rate-invalid' } }, rate);
    await assert.rejects(add({ code: 'usd' }), { fields: { code: 'currency-code-taken' } });
  });

  test('staff add one by its page, and programs see it at once', async () => {
    const root = world.browser();
    await root.signIn('root');
    const typed = { code: 'eur', prefix: '€', suffix: ' <b>', format: '3', rate: '0,8' };
    assert.equal((await root.post('/admin/currencies/new', { ...typed, rate: 'x' })).statusCode, 422);
    await wire();
    assert.equal((await root.post('/admin/currencies/new', typed)).headers.location, '/admin/currencies');
    const [usd, eur] = await wire();
    assert.deepEqual(eur, {
      id: (eur as { id?: string }).id,
      code: 'EUR',
      prefix: '€',
      suffix: ' <b>',
      format: '3',
      rate: '0.80000',
    });
    assert.equal(usd?.rate, '1.00000');
    const { body } = await root.get('/admin/currencies');
    assert.match(body, /€1\.234,56 &lt;b&gt;/);
    const [line] = await auditLines(world.ctx, {}, { limit: 1 });
    assert.equal(line?.event, 'currency.created');
  });

  test('another default has the rate 1, and the rates of the others follow', async () => {
    const root = world.browser();
    await root.signIn('root');
    await add({ code: 'GBP', rate: '0.5' });
    const eur = (await listCurrencies(world.ctx)).find(({ code }) => code === 'EUR')?.id;
    const page = await root.get(`/admin/currencies/${eur}/default`);
    assert.equal(page.statusCode, 200);
    assert.deepEqual(await rates(), { USD: 'default', EUR: '0.80000', GBP: '0.50000' }, 'a look changes nothing');
    await root.post(`/admin/currencies/${eur}/default`);
    assert.deepEqual(await rates(), { USD: '1.25000', EUR: 'default', GBP: '0.62500' });
    await changeCurrency(world.ctx, SYSTEM, eur ?? 0, { ...EUR, rate: '7' });
    assert.equal((await wire()).find(({ code }) => code === 'EUR')?.rate, '1.00000', 'the rate of the default is 1');
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).currencyId, 1, 'no account was moved');
    await makeDefaultCurrency(world.ctx, SYSTEM, 1);
    assert.equal((await rates())['USD'], 'default');
  });

  test('one that accounts are kept in stays, with its code; so does the default', async () => {
    const { ctx } = world;
    const id = await add({ code: 'CHF' });
    const clientId = await newClient(ctx);
    await changeClient(ctx, SYSTEM, clientId, { currencyId: id });
    await assert.rejects(removeCurrency(ctx, SYSTEM, id), { kind: 'conflict', code: 'currency-in-use' });
    await assert.rejects(removeCurrency(ctx, SYSTEM, 1), { kind: 'conflict', code: 'currency-is-default' });
    await assert.rejects(changeCurrency(ctx, SYSTEM, id, { ...EUR, code: 'SEK' }), {
      fields: { code: 'currency-code-in-use' },
    });
    const root = world.browser();
    await root.signIn('root');
    const { body } = await root.get(`/admin/currencies/${id}`);
    assert.doesNotMatch(body, new RegExp(`/admin/currencies/${id}/removal`));
    assert.equal((await root.post(`/admin/currencies/${id}/removal`, {}, { from: '/admin' })).statusCode, 409);

    await changeClient(ctx, SYSTEM, clientId, { currencyId: 1 });
    const gone = await root.post(`/admin/currencies/${id}/removal`);
    assert.equal(gone.headers.location, '/admin/currencies');
    assert.equal((await rates())['CHF'], undefined);
    await assert.rejects(changeClient(ctx, SYSTEM, clientId, { currencyId: id }), {
      fields: { currency: 'currency-not-found' },
    });
    assert.equal((await root.get(`/admin/currencies/${id}`)).statusCode, 404);
    const [plan] = await plansOf(ctx, (watched) => isCurrencyUsed(watched, id));
    if (database === 'sqlite') assert.match(plan?.steps.join() ?? '', /clients_by_currency/); // postgres reads a small table whole
  });

  test('an account with a balance keeps its currency: nothing is converted', async () => {
    const { ctx } = world;
    const other = (await listCurrencies(ctx)).find(({ code }) => code === 'GBP')?.id ?? 0;
    const clientId = await newClient(ctx);
    const credit = (type: 'add' | 'remove') =>
      changeCredit(ctx, SYSTEM, clientId, { amountMinor: 500, type, description: 'x' });
    await credit('add');
    await assert.rejects(changeClient(ctx, SYSTEM, clientId, { currencyId: other }), {
      fields: { currency: 'currency-fixed' },
    });
    const answer = await world.api('UpdateClient', { clientid: clientId, currency: other });
    assert.match(String(answer.body['message']), /has a balance/);
    await credit('remove');
    await changeClient(ctx, SYSTEM, clientId, { currencyId: other });
    assert.equal((await clientOf(ctx, clientId)).currencyId, other);
  });

  test('Single use under a race: of two with one code one is added, and of a default and its removal one holds', async () => {
    const twice = await Promise.allSettled([add({ code: 'NOK' }), add({ code: 'NOK' })]);
    assert.deepEqual(twice.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = twice.find((one) => one.status === 'rejected');
    assert.match(String(lost?.reason), /currency-code-taken/);
    const id = (await listCurrencies(world.ctx)).find(({ code }) => code === 'NOK')?.id ?? 0;
    await Promise.allSettled([makeDefaultCurrency(world.ctx, SYSTEM, id), removeCurrency(world.ctx, SYSTEM, id)]);
    const defaults = (await listCurrencies(world.ctx)).filter(({ isDefault }) => isDefault);
    assert.equal(defaults.length, 1);
  });

  test('attack: who lacks the permission reaches none of it', async () => {
    const sam = world.browser();
    await sam.signIn('sam');
    for (const path of ['', '/new', '/1', '/1/removal', '/1/default']) {
      assert.equal((await sam.get(`/admin/currencies${path}`)).statusCode, 403, path);
      if (path === '') continue;
      const post = await sam.post(`/admin/currencies${path}`, { code: 'XXX', rate: '1' }, { from: '/admin' });
      assert.equal(post.statusCode, 403, path);
    }
  });

  test('attack: one default after another drives no rate beyond what may be typed', async () => {
    for (const [code, rate] of [
      ['XHI', '999999999'],
      ['XLO', '0.00001'],
    ] as const) {
      await add({ code, rate });
    }
    const low = (await listCurrencies(world.ctx)).find(({ code }) => code === 'XLO');
    await makeDefaultCurrency(world.ctx, SYSTEM, low?.id ?? 0);
    for (const { code, rate, prefix, suffix, format, id } of await listCurrencies(world.ctx)) {
      assert.match(rate, /^\d{1,9}\.\d{5}$/, code);
      await changeCurrency(world.ctx, SYSTEM, id, { code, rate, prefix, suffix, format });
    }
  });
});
