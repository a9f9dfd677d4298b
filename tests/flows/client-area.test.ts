// The client area: arriving, choosing, seeing what is open to one, changing what is one's own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { addUser, userOf } from '#domain/users/users.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, sealedPassword, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

onBothDatabases('the client area', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const signedIn = async (email: string, options: { userAgent?: string; ip?: string } = {}): Promise<TestBrowser> => {
    const browser = world.browser(options);
    await browser.signIn(email);
    return browser;
  };
  const person = async (
    firstName: string,
    accounts: readonly string[],
  ): Promise<{ id: number; email: string; ids: number[] }> => {
    const email = `${firstName.toLowerCase()}@example.test`;
    const passwordHash = await sealedPassword();
    const id = await addUser(world.ctx, actor, { firstName, lastName: 'Person', email, passwordHash });
    const ids: number[] = [];
    for (const companyName of accounts) {
      const clientId = await addClient(
        world.ctx,
        actor,
        profile({ companyName, email: `${companyName}@example.test` }),
      );
      await addMember(world.ctx, actor, id, clientId, ['profile', 'tickets']);
      ids.push(clientId);
    }
    return { id, email, ids };
  };
  const set = async (settings: Record<string, string>): Promise<void> => {
    await changeSettings(world.ctx, actor, settings);
    world.clock.turn(seconds(2));
  };

  test('several accounts are chosen from by name, company and role, the closed ones apart', async () => {
    const { email, ids } = await person('Sue', ['Birch', 'Aspen', 'Cedar']);
    await closeClient(world.ctx, actor, ids[2] ?? 0);
    const sue = await signedIn(email);
    assert.equal(leadsTo(await sue.get('/')), '/account');
    const list = (await sue.get('/account')).body.split('<main')[1] ?? '';
    const order = ['Aspen', 'Birch', 'Closed accounts', 'Cedar'].map((words) => list.indexOf(words));
    assert.deepEqual(
      order,
      order.toSorted((one, other) => one - other),
    );
    assert.ok(order.every((at) => at > 0));
    assert.match(list, /Ada Lovelace · Member/);
    assert.doesNotMatch(list, /name="q"/, 'a short list needs no search');
  });

  test('of one open and one closed account the open one is entered', async () => {
    const { email, ids } = await person('Una', ['Open', 'Shut']);
    await closeClient(world.ctx, actor, ids[1] ?? 0);
    assert.equal(leadsTo(await (await signedIn(email)).get('/')), `/account/${ids[0]}`);
  });

  test('more than seven accounts can be searched, and what is not found is said', async () => {
    const { email } = await person('Max', ['Oak', 'Elm', 'Ash', 'Fir', 'Yew', 'Fig', 'Box', 'Bay']);
    const max = await signedIn(email);
    const list = (body: string): string => body.split('<main')[1] ?? '';
    assert.match((await max.get('/account')).body, /name="q"/);
    const found = list((await max.get('/account?q=oAk')).body);
    assert.match(found, /Oak/);
    assert.doesNotMatch(found, /Elm/);
    assert.match((await max.get('/account?q=zzz')).body, /No account fits/);
  });

  test('somebody without any account signs in all the same, and sees what is theirs and how to get one', async () => {
    const { email } = await person('Solo', []);
    const solo = await signedIn(email);
    const page = await solo.get('/');
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /You do not belong to an account yet/);
    for (const own of ['/user/profile', '/user/password', '/user/security', '/user/sessions']) {
      assert.match(page.body, new RegExp(`href="${own}"`), own);
      assert.equal((await solo.get(own)).statusCode, 200, own);
    }
    assert.match(page.body, /href="\/account\/new"/);
    assert.equal((await solo.get(`/account/${world.cast.ada.clientId}`)).statusCode, 404);
    await set({ 'registration-open': '', 'support-address': 'help@northwind.test' });
    const closed = (await solo.get('/')).body;
    assert.doesNotMatch(closed, /href="\/account\/new"/);
    assert.match(closed, /href="mailto:help@northwind\.test"/);
    await set({ 'registration-open': 'on', 'support-address': '' });
  });

  test('the home shows the owner everything that is there', async () => {
    await set({
      'sso-destinations':
        'clientarea:invoices https://billing.test/i\nclientarea:tickets https://help.test/{client_id}',
    });
    const ada = await signedIn('ada@example.test');
    const home = await ada.get(`/account/${world.cast.ada.clientId}`);
    assert.match(home.body, /Invoices/);
    assert.match(home.body, /Support tickets/);
    assert.match(home.body, /12 Placeholder Road/);
    assert.match(home.body, /You own this account/);
    assert.equal(leadsTo(await ada.get(`/account/${world.cast.ada.clientId}/go/invoices`)), 'https://billing.test/i');
  });

  test('the home shows a member what their permissions open, and whose the rest is', async () => {
    const ben = await signedIn('ben@example.test');
    const home = await ben.get(`/account/${world.cast.ada.clientId}`);
    assert.match(home.body, /Support tickets/);
    assert.doesNotMatch(home.body, /Invoices/);
    assert.doesNotMatch(home.body, /12 Placeholder Road/);
    assert.doesNotMatch(home.body, /\/details"/);
    assert.match(home.body, /See products and services/);
    assert.match(home.body, /Ada Lovelace owns this account/);
    assert.equal(
      leadsTo(await ben.get(`/account/${world.cast.ada.clientId}/go/tickets`)),
      `https://help.test/${world.cast.ada.clientId}`,
    );
  });

  test('a place that is nowhere yet leads home and says so', async () => {
    const ada = await signedIn('ada@example.test');
    const home = `/account/${world.cast.ada.clientId}`;
    assert.equal(leadsTo(await ada.get(`${home}/go/domains`)), home);
    assert.match((await ada.get(home)).body, /There is no page for this here yet/);
  });

  test('what needs doing comes first on the home', async () => {
    const { id, email } = await person('Gap', []);
    const clientId = await addClient(world.ctx, actor, profile({ companyName: 'Gaps', city: '', phoneNumber: '' }), {
      lenient: true,
    });
    await addMember(world.ctx, actor, id, clientId, ['profile']);
    const home = (await (await signedIn(email)).get(`/account/${clientId}`)).body;
    assert.match(home, /Complete the account details/);
    assert.match(home, /2 fields are still empty/);
    assert.ok(home.indexOf('For you to do') < home.indexOf('With us since'));
  });

  test('account details are saved, and end in a sentence', async () => {
    const ada = await signedIn('ada@example.test');
    const path = `/account/${world.cast.ada.clientId}/details`;
    const answer = await ada.post(path, {
      city: 'New Town',
      country: 'NL',
      phoneNumber: '020 123 4567',
      marketingOptIn: '1',
    });
    assert.equal(leadsTo(answer), path);
    const page = await ada.get(path);
    assert.match(page.body, /The account details are saved/);
    assert.match(page.body, /value="\+31 201234567"/);
    const client = await clientOf(world.ctx, world.cast.ada.clientId);
    assert.deepEqual(
      [client.city, client.country, client.phoneNumber, client.marketingOptIn],
      ['New Town', 'NL', '+31.201234567', true],
    );
    const [line] = await auditLines(world.ctx, { event: 'client.updated' }, { limit: 1 });
    assert.deepEqual(
      [line?.actorKind, line?.userId, line?.clientId],
      ['user', world.cast.ada.id, world.cast.ada.clientId],
    );
  });

  test('saving what is there already changes nothing and says so', async () => {
    const eve = await signedIn('eve@example.test');
    const path = `/account/${world.cast.eve.clientId}/details`;
    const shown = (await eve.get(path)).body;
    const value = (name: string): string => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(shown)?.[1] ?? '';
    const names = [
      'firstName',
      'lastName',
      'companyName',
      'email',
      'address1',
      'city',
      'state',
      'postcode',
      'phoneNumber',
    ];
    await eve.post(path, { ...Object.fromEntries(names.map((name) => [name, value(name)])), country: 'GB' });
    assert.match((await eve.get(path)).body, /Nothing was different/);
  });

  test('a refused form keeps everything typed, and leads to each fault', async () => {
    const ada = await signedIn('ada@example.test');
    const path = `/account/${world.cast.ada.clientId}/details`;
    const typed = { firstName: 'Augusta', city: '', phoneNumber: '12', email: 'x', country: 'XX' };
    const answer = await ada.post(path, typed);
    assert.equal(answer.statusCode, 422);
    for (const field of ['city', 'phoneNumber', 'email', 'country'])
      assert.match(answer.body, new RegExp(`href="#field-${field}"`), field);
    assert.match(answer.body, /value="Augusta"/);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).firstName, 'Ada');
  });

  test('an expired form says so, keeps what was typed and works when sent again', async () => {
    const ada = await signedIn('ada@example.test');
    const path = `/account/${world.cast.ada.clientId}/details`;
    const stale = await ada.postRaw(path, { csrf: 'old', city: 'Typed Town' }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(stale.statusCode, 403);
    assert.match(stale.body, /open for too long/);
    assert.match(stale.body, /value="Typed Town"/);
    const again = { csrf: csrfOf(stale), city: 'Typed Town' };
    assert.equal((await ada.postRaw(path, again, { 'sec-fetch-site': 'same-origin' })).statusCode, 303);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Typed Town');
  });

  test('optional fields may be left empty, others not', async () => {
    await set({ 'optional-profile-fields': 'city,phoneNumber' });
    const ada = await signedIn('ada@example.test');
    const path = `/account/${world.cast.ada.clientId}/details`;
    assert.equal((await ada.post(path, { city: '', phoneNumber: '' })).statusCode, 303);
    assert.equal((await ada.post(path, { postcode: '' })).statusCode, 422);
    await set({ 'optional-profile-fields': '' });
  });

  test('locked fields are shown as text, with who can change them', async () => {
    await set({
      'locked-profile-fields': 'firstName,country',
      'locked-user-fields': 'firstName',
      'support-address': 'help@northwind.test',
    });
    const ada = await signedIn('ada@example.test');
    const page = await ada.get(`/account/${world.cast.ada.clientId}/details`);
    assert.doesNotMatch(page.body, /name="firstName"|name="country"/);
    assert.match(page.body, /Only our staff can change this/);
    assert.match(page.body, /help@northwind\.test/);
    assert.doesNotMatch((await ada.get('/user/profile')).body, /name="firstName"/);
    await set({ 'locked-profile-fields': '', 'locked-user-fields': '' });
  });

  test('the owner shuts programs out of the account and lets them in again; nobody else is asked', async () => {
    const { ada } = world.cast;
    const path = `/account/${ada.clientId}/single-sign-on`;
    const browser = await signedIn(ada.email);
    const token = async () => (await world.api('CreateSsoToken', { client_id: ada.clientId })).body;
    assert.equal((await token())['result'], 'success');
    assert.match((await browser.get(`/account/${ada.clientId}`)).body, new RegExp(`href="${path}"`));
    await browser.post(path, { allow: 'no' });
    assert.equal((await token())['message'], `SSO authentication blocked for client ${ada.clientId}`);
    assert.equal((await clientOf(world.ctx, ada.clientId)).allowSso, false);
    const [line] = await auditLines(world.ctx, { clientId: ada.clientId, event: 'client.updated' }, { limit: 1 });
    assert.deepEqual([line?.actorKind, line?.userId], ['user', ada.id]);
    const ben = await signedIn('ben@example.test');
    assert.equal((await ben.post(path, { allow: 'yes' }, { from: '/user/profile' })).statusCode, 403);
    assert.equal((await clientOf(world.ctx, ada.clientId)).allowSso, false);
    world.clock.turn(minutes(16)); // asked again who they are, so that a stolen session opens no door
    assert.match(leadsTo(await browser.get(path)), /confirm-identity/);
    await signedIn(ada.email).then((again) => again.post(path, { allow: 'yes' }));
    assert.equal((await token())['result'], 'success');
  });

  test('names and language of a person are theirs to change; the address is not', async () => {
    const ben = await signedIn('ben@example.test');
    const page = await ben.get('/user/profile');
    assert.doesNotMatch(page.body, /name="email"/);
    assert.match(page.body, /ben@example\.test/);
    assert.equal((await ben.post('/user/profile', { firstName: '', lastName: 'G' })).statusCode, 422);
    assert.equal(
      leadsTo(await ben.post('/user/profile', { firstName: 'Benno', language: 'english' })),
      '/user/profile',
    );
    assert.match((await ben.get('/user/profile')).body, /Your profile is saved/);
    const user = await userOf(world.ctx, world.cast.ben.id);
    assert.deepEqual([user.firstName, user.lastName, user.language], ['Benno', 'Guest', 'english']);
  });

  test('sessions are listed by device, address and time, and ended one by one', async () => {
    const here = await signedIn('eve@example.test', { userAgent: FIREFOX, ip: '192.0.2.4' });
    world.clock.turn(minutes(5));
    const there = await signedIn('eve@example.test', { userAgent: 'curl/8.7.1', ip: '198.51.100.4' });
    const page = (await here.get('/user/sessions')).body;
    assert.match(page, /Firefox on Linux.*This device/s);
    assert.match(page, /curl/);
    assert.match(page, /198\.51\.100\.4/);
    assert.match(page, /5 minutes ago|now/);
    const id = /name="session" value="(\d+)"/.exec(page)?.[1] ?? '';
    assert.equal(leadsTo(await here.post('/user/sessions', { session: id })), '/user/sessions');
    assert.match((await here.get('/user/sessions')).body, /That session has been ended/);
    assert.match(leadsTo(await there.get('/user/profile')), /^\/login/);
  });

  test('somebody who never chose a password is led to the letter', async () => {
    const browser = await signedInBySso();
    const asked = leadsTo(await browser.get('/user/password'));
    assert.match(asked, /^\/user\/confirm-identity/);
    assert.match((await browser.get(asked)).body, /Send the link/);
  });

  test('two tabs with two accounts do not disturb each other', async () => {
    const { email, ids } = await person('Tab', ['Left', 'Right']);
    const tab = await signedIn(email);
    const [left, right] = ids.map((id) => `/account/${id}`);
    const leftForm = csrfOf(await tab.get(`${left}/details`));
    const rightForm = csrfOf(await tab.get(`${right}/details`));
    const save = (path: string, csrf: string, city: string) =>
      tab.postRaw(`${path}/details`, { csrf, city }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(leadsTo(await save(left ?? '', leftForm, 'Lefttown')), `${left}/details`);
    assert.equal(leadsTo(await save(right ?? '', rightForm, 'Righttown')), `${right}/details`);
    const cities = await Promise.all(ids.map(async (id) => (await clientOf(world.ctx, id)).city));
    assert.deepEqual(cities, ['Lefttown', 'Righttown']);
    assert.match((await tab.get(left ?? '')).body, /Left/);
  });

  test('a customer and an administrator live side by side in one browser', async () => {
    const browser = await signedIn('ada@example.test');
    assert.equal(leadsTo(await browser.signIn('root', PASSWORD)), '/admin');
    const path = `/account/${world.cast.ada.clientId}/details`;
    assert.equal((await browser.post(path, { city: 'Both' })).statusCode, 303);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Both');
    assert.equal(leadsTo(await browser.get('/admin/login')), '/admin');
    const [line] = await auditLines(world.ctx, { event: 'client.updated' }, { limit: 1 });
    assert.equal(line?.actorKind, 'user');
  });

  test('while the site is being worked on, customers read so and staff can still enter', async () => {
    const ada = await signedIn('ada@example.test');
    await set({ maintenance: 'on' });
    const page = await ada.get(`/account/${world.cast.ada.clientId}`);
    assert.equal(page.statusCode, 503);
    assert.match(page.body, /We are working on this site/);
    assert.equal(leadsTo(await world.browser().signIn('root')), '/admin');
    await set({ maintenance: '' });
  });

  async function signedInBySso(): Promise<TestBrowser> {
    const userId = await addUser(world.ctx, actor, { firstName: 'Sso', lastName: 'Only', email: 'sso@example.test' });
    const made = await createSsoToken(world.ctx, actor, {
      clientId: undefined,
      userId,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('token' in made);
    const browser = world.browser();
    await browser.get(`/oauth/singlesignon.php?access_token=${made.token}`);
    return browser;
  }
});
