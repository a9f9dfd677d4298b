// UpdateClient, CloseClient and DeleteClient as programs call them.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { auditLines } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientOf, findClient } from '#domain/clients/clients.ts';
import { findUser } from '#domain/users/users.ts';
import { type Credential, credentialOf } from '#tests/wire/wire.ts';
import { calls, newClient } from '#tests/wire-client/client-values.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

const ICANN =
  'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please create an alternative contact that is set to receive them';

onBothDatabases('changing clients', (database) => {
  let world: World;
  let key: Credential;
  let before_: Client;
  let clientid = '';
  let number = 0;
  const { done, refusal } = calls(
    () => world,
    () => key,
  );

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());
  beforeEach(async () => {
    number += 1;
    const made = await done(
      'AddClient',
      newClient({ email: `person${number}@example.test`, companyname: 'Sample Ltd' }),
    );
    clientid = String(made.clientid);
    before_ = await clientOf(world.ctx, Number(clientid));
  });

  /** What an update changed of the client, without the note of when. */
  const changedBy = async (values: Record<string, string>) => {
    world.clock.turn(1000);
    await done('UpdateClient', { clientid, ...values });
    const now = Object.entries(await clientOf(world.ctx, Number(clientid)));
    const then = new Map(Object.entries(before_));
    return Object.fromEntries(
      now.filter(([name, value]) => name !== 'updatedAt' && JSON.stringify(then.get(name)) !== JSON.stringify(value)),
    );
  };

  describe('UpdateClient', () => {
    test('changes what is sent and nothing else, and answers clientid as a text', async () => {
      const body = await done('UpdateClient', { clientid, city: 'Otherton' });
      assert.deepEqual(body, { result: 'success', clientid });
      assert.deepEqual(
        await changedBy({ clientip: '192.0.2.9' }),
        { city: 'Otherton' },
        'the sign-up stays where it was',
      );
    });

    test('every profile field', async () => {
      assert.deepEqual(
        await changedBy({
          firstname: 'A',
          lastname: 'B',
          companyname: 'C',
          email: `other${number}@example.test`,
          address1: 'D',
          address2: 'E',
          city: 'F',
          state: 'G',
          postcode: 'H',
          country: 'gb',
          phonenumber: '+44 20 7946 0000',
          tax_id: 'I',
        }),
        {
          firstName: 'A',
          lastName: 'B',
          companyName: 'C',
          email: `other${number}@example.test`,
          address1: 'D',
          address2: 'E',
          city: 'F',
          state: 'G',
          postcode: 'H',
          country: 'GB',
          phoneNumber: '+44.2079460000',
          taxId: 'I',
        },
      );
      assert.partialDeepStrictEqual(await done('GetClientsDetails', { clientid }), {
        firstname: 'A',
        lastname: 'B',
        fullname: 'A B',
        companyname: 'C',
        email: `other${number}@example.test`,
        address1: 'D',
        address2: 'E',
        city: 'F',
        state: 'G',
        fullstate: 'G',
        postcode: 'H',
        country: 'GB',
        countryname: 'United Kingdom',
        phonenumberformatted: '+44.2079460000',
        phonecc: '44',
        tax_id: 'I',
      });
    });

    test('by clientemail, in any case', async () => {
      const body = await done('UpdateClient', { clientemail: before_.email.toUpperCase(), city: 'Otherton' });
      assert.deepEqual(body, { result: 'success', clientid });
    });

    test('a client that is not there, or not named', async () => {
      for (const values of [{}, { clientid: '' }, { clientid: '0' }, { clientid: '4711' }, { clientid: 'abc' }])
        assert.equal(await refusal('UpdateClient', { ...values, city: 'X' }), 'Client ID Not Found');
      assert.equal(await refusal('UpdateClient', { clientemail: 'nobody@example.test' }), 'Client ID Not Found');
    });

    test('a field sent empty is emptied where it may be, and refused where it is required', async () => {
      assert.deepEqual(await changedBy({ companyname: '', address2: '' }), { companyName: '' });
      assert.equal(await refusal('UpdateClient', { clientid, firstname: '' }), 'You did not enter your first name');
      assert.equal(await refusal('UpdateClient', { clientid, country: '' }), 'Valid country required');
      assert.equal(await refusal('UpdateClient', { clientid, email: '' }), 'The email address entered is not valid');
    });

    test('skipvalidation lets required fields be emptied, never the address', async () => {
      const skip = { clientid, skipvalidation: '1' };
      await done('UpdateClient', { ...skip, firstname: '', phonenumber: '' });
      assert.equal(await refusal('UpdateClient', { ...skip, email: '' }), 'The email address entered is not valid');
    });

    test('the address: valid, and not another client’s', async () => {
      assert.equal(await refusal('UpdateClient', { clientid, email: 'x@' }), 'The email address entered is not valid');
      const taken = world.cast.ada.email.toUpperCase();
      assert.equal(await refusal('UpdateClient', { clientid, email: taken }), 'Duplicate Email Address');
      assert.deepEqual(await changedBy({ email: before_.email.toUpperCase() }), { email: before_.email.toUpperCase() });
    });

    test('the switches, by their misspelt names, on in every spelling and off', async () => {
      const on = {
        latefeeoveride: '1',
        overideduenotices: 'true',
        taxexempt: 'True',
        separateinvoices: 'on',
        disableautocc: '1',
        overrideautoclose: '1',
        marketingoptin: '1',
      };
      assert.deepEqual(await changedBy({ ...on, allow_sso: '0' }), {
        taxExempt: true,
        lateFeeOverride: true,
        overrideDueNotices: true,
        separateInvoices: true,
        disableAutoCc: true,
        overrideAutoClose: true,
        allowSso: false,
        marketingOptIn: true,
      });
      assert.partialDeepStrictEqual(await done('GetClientsDetails', { clientid }), {
        latefeeoveride: true,
        overideduenotices: true,
        taxexempt: true,
        separateinvoices: true,
        disableautocc: true,
        overrideautoclose: true,
        allowSingleSignOn: 0,
        emailoptout: false,
        marketing_emails_opt_in: true,
        isOptedInToMarketingEmails: true,
      });
      const off = Object.fromEntries(Object.keys(on).map((name, index) => [name, ['0', 'false', ''][index % 3] ?? '']));
      assert.deepEqual(await changedBy({ ...off, allowSingleSignOn: '1' }), {});
      assert.equal(
        await refusal('UpdateClient', { clientid, taxexempt: 'maybe' }),
        'The parameter "taxexempt" must be 1 or 0',
      );
    });

    test('the kinds of letters, each alone; those about domains stay on', async () => {
      const off = await changedBy({ 'email_preferences[invoice]': '0', 'email_preferences[unknown]': '0' });
      assert.deepEqual(off, { emailPreferences: { ...before_.emailPreferences, invoice: false } });
      assert.deepEqual(await changedBy({ 'email_preferences[invoice]': '1' }), {});
      for (const value of ['0', 'false', ''])
        assert.equal(await refusal('UpdateClient', { clientid, 'email_preferences[domain]': value }), ICANN);
    });

    test('the refusal about domains comes before those about the address, and nothing is changed', async () => {
      const both = { clientid, 'email_preferences[domain]': '0', city: 'X' };
      assert.equal(await refusal('UpdateClient', { ...both, email: 'ada@example.test' }), ICANN);
      assert.equal(await refusal('UpdateClient', { ...both, email: 'x' }), ICANN);
      assert.deepEqual(await changedBy({}), {});
    });

    test('status in any case; one that there is not is refused', async () => {
      assert.deepEqual(await changedBy({ status: 'inactive' }), { status: 'Inactive' });
      const closed = await changedBy({ status: 'Closed' });
      assert.equal(closed.status, 'Closed');
      assert.equal(closed.closedAt, world.ctx.now());
      assert.deepEqual(await changedBy({ status: 'Active' }), {});
      assert.match(String(await refusal('UpdateClient', { clientid, status: 'Deleted' })), /^Invalid status/);
    });

    test('group, notes, language, paymentmethod: set and taken back', async () => {
      const made = await sql<{
        id: number;
      }>`insert into client_groups (name, colour) values ('VIP', '#336699') returning id`.execute(world.ctx.db);
      const groupid = String(made.rows[0]?.id);
      const set = await changedBy({ groupid, notes: 'one\ntwo', language: 'German', paymentmethod: 'banktransfer' });
      assert.deepEqual(set, {
        language: 'german',
        groupId: Number(groupid),
        defaultGateway: 'banktransfer',
        notes: 'one\ntwo',
      });
      assert.partialDeepStrictEqual(await done('GetClientsDetails', { clientid }), {
        groupid: Number(groupid),
        notes: 'one\ntwo',
        language: 'german',
        defaultgateway: 'banktransfer',
      });
      assert.deepEqual(await changedBy({ groupid: '0', notes: '', language: '', paymentmethod: '' }), {});
      assert.equal(await refusal('UpdateClient', { clientid, groupid: '99' }), 'There is no such group.');
      assert.equal(await refusal('UpdateClient', { clientid, currency: '99' }), 'There is no such currency.');
      assert.equal(await refusal('UpdateClient', { clientid, paymentmethod: '../x' }), 'Invalid paymentmethod');
    });

    test('amounts have two decimals in a currency of other coins too, and none becomes another by a change of it', async () => {
      const yen = await sql<{
        id: number;
      }>`insert into currencies (code, prefix, suffix, is_default) values ('JPY', '¥', '', 0) returning id`.execute(
        world.ctx.db,
      );
      await done('UpdateClient', { clientid, currency: String(yen.rows[0]?.id) });
      const credit = { clientid, description: 'Goodwill', amount: '24.50' };
      assert.equal((await done('AddCredit', credit)).newbalance, '24.50');
      const read = await done('GetClientsDetails', { clientid, stats: '1' });
      const { creditbalance } = read.stats as Record<string, unknown>; // asked for in the line above
      assert.deepEqual([read.currency_code, read.credit, creditbalance], ['JPY', '24.50', '¥24.50']);
      const root = world.browser();
      await root.signIn('root');
      assert.match((await root.get(`/admin/clients/${clientid}`)).body, /¥24\.50/);
      const back = { clientid, currency: String(before_.currencyId) };
      assert.match(String(await refusal('UpdateClient', back)), /has a balance, and nothing is converted/);
      await done('AddCredit', { ...credit, type: 'remove' });
      await done('UpdateClient', back);
      assert.equal((await done('GetClientsDetails', { clientid })).currency_code, 'USD');
    });

    test('nothing that is not documented: no credit, no dates, no uuid, no owner, no password', async () => {
      const sent = {
        credit: '1000',
        creditMinor: '1000',
        datecreated: '2000-01-01',
        uuid: 'x',
        id: '1',
        signupIp: '192.0.2.9',
        owner_user_id: '1',
        password2: 'seven other teapots',
        closedAt: '1',
        first_name: 'X',
        firstName: 'X',
      };
      assert.deepEqual(await changedBy(sent), {});
    });

    test('cards and custom fields are dropped with their warnings', async () => {
      const body = await done('UpdateClient', {
        clientid,
        cardnum: '4111111111111111',
        bankacct: '1',
        clearcreditcard: '1',
      });
      const start = 'Credit card related parameters are now deprecated and may be removed in a future version.';
      assert.equal(
        body.warnings,
        `${start} Use AddPayMethod or UpdatePayMethod instead. ${start} Use DeletePayMethod instead.`,
      );
      const odd = await done('UpdateClient', { clientid, customfields: '!!!' });
      assert.match(String(odd.warnings), /could not be read/);
    });

    test('a phone number as it was read can be sent back, with the country or without', async () => {
      for (const phonenumber of ['0201234567', '+44 20 7946 0000']) {
        await done('UpdateClient', { clientid, phonenumber });
        const stored = (await clientOf(world.ctx, Number(clientid))).phoneNumber;
        const read = await done('GetClientsDetails', { clientid });
        await done('UpdateClient', { clientid, phonenumber: String(read.phonenumber), country: String(read.country) });
        assert.equal((await clientOf(world.ctx, Number(clientid))).phoneNumber, stored);
      }
    });

    test('the change is in the audit log, in the name of the credential’s administrator', async () => {
      await done('UpdateClient', { clientid, city: 'Otherton' });
      const [line] = await auditLines(world.ctx, { clientId: Number(clientid) }, { limit: 1 });
      assert.deepEqual([line?.event, line?.actorName, line?.ip], ['client.updated', 'root', '127.0.0.1']);
    });
  });

  describe('CloseClient', () => {
    test('closes, answers clientid as a number, and a second time changes nothing', async () => {
      await done('AddCredit', { clientid, description: 'Goodwill', amount: '5' });
      assert.deepEqual(await done('CloseClient', { clientid }), { result: 'success', clientid: Number(clientid) });
      assert.equal((await clientOf(world.ctx, Number(clientid))).creditMinor, 500);
      const closed = await clientOf(world.ctx, Number(clientid));
      assert.equal(closed.status, 'Closed');
      world.clock.turn(1000);
      await done('CloseClient', { clientid });
      assert.deepEqual(await clientOf(world.ctx, Number(clientid)), closed);
    });

    test('a client that is not there, or not named', async () => {
      for (const values of [{}, { clientid: '' }, { clientid: '0' }, { clientid: '4711' }, { clientid: 'x' }])
        assert.equal(await refusal('CloseClient', values), 'Client ID Not Found');
    });
  });

  describe('DeleteClient', () => {
    test('removes the client and leaves its people, unless told otherwise', async () => {
      const details = await done('GetClientsDetails', { clientid });
      assert.deepEqual(await done('DeleteClient', { clientid, deletetransactions: '1' }), {
        result: 'success',
        clientid,
      });
      assert.equal(await findClient(world.ctx, Number(clientid)), undefined);
      assert.ok(await findUser(world.ctx, Number(details.owner_user_id)));
      assert.equal(await refusal('GetClientsDetails', { clientid }), 'Client Not Found');
    });

    test('deleteusers takes those who are left without any client, and nobody else', async () => {
      const { owner_user_id } = await done('GetClientsDetails', { clientid });
      const second = await done('AddClient', newClient({ owner_user_id: String(owner_user_id) }));
      await done('DeleteClient', { clientid, deleteusers: 'true' });
      assert.ok(await findUser(world.ctx, Number(owner_user_id)));
      await done('DeleteClient', { clientid: String(second.clientid), deleteusers: 'true' });
      assert.equal(await findUser(world.ctx, Number(owner_user_id)), undefined);
    });

    test('a client that is not there, or not named', async () => {
      for (const values of [{}, { clientid: '0' }, { clientid: '4711' }, { clientid: 'x' }])
        assert.equal(await refusal('DeleteClient', values), 'Client ID Not Found');
    });
  });
});
