// Clients in the admin area, from the list to the end of one, as staff do it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findMember, peopleOf } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf, findClient, findClientByEmail } from '#domain/clients/clients.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { findUser, findUserByEmail } from '#domain/users/users.ts';
import { fieldValue, leadsTo, signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import type { Fields, TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const NEW = '/admin/clients/new';
const actor = systemActor('Test');

/** The form for a new client, filled in. */
function typed(over: Fields = {}): Fields {
  return {
    ...profile({ firstName: 'Grace', lastName: 'Hopper', companyName: 'Compilers Inc', email: 'grace@example.test' }),
    groupId: '0',
    currency: '1',
    language: '',
    notes: '',
    owner: 'new',
    welcome: '1',
    password: '',
    ownerEmail: '',
    ...over,
  };
}

/** The profile form of a client as a browser would send it back, with some of it changed. */
async function profileForm(browser: TestBrowser, clientId: number, over: Fields = {}): Promise<Fields> {
  const page = await browser.get(`/admin/clients/${clientId}/profile`);
  const names = ['firstName', 'lastName', 'companyName', 'email', 'address1', 'address2', 'city', 'state', 'postcode'];
  const more = [
    'country',
    'phoneNumber',
    'taxId',
    'status',
    'groupId',
    'currency',
    'language',
    'defaultGateway',
    'notes',
  ];
  const fields: Record<string, string | readonly string[]> = {};
  for (const name of [...names, ...more]) fields[name] = fieldValue(page, name) ?? '';
  for (const tag of page.body.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)) {
    if (!/ checked/.test(tag[0])) continue;
    const name = / name="([^"]*)"/.exec(tag[0])?.[1] ?? '';
    const value = / value="([^"]*)"/.exec(tag[0])?.[1] ?? '';
    fields[name] = [...[fields[name] ?? []].flat(), value];
  }
  return { ...fields, ...over };
}

