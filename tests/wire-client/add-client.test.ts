// AddClient as programs call it: the documented refusals in their order, what is kept, what is dropped, and the letter.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { accountsOf } from '#domain/access/accounts.ts';
import { peopleOf } from '#domain/access/members.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { findUserByEmail, userOf } from '#domain/users/users.ts';
import { type Credential, credentialOf, set } from '#tests/wire/wire.ts';
import { calls, newClient, without } from '#tests/wire-client/client-values.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

onBothDatabases('AddClient', (database) => {
  let world: World;
  let key: Credential;
  let address = '';
  let number = 0;
  const { ask, done, refusal } = calls(
    () => world,
    () => key,
  );

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());
  beforeEach(() => {
    number += 1;
    address = `person${number}@example.test`;
  });

  const fresh = (over = {}) => newClient({ email: address, ...over });
  const signIn = (password: string) =>
    offerPassword(world.ctx, {
      side: 'user',
      name: address,
      password,
      source: { kind: 'visitor', ip: '192.0.2.1' },
      ip: '192.0.2.1',
      isPersonThere: true,
    });
  const letters = async () => (await letterHistory(world.ctx, {}, { limit: 200 })).filter((one) => one.to === address);
  const rows = async () => {
    const counted = await sql<{
      n: number;
    }>`select (select count(*) from users) + (select count(*) from clients) as n`.execute(world.ctx.db);
    return Number(counted.rows[0]?.n);
  };

  test('answers clientid as a text and owner_id, and makes the client and its owner', async () => {
    const body = await done('AddClient', fresh({ companyname: 'Sample Ltd', tax_id: 'NL1', notes: 'one\ntwo' }));
    assert.deepEqual(Object.keys(body), ['result', 'clientid', 'owner_id']);
    assert.equal(typeof body.clientid, 'string');
    const owner = await findUserByEmail(world.ctx, address);
    assert.equal(body.owner_id, owner?.id);
    const client = await clientOf(world.ctx, Number(body.clientid));
    assert.equal(client.phoneNumber, '+31.201234567');
    assert.equal(client.companyName, 'Sample Ltd');
    assert.equal(client.notes, 'one\ntwo');
    assert.equal(client.status, 'Active');
    assert.equal(client.marketingOptIn, false);
    assert.deepEqual([owner?.firstName, owner?.lastName], ['Robin', 'Sample']);
    const people = await peopleOf(world.ctx, client.id);
    assert.deepEqual(
      people.map(({ user, member }) => [user.id, member.isOwner]),
      [[owner?.id, true]],
    );
    assert.equal((await signIn('seven brave teapots')).at, 'proved');
  });

  describe('the documented refusals', () => {
    const ordered: readonly (readonly [string, Record<string, string>, string])[] = [
      ['owner_user_id', { owner_user_id: '4711' }, 'Invalid Owner User ID'],
      ['firstname', { firstname: '' }, 'You did not enter your first name'],
      ['lastname', { lastname: ' ' }, 'You did not enter your last name'],
      ['email', { email: '' }, 'You did not enter your email address'],
      ['email', { email: 'not an address' }, 'The email address you entered was not valid'],
      ['address1', { address1: '' }, 'You did not enter your  address line 1'],
      ['city', { city: '' }, 'You did not enter your city'],
      ['state', { state: '' }, 'You did not enter your state'],
      ['postcode', { postcode: '' }, 'You did not enter your postcode'],
      ['country', { country: '' }, 'Valid country required'],
      ['country', { country: 'XX' }, 'Valid country required'],
      ['phonenumber', { phonenumber: '' }, 'You did not enter your phone number'],
      ['phonenumber', { phonenumber: '12' }, 'Invalid telephone phone number'],
      ['password2', { password2: '' }, 'You did not enter a password'],
      ['email', { email: 'ADA@example.test' }, 'A user already exists with that email address'],
    ];

    for (const [name, wrong, text] of ordered)
      test(`${JSON.stringify(wrong)}: ${text}`, async () => {
        const before = await rows();
        assert.equal(await refusal('AddClient', fresh(wrong)), text);
        if (Object.values(wrong)[0] === '') assert.equal(await refusal('AddClient', without(fresh(), name)), text);
        assert.equal(await rows(), before);
      });

    test('of several faults the first in the documented order is said', async () => {
      for (let from = 0; from < ordered.length; from += 1) {
        const later = ordered.slice(from).toReversed(); // so that the first one is not overwritten by its own name
        const wrong = Object.assign({}, ...later.map(([, values]) => values));
        assert.equal(await refusal('AddClient', fresh(wrong)), ordered[from]?.[2], JSON.stringify(wrong));
      }
    });

    test('nothing at all asks for the first name', async () => {
      assert.equal(await refusal('AddClient'), 'You did not enter your first name');
    });

    test('an owner that is no number, and one that is there', async () => {
      for (const owner_user_id of ['abc', '-1', '99999999999999999999', '1.5'])
        assert.equal(await refusal('AddClient', fresh({ owner_user_id })), 'Invalid Owner User ID');
    });

    test('a currency and a group that there are not', async () => {
      assert.equal(await refusal('AddClient', fresh({ currency: '99' })), 'There is no such currency.');
      assert.equal(await refusal('AddClient', fresh({ groupid: '99' })), 'There is no such group.');
      assert.equal(await refusal('AddClient', fresh({ currency: 'EUR' })), 'Invalid currency');
      await done('AddClient', fresh({ currency: '0', groupid: '0' }));
    });

    test('a list where one value is due', async () => {
      assert.equal(
        await refusal('AddClient', fresh({ 'firstname[0]': 'Robin' })),
        'The parameter "firstname" must be a single value',
      );
    });
  });

  test('two at once with one address: one client, one refusal, nothing half made', async () => {
    const before = await rows();
    const answers = await Promise.all([
      ask('AddClient', fresh()),
      ask('AddClient', fresh()),
      ask('AddClient', fresh()),
    ]);
    const refusals = answers.filter((one) => one.result === 'error').map((one) => one.message);
    assert.deepEqual(refusals, Array(2).fill('A user already exists with that email address'));
    assert.equal(await rows(), before + 2);
  });

  describe('an owner who is here already', () => {
    test('gets a second account, without password2 and without a letter', async () => {
      const { ada } = world.cast;
      const values = without(fresh({ owner_user_id: String(ada.id) }), 'password2');
      const { clientid, owner_id } = await done('AddClient', values);
      assert.equal(owner_id, ada.id);
      assert.ok((await accountsOf(world.ctx, ada.id)).some(({ client }) => client.id === Number(clientid)));
      assert.deepEqual(await letters(), []);
      assert.equal(await findUserByEmail(world.ctx, address), undefined);
    });

    test('keeps the password: password2 is not theirs to be set here', async () => {
      const { eve } = world.cast;
      await done('AddClient', fresh({ owner_user_id: String(eve.id), password2: 'stolen account password' }));
      address = eve.email;
      assert.equal((await signIn('stolen account password')).at, 'refused');
    });

    test('may have the address of the client too', async () => {
      await done('AddClient', newClient({ owner_user_id: String(world.cast.ada.id), email: world.cast.ada.email }));
    });
  });

  describe('skipvalidation', () => {
    test('makes a new owner of an address and a password alone', async () => {
      const { clientid } = await done('AddClient', {
        email: address,
        password2: 'seven brave teapots',
        skipvalidation: 'true',
      });
      const client = await clientOf(world.ctx, Number(clientid));
      assert.deepEqual([client.firstName, client.country, client.phoneNumber], ['', '', '']);
    });

    test('never without the address or the password of a new owner', async () => {
      const bare = { email: address, password2: 'seven brave teapots', skipvalidation: '1' };
      assert.equal(await refusal('AddClient', without(bare, 'email')), 'You did not enter your email address');
      assert.equal(await refusal('AddClient', without(bare, 'password2')), 'You did not enter a password');
      assert.equal(await refusal('AddClient', { ...bare, email: 'x' }), 'The email address you entered was not valid');
    });

    test('for an owner who is here nothing else is needed: the client has their address', async () => {
      const { ben } = world.cast;
      const { clientid } = await done('AddClient', { owner_user_id: String(ben.id), skipvalidation: 'on' });
      assert.equal((await clientOf(world.ctx, Number(clientid))).email, ben.email);
    });
  });

  describe('the password', () => {
    test('that misses the rule is refused with what would meet it', async () => {
      assert.match(String(await refusal('AddClient', fresh({ password2: 'short' }))), /^Use at least 12 characters/);
    });

    test('that misses the rule is let through by the setting, and must be changed at the next sign-in', async () => {
      await set(world, { 'api-accepts-weak-passwords': 'on' });
      const { owner_id } = await done('AddClient', fresh({ password2: 'short' }));
      await set(world, { 'api-accepts-weak-passwords': '' });
      assert.equal((await userOf(world.ctx, Number(owner_id))).mustChangePassword, true);
    });

    test('keeps its spaces', async () => {
      await done('AddClient', fresh({ password2: '  seven brave teapots ' }));
      assert.equal((await signIn('  seven brave teapots ')).at, 'proved');
    });
  });

  describe('the letter', () => {
    test('welcomes, holds neither the password nor a link that would replace it', async () => {
      await done('AddClient', fresh());
      const { subject, text } = await world.letterTo(address);
      assert.equal(subject, 'Your account at Doorward is ready');
      assert.match(text, /http:\/\/localhost:8080\/login\n/);
      assert.match(text, /http:\/\/localhost:8080\/password\/reset\n/);
      assert.doesNotMatch(text, /teapots|password\/set/);
      assert.equal((await letters()).length, 1);
      const links = await sql<{
        n: number;
      }>`select count(*) as n from password_links l join users u on u.id = l.user_id where u.email = ${address}`.execute(
        world.ctx.db,
      );
      assert.equal(Number(links.rows[0]?.n), 0);
    });

    for (const noemail of ['1', 'true', 'True', 'on'])
      test(`noemail=${noemail} keeps it back`, async () => {
        await done('AddClient', fresh({ noemail }));
        assert.deepEqual(await letters(), []);
      });

    test('noemail=false does not', async () => {
      await done('AddClient', fresh({ noemail: 'false' }));
      assert.equal((await letters()).length, 1);
    });
  });

  describe('what is kept of the choices', () => {
    test('language, clientip, marketingoptin', async () => {
      const values = fresh({ language: 'French', clientip: '192.0.2.77', marketingoptin: 'True' });
      const { clientid, owner_id } = await done('AddClient', values);
      const client = await clientOf(world.ctx, Number(clientid));
      assert.deepEqual([client.language, client.signupIp, client.marketingOptIn], ['french', '192.0.2.77', true]);
      assert.equal((await userOf(world.ctx, Number(owner_id))).language, 'french');
    });

    test('nonsense in them is left out, and the address of the program is not the customer’s', async () => {
      const { clientid } = await done('AddClient', fresh({ language: '<script>', clientip: 'nowhere' }));
      const client = await clientOf(world.ctx, Number(clientid));
      assert.deepEqual([client.language, client.signupIp], ['', '']);
    });

    test('a country in small letters', async () => {
      const { clientid } = await done('AddClient', fresh({ country: 'nl' }));
      assert.equal((await clientOf(world.ctx, Number(clientid))).country, 'NL');
    });

    test('nothing that is not documented: no status, no credit, no id, no switch', async () => {
      const { clientid } = await done(
        'AddClient',
        fresh({ status: 'Closed', credit: '99', id: '1', taxexempt: '1', uuid: 'x', 'actor[kind]': 'system' }),
      );
      const client = await clientOf(world.ctx, Number(clientid));
      assert.deepEqual([client.status, client.creditMinor, client.taxExempt], ['Active', 0, false]);
    });
  });

  describe('what is dropped', () => {
    const card = { cardtype: 'Visa', cardnum: '4111111111111111', expdate: '0130', cvv: '737' };

    test('cards: a warning, and not a digit in the database', async () => {
      const body = await done('AddClient', fresh(card));
      assert.equal(
        body.warnings,
        'Credit card related parameters are now deprecated and may be removed in a future version. Use AddPayMethod instead.',
      );
      for (const table of ['clients', 'users', 'audit_log', 'letters']) {
        const found = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(world.ctx.db);
        assert.ok(found.rows.length > 0);
        assert.doesNotMatch(JSON.stringify(found.rows), /4111111111111111/, table);
      }
    });

    test('empty card fields, which many programs send, are no reason for a warning', async () => {
      assert.ok(!('warnings' in (await done('AddClient', fresh({ cardtype: '', cardnum: '', customfields: '' })))));
    });

    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const fields: readonly (readonly [string, Record<string, string>, RegExp])[] = [
      ['serialized', { customfields: base64('a:1:{i:1;s:3:"abc";}') }, /no such custom fields here/],
      ['JSON', { customfields: base64('{"1":"abc"}') }, /no such custom fields here/],
      ['a list', { 'customfields[1]': 'abc' }, /no such custom fields here/],
      ['unreadable', { customfields: 'a:1:{' }, /could not be read/],
      ['an object of PHP', { customfields: base64('O:8:"stdClass":0:{}') }, /could not be read/],
    ];
    for (const [what, sent, warning] of fields)
      test(`custom fields, ${what}: the client is made, with a warning`, async () => {
        assert.match(String((await done('AddClient', fresh(sent))).warnings), warning);
      });

    test('an empty map of custom fields is no reason for one', async () => {
      assert.ok(!('warnings' in (await done('AddClient', fresh({ customfields: base64('a:0:{}') })))));
    });

    test('a security question that is not on the list', async () => {
      const { warnings } = await done('AddClient', fresh({ securityqid: '1', securityqans: 'Rex' }));
      assert.match(String(warnings), /no security question of this securityqid/);
      const nothing = await done('AddClient', fresh({ email: `none-${address}`, securityqid: '0', securityqans: '' }));
      assert.deepEqual(Object.keys(nothing), ['result', 'clientid', 'owner_id']);
    });
  });

  test('what people type is kept as text and leaves as text', async () => {
    const name = `<b>"O'Neil" & Co</b>; drop table clients --`;
    const { clientid } = await done('AddClient', fresh({ firstname: name, companyname: name }));
    const details = await done('GetClientsDetails', { clientid: String(clientid) });
    assert.deepEqual([details.firstname, details.companyname], [name, name]);
  });
});
