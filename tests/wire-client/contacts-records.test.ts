// Contacts, notes, credit and currencies on the wire: the documented parameters, texts and types.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { pageOfConsent } from '#domain/consent/consent.ts';
import { contactOf } from '#domain/contacts/contacts.ts';
import { stickyNotesOf } from '#domain/notes/notes.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const ICANN =
  'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please ';

onBothDatabases('contacts and records on the wire', (database) => {
  let world: World;
  let ada: number;
  let eve: number;
  before(async () => {
    world = await testWorld(database);
    ada = world.cast.ada.clientId;
    eve = world.cast.eve.clientId;
  });
  after(() => world.close());

  const ask = async (action: string, values: Record<string, string | number> = {}) =>
    (await world.api(action, values)).body;
  const errorOf = async (action: string, values: Record<string, string | number> = {}) => {
    const { status, body } = await world.api(action, values);
    assert.deepEqual([status, body['result']], [200, 'error'], JSON.stringify(body));
    return body['message'];
  };
  const add = async (values: Record<string, string | number> = {}): Promise<number> =>
    Number((await ask('AddContact', { clientid: ada, ...values }))['contactid']);

  test('AddContact asks for a client alone, and answers its id as a text', async () => {
    assert.deepEqual(await ask('AddContact', { clientid: eve }), { result: 'success', contactid: '1' });
    for (const clientid of ['', '0', '999999', 'x', '-1'])
      assert.equal(await errorOf('AddContact', { clientid }), 'Client ID Not Found', clientid);
    assert.equal(await errorOf('AddContact', {}), 'Client ID Not Found');
  });

  test('AddContact keeps every documented field, and the letters that are turned on', async () => {
    const id = await add({
      firstname: 'Robin',
      lastname: 'Sample',
      companyname: 'Sample Ltd',
      email: 'robin@example.test',
      address1: '12 Placeholder Road',
      address2: 'Flat 3',
      city: 'Sampletown',
      state: 'Sampleshire',
      postcode: 'AB12 3CD',
      country: 'nl',
      phonenumber: '020 123 4567',
      tax_id: 'NL1',
      'email_preferences[invoice]': '1',
      'email_preferences[support]': 'true',
      'email_preferences[general]': '0',
    });
    const { contacts, ...rest } = (await ask('GetContacts', { userid: ada })) as {
      contacts: { contact: Record<string, unknown>[] };
    };
    assert.deepEqual(rest, { result: 'success', totalresults: 1, startnumber: 0, numreturned: 1 });
    assert.deepEqual(contacts.contact[0], {
      id,
      userid: ada,
      firstname: 'Robin',
      lastname: 'Sample',
      companyname: 'Sample Ltd',
      email: 'robin@example.test',
      address1: '12 Placeholder Road',
      address2: 'Flat 3',
      city: 'Sampletown',
      state: 'Sampleshire',
      postcode: 'AB12 3CD',
      country: 'NL',
      phonenumber: '+31.201234567',
      tax_id: 'NL1',
      domainemails: false,
      generalemails: false,
      invoiceemails: true,
      productemails: false,
      supportemails: true,
      affiliateemails: false,
      created_at: '2026-06-01 12:00:00',
      updated_at: '2026-06-01 12:00:00',
    });
    const texts = { email: 'ROBIN@example.test', firstname: 'robin', country: 'NL', phonenumber: '+31 20 123 4567' };
    assert.equal((await ask('GetContacts', texts))['totalresults'], 1);
    for (const other of [{ email: 'robin' }, { userid: eve, firstname: 'Robin' }, { userid: 'x' }, { city: 'Bath' }])
      assert.equal((await ask('GetContacts', other))['totalresults'], 0, JSON.stringify(other));
  });

  test('what no address, number or country can be is refused, and an address counts once for a client', async () => {
    assert.equal(
      await errorOf('AddContact', { clientid: ada, email: 'Robin@Example.test' }),
      'Duplicate Email Address',
    );
    assert.equal(
      await errorOf('AddContact', { clientid: ada, email: 'robin' }),
      'The email address you entered was not valid',
    );
    assert.equal(await errorOf('AddContact', { clientid: ada, country: 'XX' }), 'Valid country required');
    assert.equal(
      await errorOf('AddContact', { clientid: ada, phonenumber: 'call me' }),
      'Invalid telephone phone number',
    );
    const other = await add({ email: 'other@example.test' });
    assert.equal(
      await errorOf('UpdateContact', { contactid: other, email: 'robin@example.test' }),
      'Duplicate Email Address',
    );
    assert.equal((await ask('DeleteContact', { contactid: other }))['contactid'], String(other));
    assert.equal(await errorOf('DeleteContact', { contactid: other }), 'Contact ID Not Found');
    assert.equal(await errorOf('UpdateContact', { contactid: other, city: 'Bath' }), 'Contact ID Not Found');
    assert.equal(await errorOf('UpdateContact', { contactid: 'x' }), 'Contact ID Not Found');
  });

  test('who still sends sub-account fields is told what to use, and nothing of it is kept', async () => {
    const added = await ask('AddContact', { clientid: ada, password2: 'secret phrase here', permissions: 'profile' });
    assert.equal(added['warnings'], 'Sub Accounts are no longer supported. Please use AddUser and CreateClientInvite');
    const updated = await ask('UpdateContact', { contactid: Number(added['contactid']), subaccount: '1' });
    assert.equal(updated['warnings'], 'Sub Accounts are no longer supported. Please use UpdateUser');
    const rows = JSON.stringify(await world.ctx.db.selectFrom('contacts').selectAll().execute());
    assert.ok(!rows.includes('secret phrase here'));
    await ask('DeleteContact', { contactid: Number(added['contactid']) });
  });

  test('UpdateContact changes what is named, empties what is sent empty, and leaves the rest', async () => {
    const id = await add({ firstname: 'Kim', email: 'kim@example.test', 'email_preferences[invoice]': '1' });
    world.clock.turn(1000);
    assert.deepEqual(await ask('UpdateContact', { contactid: id, firstname: '', 'email_preferences[support]': '1' }), {
      result: 'success',
      contactid: String(id),
    });
    const contact = await contactOf(world.ctx, ada, id);
    assert.deepEqual(
      [contact.firstName, contact.email, contact.emailPreferences.invoice, contact.emailPreferences.support],
      ['', 'kim@example.test', true, true],
    );
    await ask('UpdateContact', { contactid: id, clientid: eve, userid: eve, id: 77, created_at: 0 });
    assert.equal((await contactOf(world.ctx, ada, id)).clientId, ada, 'no contact moves to another client');
    await ask('DeleteContact', { contactid: id });
  });

  test('letters about domains: the texts of the client and of the contact', async () => {
    const off = { clientid: ada, 'email_preferences[domain]': '0' };
    assert.equal(
      await errorOf('UpdateClient', off),
      `${ICANN}create an alternative contact that is set to receive them`,
    );
    const id = await add({ email: 'domains@example.test', 'email_preferences[domain]': '1' });
    assert.equal((await ask('UpdateClient', off))['result'], 'success');
    const sibling = `${ICANN}enable domain notifications for the primary account holder or another contact`;
    assert.equal(await errorOf('UpdateContact', { contactid: id, 'email_preferences[domain]': '0' }), sibling);
    assert.equal(await errorOf('UpdateContact', { contactid: id, email: '' }), sibling);
    assert.equal(await errorOf('DeleteContact', { contactid: id }), sibling);
    assert.equal((await ask('UpdateClient', { clientid: ada, 'email_preferences[domain]': '1' }))['result'], 'success');
    assert.equal((await ask('DeleteContact', { contactid: id }))['result'], 'success');
  });

  test('marketingoptin stands in the history as set by a program', async () => {
    await ask('UpdateClient', { clientid: ada, marketingoptin: '1', city: 'Bath' });
    const client = await clientOf(world.ctx, ada);
    assert.deepEqual([client.marketingOptIn, client.city], [true, 'Bath']);
    const [line] = (await pageOfConsent(world.ctx, ada, {}, 5)).rows;
    assert.deepEqual([line?.source, line?.optedIn, line?.actorName], ['api', true, 'root']);
    await ask('UpdateClient', { clientid: ada, marketingoptin: '1' });
    assert.equal((await pageOfConsent(world.ctx, ada, {}, 5)).rows.length, 1);
  });

  test('AddClientNote: the client travels as userid, the text as notes', async () => {
    const answer = await ask('AddClientNote', { userid: ada, notes: 'Calls on Mondays\r\nonly', sticky: '1' });
    assert.deepEqual(answer, { result: 'success', noteid: '1' });
    assert.partialDeepStrictEqual(await stickyNotesOf(world.ctx, ada), [
      { body: 'Calls on Mondays\nonly', author: 'root', isSticky: true },
    ]);
    assert.equal(await errorOf('AddClientNote', { userid: 999, notes: 'x' }), 'Client ID not found');
    assert.equal(await errorOf('AddClientNote', { userid: 999, notes: '' }), 'Client ID not found');
    assert.equal(await errorOf('AddClientNote', { notes: 'x' }), 'Client ID not found');
    assert.equal(await errorOf('AddClientNote', { userid: ada, notes: ' \u200b ' }), 'Notes can not be empty');
    assert.equal(await errorOf('AddClientNote', { userid: ada }), 'Notes can not be empty');
  });

  test('AddCredit answers the new balance as a text, and takes no more than there is', async () => {
    const credit = { clientid: ada, description: 'Goodwill' };
    assert.deepEqual(await ask('AddCredit', { ...credit, amount: '24.50' }), {
      result: 'success',
      newbalance: '24.50',
    });
    assert.equal((await ask('AddCredit', { ...credit, amount: '5' }))['newbalance'], '29.50');
    const out = { ...credit, amount: '4.5', type: 'remove', date: '2026-05-03', adminid: world.cast.sam.id };
    assert.equal((await ask('AddCredit', out))['newbalance'], '25.00');
    assert.match(String(await errorOf('AddCredit', { ...credit, amount: '25.01', type: 'remove' })), /25\.00/);
    assert.equal((await clientOf(world.ctx, ada)).creditMinor, 2500);
    assert.deepEqual(await ask('GetCredits', { clientid: ada }), {
      result: 'success',
      totalresults: '3',
      clientid: String(ada),
      credits: {
        credit: [
          { id: '1', date: '2026-06-01', description: 'Goodwill', amount: '24.50', relid: '0' },
          { id: '2', date: '2026-06-01', description: 'Goodwill', amount: '5.00', relid: '0' },
          { id: '3', date: '2026-05-03', description: 'Goodwill', amount: '-4.50', relid: '0' },
        ],
      },
    });
  });

  test('AddCredit refuses in the documented words and order', async () => {
    const good = { clientid: ada, description: 'x', amount: '1.00' };
    for (const [values, text] of [
      [{ type: 'take', clientid: 0, amount: '' }, 'Type can only be add or remove'],
      [{ ...good, clientid: 999_999, adminid: 999 }, 'Client ID Not Found'],
      [{ ...good, clientid: '' }, 'Client ID Not Found'],
      [{ ...good, adminid: 999, amount: '' }, 'Admin ID Not Found'],
      [{ ...good, adminid: 0, amount: '' }, 'No Amount Provided'], // as typed clients say none
      [{ ...good, amount: '' }, 'No Amount Provided'],
      [{ ...good, amount: '0.00' }, 'No Amount Provided'],
      [{ ...good, amount: '-5', date: 'x' }, 'Amount must be in decimal format: ### or ###.##'],
      [{ ...good, amount: '1,5' }, 'Amount must be in decimal format: ### or ###.##'],
      [{ ...good, amount: '1e3' }, 'Amount must be in decimal format: ### or ###.##'],
      [{ ...good, amount: '1.005' }, 'Amount must be in decimal format: ### or ###.##'],
      [{ ...good, date: '31/12/2026' }, 'Date Format is not Valid'],
      [{ ...good, date: '2026-02-30' }, 'Date Format is not Valid'],
    ] as const)
      assert.equal(await errorOf('AddCredit', values), text, JSON.stringify(values));
    assert.equal((await ask('GetCredits', { clientid: ada }))['totalresults'], '3');
    assert.equal(await errorOf('GetCredits', { clientid: 999_999 }), 'Client ID Not Found');
    assert.deepEqual((await ask('GetCredits', { clientid: eve }))['credits'], { credit: [] });
  });

  test('GetCurrencies lists them, all as texts', async () => {
    assert.deepEqual(await ask('GetCurrencies'), {
      result: 'success',
      totalresults: '1',
      currencies: {
        currency: [{ id: '1', code: 'USD', prefix: '$', suffix: ' USD', format: '1', rate: '1.00000' }],
      },
    });
  });

  test('a closed client can still be put right by staff', async () => {
    await changeClient(world.ctx, systemActor('Test'), eve, { status: 'Closed' });
    assert.equal((await ask('AddContact', { clientid: eve, email: 'late@example.test' }))['result'], 'success');
    assert.equal((await ask('AddCredit', { clientid: eve, description: 'x', amount: '1' }))['newbalance'], '1.00');
  });
});