onBothDatabases('adding a client', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('a new owner is told by letter, and signs in with the password they choose', async () => {
    const answer = await root.post(NEW, typed());
    const client = await findClientByEmail(world.ctx, 'grace@example.test');
    assert.equal(leadsTo(answer), `/admin/clients/${client?.id}`);
    assert.match(wordsOf(await root.get(leadsTo(answer))), /welcome letter goes to grace@example\.test/);
    const { link } = await world.letterTo('grace@example.test');
    const grace = world.browser();
    await grace.post(new URL(link).pathname, { password: 'a ship in harbour is safe' });
    await grace.signIn('grace@example.test', 'a ship in harbour is safe');
    assert.equal((await grace.get(`/account/${client?.id}`)).statusCode, 200);
  });

  test('the address of whoever types is not kept as the one of the sign-up', async () => {
    const client = await findClientByEmail(world.ctx, 'grace@example.test');
    assert.equal(client?.signupIp, '');
  });

  test('an owner with a password that staff set signs in with it, and no letter goes', async () => {
    const password = 'seven grey herons standing';
    const { welcome: _, ...rest } = typed({ email: 'kate@example.test', password });
    assert.match(leadsTo(await root.post(NEW, rest)), /^\/admin\/clients\/\d+$/);
    await assert.rejects(world.letterTo('kate@example.test'));
    const kate = world.browser();
    await kate.signIn('kate@example.test', password);
    assert.equal((await kate.get('/account')).statusCode < 400, true);
    assert.ok([...kate.cookies.keys()].some((name) => name.endsWith('-session')));
  });

  test('somebody who is a user already becomes the owner, whatever case the address is typed in', async () => {
    const answer = await root.post(
      NEW,
      typed({ email: 'billing@example.test', owner: 'existing', ownerEmail: ' BEN@example.test ' }),
    );
    const clientId = Number(leadsTo(answer).split('/').at(-1));
    assert.deepEqual(
      (await peopleOf(world.ctx, clientId)).map(({ user, member }) => [user.id, member.isOwner]),
      [[world.cast.ben.id, true]],
    );
    assert.equal(await findUserByEmail(world.ctx, 'billing@example.test'), undefined);
  });

  test('an owner who is no user is refused at the field, and a part of an address finds nobody', async () => {
    for (const ownerEmail of ['nobody@example.test', 'ben@', 'ben', '%', '']) {
      const answer = await root.post(NEW, typed({ email: 'x@example.test', owner: 'existing', ownerEmail }));
      assert.equal(answer.statusCode, 422, ownerEmail);
      assert.deepEqual(wrongFields(answer), ['ownerEmail']);
    }
    assert.equal(await findClientByEmail(world.ctx, 'x@example.test'), undefined);
  });

  test('what is missing is said at each field at once, and nothing typed is lost but the password', async () => {
    const given = typed({
      email: 'not an address',
      firstName: '',
      phoneNumber: '12',
      country: '',
      companyName: 'O’Neill "& Sons" <Ltd>',
      notes: 'first\nsecond',
      owner: 'existing',
      ownerEmail: 'nobody@example.test',
      password: 'never shown again',
      lenient: [],
    });
    const answer = await root.post(NEW, given);
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(wrongFields(answer), ['country', 'email', 'firstName', 'ownerEmail', 'phoneNumber']);
    for (const name of ['lastName', 'companyName', 'email', 'address1', 'city', 'phoneNumber', 'notes', 'ownerEmail'])
      assert.equal(fieldValue(answer, name), given[name], name);
    assert.equal(fieldValue(answer, 'owner'), 'existing');
    assert.equal(fieldValue(answer, 'password'), '');
    assert.ok(!answer.body.includes('never shown again'));
  });

  test('required fields may be left out when staff say so', async () => {
    const bare = { email: 'bare@example.test', owner: 'new', welcome: '1', groupId: '0', currency: '1', lenient: '1' };
    assert.equal((await root.post(NEW, { ...bare, lenient: [] })).statusCode, 422);
    assert.match(leadsTo(await root.post(NEW, bare)), /^\/admin\/clients\/\d+$/);
  });

  test('a new person gets a way in: a password, or the letter', async () => {
    const { welcome: _, ...rest } = typed({ email: 'locked-out@example.test' });
    const answer = await root.post(NEW, rest);
    assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, ['password']]);
    assert.equal(await findUserByEmail(world.ctx, 'locked-out@example.test'), undefined);
  });

  test('a weak password is refused at its field', async () => {
    const answer = await root.post(NEW, typed({ email: 'weak@example.test', password: 'password1' }));
    assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, ['password']]);
    assert.equal(await findClientByEmail(world.ctx, 'weak@example.test'), undefined);
  });

  test('an address that belongs to a user already is refused at its field', async () => {
    const answer = await root.post(NEW, typed({ email: 'Ada@example.test' }));
    assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, ['email']]);
  });

  test('a group, currency or language that is not there is refused', async () => {
    for (const [field, value] of [
      ['groupId', '99'],
      ['groupId', '-1'],
      ['currency', '99'],
      ['currency', ''],
      ['language', 'klingon'],
    ] as const) {
      const answer = await root.post(NEW, typed({ email: 'y@example.test', [field]: value }));
      assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, [field]], `${field}=${value}`);
    }
    assert.equal(await findClientByEmail(world.ctx, 'y@example.test'), undefined);
  });
});

