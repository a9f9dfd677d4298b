// GetClients, GetClientsDetails and GetClientGroups as programs read them: names, types, defaults, paging, and how many
// statements they cost.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { addManyClients } from '#domain/clients/many-clients.ts';
import { type Credential, credentialOf, send } from '#tests/wire/wire.ts';
import { calls, newClient, type Values } from '#tests/wire-client/client-values.ts';
import { onBothDatabases, PASSWORD, profile, testWorld, type World } from '#tests/world.ts';

const operator = systemActor('Test');

type Line = Readonly<Record<string, unknown>>;

onBothDatabases('reading clients', (database) => {
  let world: World;
  let key: Credential;
  const { done, refusal } = calls(
    () => world,
    () => key,
  );

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());

  /** How many statements a call costs, once the settings and the credential are in memory. */
  const cost = async (action: string, values: Values = {}) => {
    await done(action, values);
    const before = world.ctx.statementCount();
    await done(action, values);
    return world.ctx.statementCount() - before;
  };

  describe('GetClientsDetails', () => {
    test('every documented key with its documented type, at the top and under client', async () => {
      const { ada, ben } = world.cast;
      const body = await done('GetClientsDetails', { clientid: String(ada.clientId) });
      const { client, result, ...top } = body;
      assert.equal(result, 'success');
      assert.deepEqual(top, client);
      const { uuid, ...rest } = top;
      assert.match(String(uuid), /^[0-9a-f-]{36}$/);
      assert.deepEqual(rest, {
        client_id: ada.clientId,
        owner_user_id: ada.id,
        userid: ada.clientId,
        id: ada.clientId,
        firstname: 'Ada',
        lastname: 'Lovelace',
        fullname: 'Ada Lovelace',
        companyname: 'Analytical Engines Ltd',
        email: 'ada@example.test',
        address1: '12 Placeholder Road',
        address2: '',
        city: 'Sampletown',
        fullstate: 'Sampleshire',
        state: 'Sampleshire',
        postcode: 'AB12 3CD',
        countrycode: 'GB',
        country: 'GB',
        phonenumber: '2079460000',
        tax_id: '',
        email_preferences: { general: '1', invoice: '1', support: '1', product: '1', domain: '1', affiliate: '1' },
        statecode: 'Sampleshire',
        countryname: 'United Kingdom',
        phonecc: '44',
        phonenumberformatted: '+44.2079460000',
        telephoneNumber: '+44.2079460000',
        billingcid: 0,
        notes: '',
        currency: 1,
        defaultgateway: '',
        groupid: 0,
        status: 'Active',
        credit: '0.00',
        taxexempt: false,
        latefeeoveride: false,
        overideduenotices: false,
        separateinvoices: false,
        disableautocc: false,
        emailoptout: true,
        marketing_emails_opt_in: false,
        overrideautoclose: false,
        allowSingleSignOn: 1,
        email_verified: false,
        language: '',
        isOptedInToMarketingEmails: false,
        lastlogin: 'No Login Logged',
        currency_code: 'USD',
        customfields: [],
        users: {
          user: [
            { id: ada.id, name: 'Ada Lovelace', email: 'ada@example.test', is_owner: true },
            { id: ben.id, name: 'Ben Guest', email: 'ben@example.test', is_owner: false },
          ],
        },
      });
    });

    test('the documented order of the first keys, which printed logs are read by', async () => {
      const body = await done('GetClientsDetails', { clientid: String(world.cast.ada.clientId) });
      assert.deepEqual(Object.keys(body).slice(0, 5), ['result', 'client_id', 'owner_user_id', 'userid', 'id']);
    });

    test('the switches that are set', async () => {
      const { clientId } = world.cast.eve;
      await changeClient(world.ctx, operator, clientId, {
        taxExempt: true,
        lateFeeOverride: true,
        allowSso: false,
        marketingOptIn: true,
        emailPreferences: {
          general: false,
          invoice: true,
          support: true,
          product: true,
          domain: true,
          affiliate: false,
        },
      });
      const body = await done('GetClientsDetails', { clientid: String(clientId) });
      assert.deepEqual(
        [body.taxexempt, body.latefeeoveride, body.overideduenotices, body.allowSingleSignOn, body.emailoptout],
        [true, true, false, 0, false],
      );
      assert.equal(body.marketing_emails_opt_in, true);
      assert.deepEqual(body.email_preferences, {
        general: '0',
        invoice: '1',
        support: '1',
        product: '1',
        domain: '1',
        affiliate: '0',
      });
    });

    test('stats only when asked for, every key of it, money with the signs of the currency', async () => {
      const { clientId } = world.cast.cleo;
      await sql`update clients set credit_minor = 1234567 where id = ${clientId}`.execute(world.ctx.db);
      const clientid = String(clientId);
      for (const stats of ['', '0', 'false'])
        assert.ok(!('stats' in (await done('GetClientsDetails', { clientid, stats }))));
      const body = await done('GetClientsDetails', { clientid, stats: 'true' });
      assert.equal(body.credit, '12345.67');
      const stats = body.stats as Line; // an object, as the next lines say
      assert.deepEqual(Object.keys(stats), STATISTICS);
      assert.deepEqual([stats.incredit, stats.creditbalance], [true, '$12345.67 USD']);
      assert.deepEqual([stats.numdueinvoices, stats.dueinvoicesbalance, stats.isAffiliate], [0, '$0.00 USD', false]);
      const none = (await done('GetClientsDetails', { clientid: String(world.cast.ada.clientId), stats: '1' })).stats;
      assert.equal((none as Line).incredit, false);
    });

    test('the last login of the owner, and whether their address is verified', async () => {
      const { ada } = world.cast;
      await world.browser({ ip: '192.0.2.10' }).signIn('ada@example.test', PASSWORD);
      await sql`update users set email_verified_at = 1 where id = ${ada.id}`.execute(world.ctx.db);
      const body = await done('GetClientsDetails', { clientid: String(ada.clientId) });
      assert.equal(body.lastlogin, 'Date: 01/06/2026 12:00<br>IP Address: 192.0.2.10<br>Host: 192.0.2.10');
      assert.equal(body.email_verified, true);
    });

    test('by email: the oldest client of that address, in any case; clientid goes first', async () => {
      const { ada, eve } = world.cast;
      await world.ctx.transaction((tx) => addClient(tx, operator, profile({ email: ada.email })));
      assert.equal((await done('GetClientsDetails', { email: 'ADA@example.test' })).id, ada.clientId);
      const both = await done('GetClientsDetails', { clientid: String(eve.clientId), email: ada.email });
      assert.equal(both.id, eve.clientId);
    });

    test('a client without any people', async () => {
      const id = await world.ctx.transaction((tx) => addClient(tx, operator, profile({ email: 'lone@example.test' })));
      const body = await done('GetClientsDetails', { clientid: String(id) });
      assert.deepEqual([body.owner_user_id, body.users, body.email_verified], [0, { user: [] }, false]);
    });

    test('the documented refusals', async () => {
      for (const values of [{}, { clientid: '' }, { clientid: '', email: '' }, { stats: 'true' }])
        assert.equal(await refusal('GetClientsDetails', values), 'Either clientid Or email Is Required');
      for (const values of [{ clientid: '4711' }, { clientid: '0' }, { clientid: 'x' }, { email: 'no@example.test' }])
        assert.equal(await refusal('GetClientsDetails', values), 'Client Not Found');
    });

    test('as XML and NVP: the lists in their wrappers, the markup of lastlogin escaped', async () => {
      const { identifier, secret } = key;
      const sent = { identifier, secret, action: 'GetClientsDetails', clientid: String(world.cast.ada.clientId) };
      const asXml = (await send(world, { fields: { ...sent, responsetype: 'xml' } })).body;
      assert.match(asXml, /<users><user><id>\d+<\/id><name>Ada Lovelace<\/name>/);
      assert.match(asXml, /&lt;br&gt;IP Address/);
      const asNvp = (await send(world, { fields: sent })).body;
      assert.match(asNvp, /;client\[users\]\[user\]\[0\]\[name\]=Ada Lovelace;/);
    });

    test('costs four statements beside those of the credential, with stats too', async () => {
      const known = await cost('GetPermissionsList');
      const details = { clientid: String(world.cast.ada.clientId), stats: '1' };
      assert.ok((await cost('GetClientsDetails', details)) - known <= 4);
    });
  });

  describe('GetClients', () => {
    const lines = (body: Line): Line[] => (body.clients as { client: Line[] }).client; // see the first test
    const ids = (body: Line): unknown[] => lines(body).map((one) => one.id);

    test('numbers, the wrapper, and the documented keys of a line', async () => {
      const body = await done('GetClients', { limitnum: '1' });
      assert.deepEqual(Object.keys(body), ['result', 'totalresults', 'startnumber', 'numreturned', 'clients']);
      assert.deepEqual([body.startnumber, body.numreturned, typeof body.totalresults], [0, 1, 'number']);
      assert.deepEqual(lines(body), [
        {
          id: world.cast.ada.clientId,
          firstname: 'Ada',
          lastname: 'Lovelace',
          companyname: 'Analytical Engines Ltd',
          email: 'ada@example.test',
          datecreated: '2026-06-01',
          groupid: 0,
          status: 'Active',
        },
      ]);
    });

    test('nobody found: an empty list in its wrapper', async () => {
      const body = await done('GetClients', { search: 'nobody like this' });
      assert.deepEqual(body, {
        result: 'success',
        totalresults: 0,
        startnumber: 0,
        numreturned: 0,
        clients: { client: [] },
      });
    });

    test('searches the start of e-mail, first, last, full and company name, in any case, and nothing else', async () => {
      const found = async (search: string) => ids(await done('GetClients', { search }));
      const { ada, eve } = world.cast;
      for (const search of ['eve@ex', 'EVE', 'adams', 'Eve Adams', 'Other Comp', '  eve  '])
        assert.ok((await found(search)).includes(eve.clientId), search);
      assert.ok((await found('ada')).includes(ada.clientId) && (await found('ada')).includes(eve.clientId));
      for (const search of ['velace', 'Company', 'example.test', 'Placeholder', '%', '_da', "' or 1=1", 'Adams Eve'])
        assert.ok(!(await found(search)).includes(eve.clientId), search);
    });

    describe('with 6,000 more', () => {
      const MORE = 6000;

      before(async () => {
        const accounts = Array.from({ length: MORE }, (_, i) => ({
          uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
          profile: profile({
            firstName: i % 40 === 0 ? 'Zora' : 'Xaver',
            lastName: `Family ${(i * 31) % 997}`,
            companyName: i % 3 === 0 ? `Works ${(i * 17) % 700}` : '',
            email: `person${i}@example.test`,
          }),
          status: i % 10 === 0 ? ('Closed' as const) : ('Inactive' as const),
          marketingOptIn: false,
          createdAt: world.ctx.now() - i * 86_400_000,
          closedAt: undefined,
        }));
        await world.ctx.transaction((tx) => addManyClients(tx, accounts));
      });

      const total = async () => Number((await done('GetClients', { limitnum: '1' })).totalresults);

      test('25 from 0 in the order of ids, unless told otherwise', async () => {
        const body = await done('GetClients');
        assert.equal(body.numreturned, 25);
        assert.deepEqual(
          ids(body),
          ids(body).toSorted((a, b) => Number(a) - Number(b)),
        );
        for (const odd of [
          { limitstart: '', limitnum: '' },
          { limitstart: '-5', limitnum: '-1' },
          { limitstart: 'abc', limitnum: 'abc' },
          { limitnum: '0' },
          { orderby: 'password', sorting: 'sideways' },
          { orderby: 'id; drop table clients', sorting: '' },
        ])
          assert.deepEqual(await done('GetClients', odd), body, JSON.stringify(odd));
      });

      test('limitnum up to 10000 is kept to; more is 10000; a start beyond the end is an empty page', async () => {
        const all = await total();
        const body = await done('GetClients', { limitnum: '10000' });
        assert.deepEqual([body.numreturned, body.totalresults], [all, all]);
        assert.equal((await done('GetClients', { limitnum: '99999999' })).numreturned, all);
        for (const limitstart of [String(all), '1000000000', '99999999999999999999999']) {
          const beyond = await done('GetClients', { limitstart });
          assert.deepEqual([beyond.numreturned, beyond.totalresults], [0, all], limitstart);
          const searched = await done('GetClients', { limitstart, search: 'xaver' });
          assert.equal(searched.numreturned, 0, limitstart);
        }
      });

      for (const orderby of ['id', 'firstname', 'lastname', 'companyname', 'email', 'groupid', 'datecreated', 'status'])
        test(`orderby ${orderby} either way, leafed through without a gap or a repetition`, async () => {
          const all = await total();
          for (const sorting of ['ASC', 'desc']) {
            const seen: Line[] = [];
            for (let start = 0; start < all; start += 1000)
              seen.push(
                ...lines(await done('GetClients', { orderby, sorting, limitstart: String(start), limitnum: '1000' })),
              );
            assert.equal(new Set(seen.map((one) => one.id)).size, all);
            const values = seen
              .map((one) => one[orderby])
              .map((one) => (typeof one === 'string' ? one.toLowerCase() : one));
            const sorted = values.toSorted(
              (a, b) => Number(a) - Number(b) || (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0),
            );
            assert.deepEqual(values, sorting === 'ASC' ? sorted : sorted.reverse());
          }
        });

      test('status in any case; one that there is not finds nobody', async () => {
        assert.equal((await done('GetClients', { status: 'closed' })).totalresults, MORE / 10);
        assert.equal((await done('GetClients', { status: 'Inactive' })).totalresults, MORE - MORE / 10);
        const none = await done('GetClients', { status: 'Deleted' });
        assert.deepEqual([none.totalresults, none.numreturned], [0, 0]);
        const both = await done('GetClients', { status: 'Closed', search: 'zora', orderby: 'lastname' });
        assert.equal(both.totalresults, MORE / 40);
      });

      test('totalresults of a search is exact up to 10,000, and whoever asks on until it is reached sees everyone', async () => {
        assert.equal((await done('GetClients', { search: 'zora' })).totalresults, MORE / 40);
        assert.equal((await done('GetClients', { search: 'xaver' })).totalresults, MORE - MORE / 40);
        const seen = new Set<unknown>();
        for (let start = 0, there = 1; start < there; start += 900) {
          const body = await done('GetClients', { search: 'xaver', limitstart: String(start), limitnum: '900' });
          for (const id of ids(body)) seen.add(id);
          there = Number(body.totalresults);
        }
        assert.equal(seen.size, MORE - MORE / 40);
      });

      test('costs three statements beside those of the credential, five at most with a search', async () => {
        const known = await cost('GetPermissionsList');
        assert.ok((await cost('GetClients')) - known <= 3);
        assert.ok((await cost('GetClients', { orderby: 'lastname', status: 'Closed', limitnum: '100' })) - known <= 3);
        assert.ok((await cost('GetClients', { limitstart: '5000', limitnum: '500' })) - known <= 3);
        for (const search of ['xaver', 'zora', 'person77@', 'nobody'])
          assert.ok((await cost('GetClients', { search, orderby: 'email' })) - known <= 5, search);
      });
    });
  });

  describe('GetClientGroups', () => {
    test('none: an empty list in its wrapper; one: its switches as on and nothing', async () => {
      assert.deepEqual(await done('GetClientGroups'), { result: 'success', totalresults: 0, groups: { group: [] } });
      await sql`insert into client_groups (name, colour, discount_percent, suspend_exempt)
        values ('Sample Group', '#336699', '24.50', 1)`.execute(world.ctx.db);
      const body = await done('GetClientGroups');
      assert.equal(body.totalresults, 1);
      const [group] = (body.groups as { group: Line[] }).group; // as the line above has it, empty
      assert.equal(typeof group?.id, 'number');
      assert.deepEqual(
        { ...group, id: 1 },
        {
          id: 1,
          groupname: 'Sample Group',
          groupcolour: '#336699',
          discountpercent: '24.50',
          susptermexempt: 'on',
          separateinvoices: '',
        },
      );
      await done('AddClient', newClient({ groupid: String(group?.id), email: 'grouped@example.test' }));
    });
  });
});

const STATISTICS =
  'numdueinvoices dueinvoicesbalance incredit creditbalance grossRevenue expenses income numoverdueinvoices overdueinvoicesbalance numDraftInvoices draftInvoicesBalance numunpaidinvoices unpaidinvoicesamount numpaidinvoices paidinvoicesamount numcancelledinvoices cancelledinvoicesamount numrefundedinvoices refundedinvoicesamount numcollectionsinvoices collectionsinvoicesamount numpaymentpendinginvoices paymentpendinginvoicesamount productsnumactivehosting productsnumhosting productsnumactivereseller productsnumreseller productsnumactiveservers productsnumservers productsnumactiveother productsnumother productsnumactive productsnumtotal numactivedomains numdomains numacceptedquotes numquotes numtickets numactivetickets numaffiliatesignups isAffiliate'.split(
    ' ',
  );
