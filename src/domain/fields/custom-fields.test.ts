// Custom fields: what fits, who sees and sets them, how they travel on the wire.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteClient } from '#domain/access/deletion.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeClientAndFields, changeDetailsAndFields } from '#domain/fields/account-changes.ts';
import type { FieldDefinition } from '#domain/fields/custom-fields.ts';
import { addField, changeField, listFields, optionsIn, removeField } from '#domain/fields/custom-fields.ts';
import { revealValue, valuesFor } from '#domain/fields/field-values.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

function definition(over: Partial<FieldDefinition> = {}): FieldDefinition {
  return {
    name: 'Field',
    description: '',
    type: 'text',
    options: [],
    pattern: '',
    adminOnly: false,
    required: false,
    onOrderForm: true,
    onInvoice: false,
    position: 1,
    ...over,
  };
}

onBothDatabases('a custom field', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const make = (over: Partial<FieldDefinition>): Promise<number> => addField(ctx, SYSTEM, definition(over));
  const clear = async (): Promise<void> => {
    for (const field of await listFields(ctx)) await removeField(ctx, SYSTEM, field.id);
  };
  const fill = (id: number, text: string) =>
    changeClientAndFields(ctx, SYSTEM, world.cast.ada.clientId, {}, new Map([[id, text]]));
  const textOf = async (id: number): Promise<string | undefined> =>
    (await valuesFor(ctx, world.cast.ada.clientId, 'staff')).find((one) => one.field.id === id)?.text;

  test('takes what fits its kind, and nothing else', async () => {
    const cases: readonly [Partial<FieldDefinition>, good: [string, string][], bad: [string, string][]][] = [
      [
        { type: 'text', pattern: '^\\d{5}$' },
        [
          [' 12345 ', '12345'],
          ['', ''],
        ],
        [
          ['1234', 'custom-field-invalid'],
          ['x'.repeat(501), 'too-long'],
        ],
      ],
      [
        { type: 'link' },
        [['https://example.test/a?b#c', 'https://example.test/a?b#c']],
        [
          ['javascript:alert(1)', 'link-invalid'],
          ['//x', 'link-invalid'],
          ['https://a:b@c.test', 'link-invalid'],
          ['https://a b', 'link-invalid'],
        ],
      ],
      [{ type: 'dropdown', options: ['Red', 'Blue'] }, [['Blue', 'Blue']], [['blue', 'setting-not-an-option']]],
      [
        { type: 'tick' },
        [
          ['on', 'on'],
          ['1', 'on'],
          ['0', ''],
          ['no', ''],
        ],
        [],
      ],
      [{ type: 'textarea' }, [['a\r\nb', 'a\nb']], [['x'.repeat(5001), 'too-long']]],
    ];
    for (const [over, good, bad] of cases) {
      const id = await make(over);
      for (const [typed, kept] of good) {
        await fill(id, typed);
        assert.equal(await textOf(id), kept);
      }
      for (const [typed, fault] of bad)
        await assert.rejects(fill(id, typed), { kind: 'invalid', fields: { [`custom-${id}`]: fault } }, typed);
    }
    await clear();
    assert.deepEqual(await ctx.db.selectFrom('custom_field_values').selectAll().execute(), []);
  });

  test('stands where its order says, then as it was made, with its name and description', async () => {
    const names = async () => (await listFields(ctx)).map((one) => one.name);
    await make({ name: 'Third', position: 3 });
    const first = await make({ name: 'First', position: 1, description: 'Before all' });
    await make({ name: 'Second', position: 2 });
    await make({ name: 'Also third', position: 3 });
    assert.deepEqual(await names(), ['First', 'Second', 'Third', 'Also third']);
    await changeField(ctx, SYSTEM, first, definition({ name: 'Last', position: 9 }));
    assert.deepEqual(await names(), ['Second', 'Third', 'Also third', 'Last']);
    const page = await world.browser().get('/register');
    assert.ok(page.body.indexOf('Second') < page.body.indexOf('Also third'));
    await clear();
  });

  test('that is required but not on the order form is asked for in the account, not of a newcomer nor of a program', async () => {
    const id = await make({ name: 'Ship to', required: true, onOrderForm: false });
    assert.doesNotMatch((await world.browser().get('/register')).body, /Ship to/);
    const added = await world.api('AddClient', { ...wireProfile(), owner_user_id: world.cast.ben.id });
    assert.equal(added.body['result'], 'success');
    const { clientId, email } = world.cast.eve;
    const eve = world.browser();
    await eve.signIn(email);
    const details = `/account/${clientId}/details`;
    assert.match((await eve.get(details)).body, /Ship to/);
    const typed = { ...profileFields(), customFields: String(id), [`custom-${id}`]: '' };
    assert.equal((await eve.post(details, typed)).statusCode, 422);
    assert.equal((await eve.post(details, { ...typed, [`custom-${id}`]: 'Dock 4' })).statusCode, 303);
    await clear();
  });

  test('is refused when it asks for what cannot be', async () => {
    const cases: readonly [Partial<FieldDefinition>, Record<string, string>][] = [
      [{ name: '' }, { name: 'name-missing' }],
      [{ type: 'dropdown' }, { options: 'custom-field-options-missing' }],
      [{ pattern: '(' }, { pattern: 'pattern-unreadable' }],
      [{ pattern: '(a)\\1' }, { pattern: 'pattern-unsupported' }],
      [{ pattern: 'a{9999}' }, { pattern: 'pattern-too-large' }],
      [{ adminOnly: true, onOrderForm: true }, { onOrderForm: 'custom-field-admin-only' }],
      [{ position: -1 }, { position: 'setting-number-out-of-range' }],
    ];
    for (const [over, fields] of cases) await assert.rejects(make(over), { kind: 'invalid', fields });
    assert.deepEqual(optionsIn('a, b,a ,'), ['a', 'b']);
    assert.deepEqual(optionsIn('a, x\nb\n'), ['a, x', 'b']);
  });

  test('of the kind password is sealed at rest, shown to nobody, and kept by an empty one', async () => {
    const id = await make({ type: 'password', name: 'PIN' });
    await fill(id, 'open sesame');
    const [row] = await ctx.db.selectFrom('custom_field_values').selectAll().execute();
    assert.doesNotMatch(row?.value ?? '', /sesame/);
    await fill(id, '');
    assert.equal(await textOf(id), '');
    assert.equal(await revealValue(ctx, SYSTEM, world.cast.ada.clientId, id), 'open sesame');
    const read = await world.api('GetClientsDetails', { clientid: world.cast.ada.clientId });
    assert.deepEqual(read.body['customfields'], [{ id, value: '' }]);
    const staff = world.browser();
    await staff.signIn('root');
    for (const path of ['', '/profile']) {
      const page = await staff.get(`/admin/clients/${world.cast.ada.clientId}${path}`);
      assert.equal(page.statusCode, 200);
      assert.doesNotMatch(page.body, /sesame/);
    }
    const secret = `/admin/clients/${world.cast.ada.clientId}/fields/${id}`;
    assert.equal((await staff.post(secret, { current: 'wrong password here' })).statusCode, 422);
    const shown = await staff.post(secret, { current: 'correct horse battery staple' });
    assert.match(shown.body, /open sesame/);
    await assert.rejects(changeField(ctx, SYSTEM, id, definition({ type: 'text' })), {
      fields: { type: 'custom-field-type-fixed' },
    });
    assert.equal((await staff.post(secret, { clear: '1' })).statusCode, 303);
    await assert.rejects(revealValue(ctx, SYSTEM, world.cast.ada.clientId, id), { kind: 'not-found' });
    await clear();
  });

  test('attack: what is for staff alone is neither seen nor set by a customer', async () => {
    const hidden = await make({ name: 'Risk', adminOnly: true, onOrderForm: false });
    const open = await make({ name: 'Team', required: true });
    await fill(hidden, 'high');
    const { clientId } = world.cast.ada;
    const client = await clientOf(ctx, clientId);
    const own = { ...client, marketingOptIn: client.marketingOptIn };
    const typed = new Map([
      [hidden, 'none'],
      [open, 'Blue'],
      [9999, 'x'],
    ]);
    assert.deepEqual(await changeDetailsAndFields(ctx, SYSTEM, clientId, own, typed), ['Team']);
    assert.equal(await textOf(hidden), 'high');
    assert.deepEqual(
      (await valuesFor(ctx, clientId, 'customer')).map(({ field }) => field.name),
      ['Team'],
    );
    await assert.rejects(changeDetailsAndFields(ctx, SYSTEM, clientId, own, new Map([[open, ' ']])), {
      fields: { [`custom-${open}`]: 'custom-field-missing' },
    });
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    const details = `/account/${clientId}/details`;
    assert.doesNotMatch((await ada.get(details)).body, /Risk|high/);
    const posted = {
      ...profileFields(),
      customFields: `${hidden},${open}`,
      [`custom-${hidden}`]: 'none',
      [`custom-${open}`]: 'Red',
    };
    assert.equal((await ada.post(details, posted)).statusCode, 303);
    assert.equal(await textOf(hidden), 'high');
    assert.equal(await textOf(open), 'Red');
    await clear();
  });

  test('is said together with what else is wrong, and nothing is changed by half', async () => {
    const id = await make({ type: 'link', name: 'Site' });
    const { clientId } = world.cast.ada;
    await assert.rejects(
      changeClientAndFields(ctx, SYSTEM, clientId, { country: 'XX', city: 'Elsewhere' }, new Map([[id, 'no link']])),
      { fields: { country: 'country-invalid', [`custom-${id}`]: 'link-invalid' } },
    );
    await assert.rejects(
      changeClientAndFields(ctx, SYSTEM, clientId, { city: 'Elsewhere' }, new Map([[id, 'no link']])),
      { fields: { [`custom-${id}`]: 'link-invalid' } },
    );
    assert.equal((await clientOf(ctx, clientId)).city, 'Sampletown');
    await clear();
  });

  test('travels as base64 of PHP’s serialize and of JSON, and is required of a new client', async () => {
    const id = await make({ name: 'VAT number', required: true, pattern: '^[0-9]+$' });
    const other = await make({ name: 'Colour', type: 'dropdown', options: ['Red', 'Blue'], position: 2 });
    const base = (text: string): string => Buffer.from(text).toString('base64');
    const fields = { ...wireProfile(), owner_user_id: world.cast.ben.id };
    const missing = await world.api('AddClient', fields);
    assert.equal(missing.body['message'], 'You did not provide required custom field value for VAT number');
    const wrong = await world.api('AddClient', { ...fields, customfields: base(JSON.stringify({ [id]: 'x' })) });
    assert.equal(wrong.body['message'], 'The value of the custom field VAT number is not valid');
    const php = base(`a:2:{i:${id};s:3:"123";i:${other};s:3:"Red";}`);
    const added = await world.api('AddClient', { ...fields, customfields: php });
    assert.equal(added.body['result'], 'success');
    const clientid = String(added.body['clientid']);
    const json = base(JSON.stringify({ [other]: 'Blue', 77: 'x' }));
    const updated = await world.api('UpdateClient', { clientid, customfields: json });
    assert.match(String(updated.body['warnings']), /no such custom fields here.*77/);
    const emptied = await world.api('UpdateClient', { clientid, customfields: base(JSON.stringify({ [id]: '' })) });
    assert.equal(emptied.body['message'], 'You did not provide required custom field value for VAT number');
    const read = await world.api('GetClientsDetails', { clientid });
    assert.deepEqual(read.body['customfields'], [
      { id, value: '123' },
      { id: other, value: 'Blue' },
    ]);
    assert.equal(read.body['customfields1'], '123');
    assert.equal(read.body['customfields2'], 'Blue');
    assert.equal((await world.api('AddClient', { ...fields, skipvalidation: 'true' })).body['result'], 'success');
    for (const hostile of [
      'O:8:"stdClass":1:{s:1:"a";s:1:"b";}',
      `a:1:{i:${id};O:1:"A":0:{}}`,
      'a:9999999:{',
      '[[[[[[1]]]]]]',
    ]) {
      const answer = await world.api('UpdateClient', { clientid, customfields: base(hostile) });
      assert.match(String(answer.body['warnings']), /could not be read/, hostile);
    }
    assert.deepEqual(
      (await world.api('GetClientsDetails', { clientid })).body['customfields'],
      read.body['customfields'],
    );
    await clear();
  });

  test('that customers change is told to staff whose role gets letters about accounts, where that is wanted', async () => {
    const id = await make({ name: 'Team' });
    const { clientId, id: userId, email } = world.cast.ada;
    const actor = { kind: 'user', userId, name: email, ip: '192.0.2.1' } as const;
    const client = await clientOf(ctx, clientId);
    const change = (city: string) =>
      changeDetailsAndFields(ctx, actor, clientId, { ...client, city }, new Map([[id, city]]));
    const told = async () =>
      (await letterHistory(ctx, {}, { limit: 9 })).filter((one) => one.kind === 'client-details-changed');
    await change('Oldtown');
    assert.deepEqual(await told(), []);
    await changeSettings(ctx, SYSTEM, { 'tell-detail-changes': 'on' });
    await change('Newtown');
    await change('Newtown');
    assert.deepEqual(
      (await told()).map((one) => one.to),
      ['root@staff.example.test'],
    );
    assert.match((await world.letterTo('root@staff.example.test')).text, /Changed: Town or city, Team/);
    await clear();
  });

  test('goes with the client that filled it in', async () => {
    const id = await make({});
    await changeClientAndFields(ctx, SYSTEM, world.cast.eve.clientId, {}, new Map([[id, 'x']]));
    await deleteClient(ctx, SYSTEM, world.cast.eve.clientId, false);
    assert.deepEqual(await ctx.db.selectFrom('custom_field_values').selectAll().execute(), []);
    await clear();
  });
});

function profileFields(): Record<string, string> {
  return { ...profile({ companyName: 'Analytical Engines Ltd' }) };
}

function wireProfile(): Record<string, string> {
  const { firstName, lastName, address1, city, state, postcode, country } = profile();
  return {
    firstname: firstName,
    lastname: lastName,
    email: 'wire@example.test',
    address1,
    city,
    state,
    postcode,
    country,
    phonenumber: '2079460000',
  };
}