onBothDatabases('the list of clients', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    for (let n = 1; n <= 57; n += 1) {
      const given = profile({
        firstName: 'Person',
        lastName: `Number${n}`,
        email: `p${n}@example.test`,
        companyName: `Firm ${n}`,
      });
      const { clientId } = await addClientWithOwner(world.ctx, actor, {
        profile: { ...given, status: n % 10 === 0 ? 'Inactive' : 'Active' },
        owner: { kind: 'existing', userId: world.cast.ben.id },
        welcome: false,
      });
      assert.ok(clientId > 0);
    }
  });
  after(() => world.close());

  const idsOn = (body: string) => [...body.matchAll(/href="\/admin\/clients\/(\d+)"/g)].map(([, id]) => Number(id));
  const linkOn = (body: string, rel: 'next' | 'prev') =>
    new RegExp(`rel="${rel}" href="([^"]*)"`).exec(body)?.[1]?.replaceAll('&amp;', '&');

  test('leafing forward shows every client once, and leafing back the same pages', async () => {
    const pages: number[][] = [];
    const seen: string[] = [];
    for (let at: string | undefined = '/admin/clients'; at !== undefined; ) {
      const { body } = await root.get(at);
      pages.push(idsOn(body));
      seen.push(at);
      at = linkOn(body, 'next');
    }
    assert.deepEqual(
      pages.map((page) => page.length),
      [25, 25, 10],
    );
    const all = pages.flat();
    assert.deepEqual(
      all,
      [...new Set(all)].sort((a, b) => b - a),
    );
    const back: number[][] = [];
    for (let at: string | undefined = seen.at(-1); at !== undefined; ) {
      const { body } = await root.get(at);
      back.push(idsOn(body));
      at = linkOn(body, 'prev');
    }
    assert.deepEqual(back.reverse(), pages);
  });

  test('a search finds parts of names, companies and addresses, and keeps them while leafing', async () => {
    assert.deepEqual(idsOn((await root.get('/admin/clients?q=ngines')).body), [world.cast.ada.clientId]);
    assert.deepEqual(idsOn((await root.get('/admin/clients?q=DAMS')).body), [world.cast.eve.clientId]);
    assert.deepEqual(idsOn((await root.get('/admin/clients?q=cleo@')).body), [world.cast.cleo.clientId]);
    const first = await root.get('/admin/clients?q=person');
    assert.match(wordsOf(first), /25 of 57 clients/);
    const next = linkOn(first.body, 'next') ?? '';
    assert.match(next, /q=person/);
    assert.equal(idsOn((await root.get(next)).body).length, 25);
  });

  test('a status narrows the list and the search, and the count follows', async () => {
    const inactive = await root.get('/admin/clients?status=Inactive');
    assert.equal(idsOn(inactive.body).length, 5);
    assert.match(wordsOf(inactive), /5 of 5 clients/);
    assert.equal(idsOn((await root.get('/admin/clients?status=Inactive&q=number10')).body).length, 1);
    assert.equal(idsOn((await root.get('/admin/clients?status=Closed')).body).length, 0);
  });

  test('a list without anything says why, and leads back', async () => {
    const answer = await root.get('/admin/clients?q=nobodyatall');
    assert.match(wordsOf(answer), /No client fits/);
    assert.match(answer.body, /href="\/admin\/clients"[^>]*>\s*See all clients/);
  });

  test('who may not open a profile sees names without links, and no button to add', async () => {
    const lister = await staffWith(world, ['List Clients']);
    const answer = await lister.get('/admin/clients');
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(idsOn(answer.body), []);
    assert.ok(!answer.body.includes(NEW));
    assert.match(wordsOf(answer), /Person Number57/);
  });
});

onBothDatabases('the profile of a client', (database) => {
  let world: World;
  let root: TestBrowser;
  let at: string;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    at = `/admin/clients/${world.cast.ada.clientId}`;
  });
  after(() => world.close());

  test('the summary says who it is, who owns it, its state, its credit and the last sign-in', async () => {
    assert.match(wordsOf(await root.get(at)), /Last sign-in: never/);
    await world.browser().signIn('ada@example.test');
    const words = wordsOf(await root.get(at));
    for (const part of ['Analytical Engines Ltd', 'Ada Lovelace', 'Active', '$0.00', 'ada@example.test', 'Sampletown'])
      assert.ok(words.includes(part), part);
    assert.doesNotMatch(words, /Last sign-in: never/);
  });

  test('a switch turns to what its button says, and pressing an old page twice does not turn it back', async () => {
    const turn = (name: string, to: string) => root.post(`${at}/switches`, { switch: name, to }, { from: at });
    const client = () => clientOf(world.ctx, world.cast.ada.clientId);
    for (const [name, field, whenOn] of [
      ['tax-exempt', 'taxExempt', true],
      ['auto-charge', 'disableAutoCc', false],
      ['overdue-notices', 'overrideDueNotices', false],
      ['late-fees', 'lateFeeOverride', false],
      ['single-sign-on', 'allowSso', true],
    ] as const) {
      for (const to of ['on', 'on', 'off', 'off', 'on']) {
        assert.equal(leadsTo(await turn(name, to)), at);
        assert.equal((await client())[field], (to === 'on') === whenOn, `${name} ${to}`);
      }
    }
  });

  test('a switch that is none changes nothing', async () => {
    const before = await clientOf(world.ctx, world.cast.ada.clientId);
    for (const fields of [
      { switch: 'status', to: 'on' },
      { switch: 'credit', to: 'on' },
      { switch: 'tax-exempt', to: '1' },
      {},
    ])
      assert.equal((await root.post(`${at}/switches`, fields, { from: at })).statusCode, 422);
    assert.deepEqual(await clientOf(world.ctx, world.cast.ada.clientId), before);
  });

  test('the form sent back as it was drawn changes nothing', async () => {
    const before = await clientOf(world.ctx, world.cast.ada.clientId);
    const answer = await root.post(`${at}/profile`, await profileForm(root, world.cast.ada.clientId));
    assert.match(wordsOf(await root.get(leadsTo(answer))), /Nothing was changed/);
    assert.deepEqual(await clientOf(world.ctx, world.cast.ada.clientId), before);
  });

  test('every field is saved', async () => {
    const fields = await profileForm(root, world.cast.ada.clientId, {
      firstName: 'Augusta',
      lastName: 'King',
      companyName: 'Engines & Sons',
      email: 'augusta@example.test',
      address1: '1 New Street',
      address2: 'Second floor',
      city: 'Bristol',
      state: 'Avon',
      postcode: 'BS1 1AA',
      country: 'NL',
      phoneNumber: '020 123 4567',
      taxId: 'NL123',
      status: 'Inactive',
      language: 'english',
      defaultGateway: 'banktransfer',
      notes: 'Calls on Mondays.\r\nNever on Fridays.',
      separateInvoices: '1',
      overrideAutoClose: '1',
      marketingOptIn: '1', // is the customer's choice: staff have a page for it, and say why
      'tax-exempt': [],
      'single-sign-on': [],
      emailPreferences: ['domain', 'invoice'],
    });
    assert.equal(leadsTo(await root.post(`${at}/profile`, fields)), `${at}/profile`);
    const client = await clientOf(world.ctx, world.cast.ada.clientId);
    assert.partialDeepStrictEqual(client, {
      firstName: 'Augusta',
      lastName: 'King',
      companyName: 'Engines & Sons',
      email: 'augusta@example.test',
      address1: '1 New Street',
      address2: 'Second floor',
      city: 'Bristol',
      state: 'Avon',
      postcode: 'BS1 1AA',
      country: 'NL',
      phoneNumber: '+31.201234567',
      taxId: 'NL123',
      status: 'Inactive',
      language: 'english',
      defaultGateway: 'banktransfer',
      notes: 'Calls on Mondays.\nNever on Fridays.',
      separateInvoices: true,
      overrideAutoClose: true,
      marketingOptIn: false,
      taxExempt: false,
      allowSso: false,
      emailPreferences: {
        general: false,
        invoice: true,
        support: false,
        product: false,
        domain: true,
        affiliate: false,
      },
    });
    assert.equal(
      (await findUser(world.ctx, world.cast.ada.id))?.email,
      'ada@example.test',
      'the owner keeps their own',
    );
  });

  test('what is locked against customers is not locked against staff, nor against programs', async () => {
    const { clientId } = world.cast.cleo;
    await changeSettings(world.ctx, actor, { 'locked-profile-fields': 'city,email' });
    const path = `/admin/clients/${clientId}/profile`;
    const typed = { city: 'Alexandria', email: 'queen@example.test' };
    assert.equal(leadsTo(await root.post(path, await profileForm(root, clientId, typed))), path);
    assert.partialDeepStrictEqual(await clientOf(world.ctx, clientId), typed);
    await world.api('UpdateClient', { clientid: clientId, city: 'Tarsus', email: 'cleo@example.test' });
    assert.partialDeepStrictEqual(await clientOf(world.ctx, clientId), { city: 'Tarsus', email: 'cleo@example.test' });
    await changeSettings(world.ctx, actor, { 'locked-profile-fields': '' });
  });

  test('what somebody else saved meanwhile is not written over without a second press', async () => {
    const { clientId } = world.cast.eve;
    const path = `/admin/clients/${clientId}/profile`;
    const seen = fieldValue(await root.get(path), 'seen') ?? '';
    const mine = { ...(await profileForm(root, clientId)), city: 'Mine', seen };
    world.clock.turn(60_000);
    await changeClient(world.ctx, actor, clientId, { city: 'Theirs' });
    const refused = await root.post(path, mine);
    assert.equal(refused.statusCode, 409);
    assert.equal(fieldValue(refused, 'city'), 'Mine');
    assert.equal((await clientOf(world.ctx, clientId)).city, 'Theirs');
    assert.equal(leadsTo(await root.post(path, { ...mine, seen: fieldValue(refused, 'seen') ?? '' })), path);
    assert.equal((await clientOf(world.ctx, clientId)).city, 'Mine');
  });

  test('what does not fit is said at its field, and what was typed stays', async () => {
    const fields = await profileForm(root, world.cast.ada.clientId, {
      city: '',
      country: 'ZZ',
      notes: 'kept',
      emailPreferences: ['general'],
    });
    const answer = await root.post(`${at}/profile`, fields);
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(wrongFields(answer), ['city', 'country']);
    assert.equal(fieldValue(answer, 'notes'), 'kept');
    const domain = await root.post(`${at}/profile`, {
      ...(await profileForm(root, world.cast.ada.clientId)),
      emailPreferences: [],
    });
    assert.deepEqual([domain.statusCode, wrongFields(domain)], [422, ['emailPreferences']]);
  });
});

onBothDatabases('the people of a client', (database) => {
  let world: World;
  let root: TestBrowser;
  let at: string;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    at = `/admin/clients/${world.cast.ada.clientId}/users`;
  });
  after(() => world.close());

  test('owner and members stand there with what they may do', async () => {
    const words = wordsOf(await root.get(at));
    assert.match(words, /Ada Lovelace.*ada@example\.test.*Owner Everything/);
    assert.match(words, /Ben Guest.*ben@example\.test.*See products and services, See and open support tickets/);
  });

  test('a user is given access by the whole address, with just the permissions ticked', async () => {
    const answer = await root.post(`${at}/new`, {
      send: 'no',
      email: 'eve@example.test',
      permissions: ['invoices', 'profile'],
    });
    assert.equal(leadsTo(answer), at);
    const member = await findMember(world.ctx, world.cast.eve.id, world.cast.ada.clientId);
    assert.deepEqual([member?.isOwner, member?.permissions], [false, ['profile', 'invoices']]);
  });

  test('somebody unknown, nothing ticked, an unknown permission, or access twice are refused, and ticks stay', async () => {
    const unknown = await root.post(`${at}/new`, { send: 'no', email: 'nobody@example.test', permissions: ['orders'] });
    assert.deepEqual([unknown.statusCode, wrongFields(unknown)], [422, ['email']]);
    assert.match(unknown.body, /value="orders" checked/);
    const none = await root.post(`${at}/new`, { send: 'no', email: 'cleo@example.test' });
    assert.deepEqual([none.statusCode, wrongFields(none)], [422, ['permissions']]);
    const odd = await root.post(`${at}/new`, {
      send: 'no',
      email: 'cleo@example.test',
      permissions: ['orders', 'owner'],
    });
    assert.deepEqual([odd.statusCode, wrongFields(odd)], [422, ['permissions']]);
    const twice = await root.post(`${at}/new`, { send: 'no', email: 'ben@example.test', permissions: ['orders'] });
    assert.deepEqual([twice.statusCode, wrongFields(twice)], [422, ['email']]);
    assert.equal(await findMember(world.ctx, world.cast.cleo.id, world.cast.ada.clientId), undefined);
    const ben = await findMember(world.ctx, world.cast.ben.id, world.cast.ada.clientId);
    assert.deepEqual(ben?.permissions, ['products', 'tickets']);
  });

  test('permissions are changed, and hold with the next click', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const details = `/account/${world.cast.ada.clientId}/details`;
    assert.equal((await ben.get(details)).statusCode, 403);
    assert.equal(leadsTo(await root.post(`${at}/${world.cast.ben.id}`, { permissions: ['profile'] })), at);
    assert.equal((await ben.get(details)).statusCode, 200);
  });

  test("an owner's permissions cannot be changed, nor the owner removed", async () => {
    const path = `${at}/${world.cast.ada.id}`;
    assert.ok(!(await root.get(path)).body.includes('name="permissions"'));
    assert.equal((await root.post(path, { permissions: ['orders'] })).statusCode, 403);
    assert.equal((await root.post(`${path}/removal`)).statusCode, 403);
    assert.equal((await findMember(world.ctx, world.cast.ada.id, world.cast.ada.clientId))?.isOwner, true);
  });

  test('who is removed is out with the next click, and stays a user', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const home = `/account/${world.cast.ada.clientId}`;
    assert.equal((await ben.get(home)).statusCode, 200);
    assert.match(
      wordsOf(await root.get(`${at}/${world.cast.ben.id}/removal`)),
      /can no longer enter Analytical Engines Ltd/,
    );
    assert.equal(leadsTo(await root.post(`${at}/${world.cast.ben.id}/removal`)), at);
    assert.equal((await ben.get(home)).statusCode, 403);
    assert.ok(await findUser(world.ctx, world.cast.ben.id));
  });

  test('the letters of a client are its own and those to its owner alone, not those about another account', async () => {
    await root.post(`/admin/users/${world.cast.ada.id}/password-letter`);
    await root.post(`/admin/users/${world.cast.eve.id}/password-letter`);
    const letters = `/admin/clients/${world.cast.ada.clientId}/letters`;
    const words = wordsOf(await root.get(letters));
    assert.match(words, /To ada@example\.test/);
    assert.doesNotMatch(words, /To eve@example\.test/);
  });

  test('the log of a client tells what was done there and by whom, page by page', async () => {
    const log = `/admin/clients/${world.cast.eve.clientId}/log`;
    for (let n = 0; n < 30; n += 1)
      await changeClient(world.ctx, actor, world.cast.eve.clientId, { city: `Town ${n}` });
    await root.post(
      `/admin/clients/${world.cast.eve.clientId}/switches`,
      { switch: 'tax-exempt', to: 'on' },
      { from: at },
    );
    const first = await root.get(log);
    assert.match(wordsOf(first), /was changed: taxExempt Who root From 127\.0\.0\.1/);
    const next = /rel="next" href="([^"]*)"/.exec(first.body)?.[1] ?? '';
    const second = await root.get(next);
    assert.match(wordsOf(second), /The client Other Company was created/);
    assert.doesNotMatch(wordsOf(second), /taxExempt/);
    const back = /rel="prev" href="([^"]*)"/.exec(second.body)?.[1] ?? '';
    assert.equal(wordsOf(await root.get(back)).includes('taxExempt'), true);
  });
});

onBothDatabases('the end of a client', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('closing says in numbers what it means, and then people can look but not act', async () => {
    const at = `/admin/clients/${world.cast.ada.clientId}`;
    await changeSettings(world.ctx, actor, { 'closed-readable-days': '30' });
    assert.match(
      wordsOf(await root.get(`${at}/close`)),
      /2 people can only look from then on, and after 30 days not even that/,
    );
    assert.equal(leadsTo(await root.post(`${at}/close`)), at);
    assert.equal((await findClient(world.ctx, world.cast.ada.clientId))?.status, 'Closed');
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const details = `/account/${world.cast.ada.clientId}/details`;
    assert.equal((await ada.get(details)).statusCode, 200);
    assert.equal((await ada.post(details, { city: 'Elsewhere' })).statusCode, 403);
    assert.match(wordsOf(await root.get(at)), /Until Jul 1, 2026 its people can look, but change nothing/);
    await changeSettings(world.ctx, actor, { 'closed-readable-days': '0' });
    assert.match(wordsOf(await root.get(at)), /Nobody can enter it any more/);
    assert.match(
      wordsOf(await root.get(`/admin/clients/${world.cast.eve.clientId}/close`)),
      /1 person can no longer enter it/,
    );
  });

  test('closing twice is refused in words', async () => {
    const path = `/admin/clients/${world.cast.ada.clientId}/close`;
    assert.match(wordsOf(await root.get(path)), /closed already/);
    const answer = await root.post(path, {}, { from: '/admin' });
    assert.equal(answer.statusCode, 409);
  });

  test('who may close may open again; who may only edit may do neither', async () => {
    const clientId = world.cast.ada.clientId;
    const at = `/admin/clients/${clientId}/profile`;
    const editor = await staffWith(world, ['Edit Clients Details']);
    const reopen = { ...(await profileForm(root, clientId)), status: 'Active' };
    const refused = await editor.post(at, reopen);
    assert.deepEqual([refused.statusCode, wrongFields(refused)], [422, ['status']]);
    assert.equal((await clientOf(world.ctx, clientId)).status, 'Closed');
    assert.equal(leadsTo(await root.post(at, reopen)), at);
    assert.equal((await clientOf(world.ctx, clientId)).status, 'Active');
    const close = { ...(await profileForm(root, clientId)), status: 'Closed' };
    for (const browser of [editor, root]) assert.equal((await browser.post(at, close)).statusCode, 422);
    assert.equal((await clientOf(world.ctx, clientId)).status, 'Active');
  });

  test('deleting asks for the name, says what is lost, and tells the people who would be left', async () => {
    const path = `/admin/clients/${world.cast.ada.clientId}/deletion`;
    const page = wordsOf(await root.get(path));
    assert.match(page, /2 people lose access/);
    assert.match(page, /Also delete the 2 people who are left without any client/);
    for (const confirm of ['', 'Ada', 'Analytical Engines', 'Other Company']) {
      const answer = await root.post(path, { confirm, withUsers: '1' });
      assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, ['confirm']], confirm);
    }
    assert.ok(await findClient(world.ctx, world.cast.ada.clientId));
  });

  test('the name typed deletes the client and, when ticked, those who are left without any', async () => {
    await root.post(`/admin/clients/${world.cast.eve.clientId}/users/new`, {
      send: 'no',
      email: 'ben@example.test',
      permissions: ['orders'],
    });
    const path = `/admin/clients/${world.cast.ada.clientId}/deletion`;
    assert.match(wordsOf(await root.get(path)), /Also delete the person who is left/);
    const answer = await root.post(path, { confirm: ' analytical  engines ltd', withUsers: '1' });
    assert.equal(leadsTo(answer), '/admin/clients');
    assert.match(
      wordsOf(await root.get('/admin/clients')),
      /Analytical Engines Ltd was deleted, and with it 1 person\./,
    );
    assert.equal(await findClient(world.ctx, world.cast.ada.clientId), undefined);
    assert.equal(await findUser(world.ctx, world.cast.ada.id), undefined);
    assert.ok(await findUser(world.ctx, world.cast.ben.id), 'ben has another client');
  });

  test('without the tick the people stay', async () => {
    await root.post(`/admin/clients/${world.cast.cleo.clientId}/deletion`, { confirm: 'Cleo Patra' });
    assert.equal(await findClient(world.ctx, world.cast.cleo.clientId), undefined);
    assert.ok(await findUser(world.ctx, world.cast.cleo.id));
  });

  test('a client that is gone is not found on any of its pages', async () => {
    for (const tab of ['', '/profile', '/users', '/log', '/letters', '/close', '/deletion', '/users/new', '/users/1'])
      assert.equal((await root.get(`/admin/clients/${world.cast.cleo.clientId}${tab}`)).statusCode, 404, tab);
  });
});

onBothDatabases('the home of staff and the search', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('home counts clients, users and letters, and shows the newest and the latest', async () => {
    await root.post(`/admin/users/${world.cast.ada.id}/password-letter`);
    const words = wordsOf(await root.get('/admin'));
    for (const part of [
      '3 Active clients',
      '0 Inactive clients',
      '0 Closed clients',
      '4 Users',
      '1 Letter waiting',
      '0 Letters failed',
    ])
      assert.ok(words.includes(part), `${part} in ${words}`);
    assert.match(words, /Newest clients.*Eve Adams.*Cleo Patra.*Ada Lovelace/);
    assert.match(words, /Latest activity.*A link for setting a password was sent to ada@example\.test/);
  });

  test('what needs doing stands first, for those who can do it, and goes when it is done', async () => {
    const before = wordsOf(await root.get('/admin'));
    assert.match(
      before,
      /What needs doing.*Set the public address.*Name a mail server.*Say who may call the API.*Active clients/,
    );
    const sam = await signedIn(world, 'sam');
    assert.doesNotMatch(wordsOf(await sam.get('/admin')), /What needs doing/);
    await changeSettings(world.ctx, actor, { 'api-allowed-addresses': '203.0.113.7' });
    assert.doesNotMatch(wordsOf(await root.get('/admin')), /Say who may call the API/);
  });

  test('each part of home asks for its own permission', async () => {
    const parts = {
      'List Clients': /Active clients.*Newest clients/,
      'List Users': /4 Users/,
      'View Activity Log': /Latest activity/,
      'View Email Message Log': /Letters? waiting/,
      'Configure General Settings': /What needs doing/,
    } as const;
    const names = Object.keys(parts) as (keyof typeof parts)[];
    for (const held of names) {
      const words = wordsOf(await (await staffWith(world, ['Main Homepage', held])).get('/admin'));
      for (const name of names) assert.equal(parts[name].test(words), name === held, `${held} shows ${name}`);
    }
  });

  test('a role without a home page says so, and where one can go', async () => {
    const answer = await (await staffWith(world, ['List Users'])).get('/admin');
    assert.equal(answer.statusCode, 200);
    const words = wordsOf(answer);
    assert.match(words, /your role has no home page.*“?"?Main Homepage/);
    assert.match(answer.body, /<main[\s\S]*href="\/admin\/users"/);
    assert.doesNotMatch(answer.body.replace(/[\s\S]*<main/, ''), /href="\/admin\/clients"/);
  });

  test('a search finds clients, users and settings, each for those who may see them', async () => {
    const shown = async (browser: TestBrowser, query: string) => {
      const main = (await browser.get(`/admin/search?q=${encodeURIComponent(query)}`)).body.replace(/[\s\S]*<main/, '');
      return {
        client: main.includes(`/admin/clients/${world.cast.ada.clientId}"`),
        user: main.includes(`/admin/users/${world.cast.ada.id}"`),
        setting: main.includes('/admin/settings'),
      };
    };
    assert.deepEqual(await shown(root, 'lovelace'), { client: true, user: true, setting: false });
    assert.deepEqual(await shown(root, 'company-name'), { client: false, user: false, setting: true });
    const clients = await staffWith(world, ['List Clients', 'View Clients Summary']);
    assert.deepEqual(await shown(clients, 'lovelace'), { client: true, user: false, setting: false });
    const users = await staffWith(world, ['List Users']);
    assert.deepEqual(await shown(users, 'lovelace'), { client: false, user: true, setting: false });
    assert.deepEqual(await shown(users, 'company-name'), { client: false, user: false, setting: false });
    const nobody = await staffWith(world, ['My Account']);
    assert.deepEqual(await shown(nobody, 'lovelace'), { client: false, user: false, setting: false });
    assert.match(wordsOf(await nobody.get('/admin/search?q=lovelace')), /Nothing that you may search/);
  });

  test('a number finds the client and the user of that number', async () => {
    for (const typedNumber of [String(world.cast.ada.clientId), `#${world.cast.ada.clientId}`]) {
      const answer = await root.get(`/admin/search?q=${encodeURIComponent(typedNumber)}`);
      assert.match(answer.body, new RegExp(`href="/admin/clients/${world.cast.ada.clientId}"`));
    }
  });
});

describe('the public address on the home page', () => {
  let world: World;
  before(async () => {
    world = await testWorld('sqlite', {
      environment: { DOORWARD_URL: 'https://my.example.test', DOORWARD_SMTP_URL: 'smtp://localhost:25' },
    });
  });
  after(() => world.close());

  test('only another address that people come by is remarked on, and a mail server that is set is not', async () => {
    const root = await signedIn(world, 'root');
    const words = async (host: string) => wordsOf(await root.get('/admin', { host }));
    assert.doesNotMatch(await words('my.example.test'), /Set the public address|Name a mail server/);
    assert.doesNotMatch(await words('localhost:8080'), /Set the public address/);
    assert.match(
      await words('other.example.test'),
      /begin with https:\/\/my\.example\.test, but you came by other\.example\.test/,
    );
    assert.doesNotMatch(await words('"><b>'), /Set the public address/);
  });
});
