// People come into an account and go: the pages of the owner, of whoever is invited, of staff, and the action of programs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { invitationsOf } from '#domain/access/invitations.ts';
import { addMember, changeAccess, removeMember } from '#domain/access/member-changes.ts';
import { findMember, pageOfPeople } from '#domain/access/members.ts';
import { addRole } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { changeDestination } from '#domain/sso/destinations.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import { days, seconds } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { Person } from '#tests/people.ts';
import { newAccount, newMember, newPerson } from '#tests/people.ts';
import { plansOf } from '#tests/plans.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';

onBothDatabases('inviting people', (database) => {
  let world: World;
  let people: string;
  before(async () => {
    world = await testWorld(database);
    people = `/account/${world.cast.ada.clientId}/users`;
  });
  after(() => world.close());

  const signedIn = async (email: string): Promise<TestBrowser> => {
    const browser = world.browser();
    await browser.signIn(email);
    return browser;
  };
  const linkTo = async (email: string): Promise<string> => new URL((await world.letterTo(email)).link).pathname;
  const main = (body: string): string => body.split('<main')[1] ?? '';
  const ticked = (body: string): string[] =>
    [...main(body).matchAll(/name="permissions" value="(\w+)"[^>]* checked/g)].map(([, name = '']) => name);

  test('ada invites a user for seven days; they accept signed in, and are on the list', async () => {
    const ada = await signedIn('ada@example.test');
    const guest = await newPerson(world.ctx);
    const form = await ada.get(`${people}/invite`);
    assert.equal(form.statusCode, 200);
    const sent = await ada.post(`${people}/invite`, {
      email: guest.email,
      permissions: ['invoices', 'domains'],
      lasts: '7',
    });
    assert.equal(leadsTo(sent), people);
    const list = await ada.get(people);
    assert.match(main(list.body), new RegExp(`on its way to ${guest.email}`));
    assert.match(main(list.body), /See domains, See and pay invoices/);
    const link = await linkTo(guest.email);
    const stranger = world.browser();
    const shown = await stranger.get(link);
    assert.equal(shown.statusCode, 200);
    assert.match(main(shown.body), /Ada Lovelace invites you to Analytical Engines Ltd/);
    assert.match(main(shown.body), /See and pay invoices/);
    assert.ok(!shown.body.includes(guest.email), 'whoever was handed the link does not learn the address');
    assert.equal(shown.headers['cache-control'], 'no-store');
    const signIn = await stranger.post('/login', { email: guest.email, password: PASSWORD, goto: link });
    assert.equal(leadsTo(signIn), link);
    const accepted = await stranger.post(link);
    assert.equal(leadsTo(accepted), `/account/${world.cast.ada.clientId}`);
    const home = main((await stranger.get(leadsTo(accepted))).body);
    assert.match(home, /You can now enter Analytical Engines Ltd/);
    assert.match(home, /Your access ends with Jun \d+, 2026/);
    assert.match(main((await ada.get(people)).body), new RegExp(guest.email));
    assert.equal((await invitationsOf(world.ctx, world.cast.ada.clientId)).length, 0);
  });

  test('somebody new tells a name, chooses a password, and is in', async () => {
    const ada = await signedIn('ada@example.test');
    await ada.post(`${people}/invite`, { email: 'fresh@example.test', permissions: 'tickets' });
    const link = await linkTo('fresh@example.test');
    const fresh = world.browser();
    const refused = await fresh.post(link, { firstName: 'Fresh', lastName: '', password: 'short' });
    assert.equal(refused.statusCode, 422);
    assert.match(main(refused.body), /Enter a last name/);
    assert.match(main(refused.body), /value="Fresh"/, 'nothing typed is lost');
    const accepted = await fresh.post(link, { firstName: 'Fresh', lastName: 'Person', password: FRESH });
    assert.equal(leadsTo(accepted), '/');
    assert.equal(leadsTo(await fresh.get('/')), `/account/${world.cast.ada.clientId}`);
    const user = await findUserByEmail(world.ctx, 'fresh@example.test');
    assert.equal(user?.emailVerifiedAt, undefined);
    assert.equal((await world.browser().get(link)).statusCode, 404);
  });

  test('a preset fills the ticks without script, keeps what was typed, and sends nothing', async () => {
    const ada = await signedIn('ada@example.test');
    const before = (await invitationsOf(world.ctx, world.cast.ada.clientId)).length;
    const filled = await ada.post(`${people}/invite`, { email: 'keep@example.test', preset: 'billing', lasts: '30' });
    assert.equal(filled.statusCode, 200);
    assert.deepEqual(ticked(filled.body), ['profile', 'contacts', 'invoices', 'quotes', 'emails']);
    assert.match(main(filled.body), /value="keep@example.test"/);
    assert.match(main(filled.body), /value="30" checked/);
    assert.equal((await invitationsOf(world.ctx, world.cast.ada.clientId)).length, before);
    const first = /<button type="submit"[^>]*>/.exec(main(filled.body))?.[0] ?? '';
    assert.ok(!first.includes('preset'), 'Enter in a field sends the form');
  });

  test('ada changes what somebody may do and until when, and ends it; the next click says who can grant it', async () => {
    const ada = await signedIn('ada@example.test');
    const guest = await newPerson(world.ctx);
    await addMember(world.ctx, SYSTEM, guest.id, world.cast.ada.clientId, ['tickets']);
    const their = await signedIn(guest.email);
    const home = `/account/${world.cast.ada.clientId}`;
    assert.equal((await their.get(`${home}/details`)).statusCode, 403);
    const page = `${people}/${guest.id}`;
    assert.deepEqual(ticked((await ada.get(page)).body), ['tickets']);
    await ada.post(page, { permissions: ['profile', 'tickets'], endsAt: '2026-12-31', mayInvite: '1' });
    assert.equal((await their.get(`${home}/details`)).statusCode, 200, 'from the next click on');
    const member = await findMember(world.ctx, guest.id, world.cast.ada.clientId);
    assert.equal(member?.endsAt, Date.UTC(2027, 0, 1), 'the last day is whole');
    assert.match(main((await ada.get(page)).body), /value="2026-12-31"/);
    assert.equal((await their.get(people)).statusCode, 200, 'may invite, so sees the page');
    const refused = await ada.post(page, { permissions: ['profile'], endsAt: '2026-02-31' });
    assert.equal(refused.statusCode, 422);
    assert.equal((await ada.get(`${page}/removal`)).statusCode, 200);
    assert.ok(await findMember(world.ctx, guest.id, world.cast.ada.clientId), 'looking ends nothing');
    assert.equal(leadsTo(await ada.post(`${page}/removal`)), people);
    const next = await their.get(home);
    assert.equal(next.statusCode, 403);
    assert.match(main(next.body), /Your access to Analytical Engines Ltd ended on/);
    assert.match(main(next.body), /Ada Lovelace owns this account and can give it to you again/);
    assert.ok(!next.body.includes('dw-top-nav'), 'no way into the account is drawn');
    assert.equal(leadsTo(await their.get('/')), '(200)', 'and they are signed in as before, without an account');
  });

  test('sending again and cancelling are pages of one button', async () => {
    const ada = await signedIn('ada@example.test');
    await ada.post(`${people}/invite`, { email: 'again@example.test', permissions: 'tickets' });
    const older = await linkTo('again@example.test');
    const invitation = (await invitationsOf(world.ctx, world.cast.ada.clientId)).find(
      (one) => one.email === 'again@example.test',
    );
    const page = `${people}/invitations/${invitation?.id}`;
    await ada.get(`${page}/fresh-letter`);
    assert.equal(await linkTo('again@example.test'), older, 'looking sends nothing');
    assert.equal(leadsTo(await ada.post(`${page}/fresh-letter`)), people);
    const newer = await linkTo('again@example.test');
    assert.notEqual(newer, older);
    assert.equal((await world.browser().get(older)).statusCode, 404);
    assert.equal(leadsTo(await ada.post(`${page}/cancellation`)), people);
    assert.equal((await world.browser().get(newer)).statusCode, 404);
    assert.equal((await ada.get(`${page}/cancellation`)).statusCode, 404);
  });

  test('an invitation is declined by a page of its own, and the owner hears of it', async () => {
    const ada = await signedIn('ada@example.test');
    const guest = await newPerson(world.ctx);
    await ada.post(`${people}/invite`, { email: guest.email, permissions: 'tickets' });
    const link = await linkTo(guest.email);
    const stranger = world.browser();
    assert.match(main((await stranger.get(link)).body), new RegExp(`${link}/declining`));
    await stranger.get(`${link}/declining`);
    assert.equal((await stranger.get(link)).statusCode, 200, 'looking declines nothing');
    assert.equal(leadsTo(await stranger.post(`${link}/declining`)), '/login');
    assert.equal((await stranger.get(link)).statusCode, 404);
    assert.match((await world.letterTo('ada@example.test')).subject, /declined the invitation/);
  });

  test('one leaves an account oneself, and its owner cannot', async () => {
    const guest = await newPerson(world.ctx);
    const { clientId } = world.cast.ada;
    await addMember(world.ctx, SYSTEM, guest.id, clientId, ['tickets']);
    const their = await signedIn(guest.email);
    const leaving = `/user/accounts/${clientId}/leaving`;
    assert.match((await their.get(`/account/${clientId}`)).body, new RegExp(`href="${leaving}"`));
    assert.equal((await their.get(leaving)).statusCode, 200);
    assert.equal(leadsTo(await their.post(leaving)), '/');
    assert.equal(await findMember(world.ctx, guest.id, clientId), undefined);
    assert.match((await world.letterTo('ada@example.test')).subject, /left Analytical Engines Ltd/);
    assert.equal((await their.get(leaving)).statusCode, 404);
    const ada = await signedIn('ada@example.test');
    assert.match(main((await ada.get(leaving)).body), /Hand it over to somebody else first/);
    const csrf = csrfOf(await ada.get('/user/profile'));
    const post = await ada.postRaw(leaving, { csrf }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(post.statusCode, 403);
  });

  test('an account that asks for a second factor says so, and what to do; one can still leave it', async () => {
    const { cleo } = world.cast;
    const guest = await newPerson(world.ctx);
    await addMember(world.ctx, SYSTEM, guest.id, cleo.clientId, ['tickets']);
    const browser = world.browser();
    await browser.signIn(cleo.email);
    await browser.post('/login/code', { code: CODE });
    const rule = `/account/${cleo.clientId}/users/second-factor`;
    assert.match(main((await browser.get(rule)).body), /One person has none yet/);
    assert.equal(leadsTo(await browser.post(rule, { asks: 'yes' })), `/account/${cleo.clientId}/users`);
    assert.equal((await browser.get(`/account/${cleo.clientId}`)).statusCode, 200);
    const their = await signedIn(guest.email);
    const refused = await their.get(`/account/${cleo.clientId}`);
    assert.equal(refused.statusCode, 403);
    assert.match(main(refused.body), /You have none yet: set one up/);
    assert.equal((await their.get(`/account/${cleo.clientId}/go/tickets`)).statusCode, 403);
    assert.equal((await their.get(`/user/accounts/${cleo.clientId}/leaving`)).statusCode, 200);
    const root = world.browser();
    await root.signIn('root');
    const admin = `/admin/clients/${cleo.clientId}/users`;
    assert.match(main((await root.get(admin)).body), /asks everyone who enters this account/);
    assert.equal(leadsTo(await root.post(`${admin}/second-factor`)), admin);
    assert.equal((await their.get(`/account/${cleo.clientId}`)).statusCode, 200);
    const ada = await signedIn('ada@example.test');
    const own = `/account/${world.cast.ada.clientId}/users/second-factor`;
    assert.match(main((await ada.get(own)).body), /you would shut yourself out/);
    const csrf = csrfOf(await ada.get('/user/profile'));
    const forced = await ada.postRaw(own, { csrf, asks: 'yes' }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(forced.statusCode, 403);
    assert.equal((await ada.get(own)).statusCode, 200, 'the owner is not shut out');
  });

  test('where staff alone look after people, owners see no page for it', async () => {
    await changeSettings(world.ctx, SYSTEM, { 'owners-manage-people': '' });
    world.clock.turn(seconds(2));
    const ada = await signedIn('ada@example.test');
    const home = await ada.get(`/account/${world.cast.ada.clientId}`);
    assert.ok(!home.body.includes(`href="${people}"`));
    for (const path of [people, `${people}/invite`, `${people}/${world.cast.ben.id}`]) {
      assert.equal((await ada.get(path)).statusCode, 403, path);
    }
    await changeSettings(world.ctx, SYSTEM, { 'owners-manage-people': 'on' });
    world.clock.turn(seconds(2));
    assert.match((await ada.get(`/account/${world.cast.ada.clientId}`)).body, new RegExp(`href="${people}"`));
  });

  test('staff associate a user at once or by an invitation, and tend what waits', async () => {
    const root = world.browser();
    await root.signIn('root');
    const users = `/admin/clients/${world.cast.eve.clientId}/users`;
    const [now, later] = [await newPerson(world.ctx), await newPerson(world.ctx)];
    const letters = async (): Promise<number> =>
      (await world.ctx.db.selectFrom('letters').select('id').where('to_address', '=', now.email).execute()).length;
    await root.post(`${users}/new`, { email: now.email, send: 'no', permissions: ['domains'], lasts: '7' });
    const member = await findMember(world.ctx, now.id, world.cast.eve.clientId);
    assert.deepEqual([member?.permissions, member?.endsAt], [['domains'], world.ctx.now() + days(7)]);
    assert.equal(await letters(), 0);
    const unknown = await root.post(`${users}/new`, {
      email: 'nobody@example.test',
      send: 'no',
      permissions: 'domains',
    });
    assert.equal(unknown.statusCode, 422);
    await root.post(`${users}/new`, { email: later.email, send: 'yes', permissions: ['domains', 'emails'] });
    const link = await linkTo(later.email);
    assert.match(
      main((await world.browser().get(link)).body),
      /Doorward invites you to Other Company/,
      'no staff is named',
    );
    const list = main((await root.get(users)).body);
    const base = /href="([^"]*\/invitations\/\d+)\/fresh-letter"/.exec(list)?.[1] ?? '';
    assert.equal(leadsTo(await root.post(`${base}/fresh-letter`)), users);
    assert.notEqual(await linkTo(later.email), link);
    assert.equal(leadsTo(await root.post(`${base}/cancellation`)), users);
    assert.equal((await root.get(`${base}/cancellation`)).statusCode, 404);
    const filled = await root.post(`${users}/${now.id}`, { preset: 'developer' });
    assert.deepEqual(ticked(filled.body), ['products', 'productsso', 'domains', 'tickets']);
    await root.post(`${users}/${now.id}`, { permissions: ['orders'], endsAt: '2026-09-30' });
    assert.deepEqual((await findMember(world.ctx, now.id, world.cast.eve.clientId))?.permissions, ['orders']);
    const roleless = await signedIn(now.email);
    assert.equal((await roleless.get(users)).statusCode, 303, 'customers are sent to the staff sign-in');
    await addRole(world.ctx, SYSTEM, { name: 'Lookers', permissions: ['Main Homepage', 'View Clients Summary'] });
    const sam = world.browser();
    await sam.signIn('sam');
    assert.ok([403, 200].includes((await sam.get(users)).statusCode));
    assert.equal((await sam.get(`${users}/new`)).statusCode, 403);
  });

  test('CreateClientInvite answers in the documented words and always sends', async () => {
    const { clientId } = world.cast.eve;
    const call = async (values: Record<string, string | number>): Promise<unknown> => {
      const { body } = await world.api('CreateClientInvite', values);
      return body['message'] ?? body['result'];
    };
    const good = { client_id: clientId, email: 'api@example.test', permissions: 'invoices,tickets' };
    assert.equal(await call({ ...good, email: '' }), 'Email is required');
    assert.equal(await call({ ...good, client_id: 999_999 }), 'Invalid client id');
    assert.equal(await call({ ...good, client_id: 'x' }), 'Invalid client id');
    assert.equal(await call({ ...good, email: 'nonsense' }), 'The email address entered is not valid');
    assert.equal(await call({ ...good, permissions: '' }), 'User permissions are required');
    assert.equal(await call({ ...good, permissions: 'invoices,owner' }), 'User permissions are required');
    assert.equal(await call({ ...good, email: 'EVE@example.test' }), 'User already associated with client');
    assert.equal(await call(good), 'success');
    const older = await linkTo('api@example.test');
    assert.equal(await call({ ...good, permissions: 'Tickets' }), 'success');
    assert.equal((await world.browser().get(older)).statusCode, 404, 'the newer replaces the older');
    assert.equal((await world.browser().get(await linkTo('api@example.test'))).statusCode, 200);
  });

  test('programs see, change and end an access by its own two ids', async () => {
    const guest = await newPerson(world.ctx);
    const { clientId } = world.cast.eve;
    await addMember(world.ctx, SYSTEM, guest.id, clientId, ['tickets'], { startsAt: world.ctx.now() + days(1) });
    const pair = { user_id: guest.id, client_id: clientId };
    const text = async (action: string, more = {}): Promise<unknown> => {
      const { body } = await world.api(action, { ...pair, ...more });
      return body['message'] ?? body['result'];
    };
    assert.equal(await text('GetUserPermissions'), 'User is not associated with client', 'not before its time');
    assert.equal(await text('UpdateUserPermissions', { permissions: 'emails' }), 'success');
    await changeAccess(world.ctx, SYSTEM, guest.id, clientId, { term: { startsAt: undefined, endsAt: undefined } });
    const { body } = await world.api('GetUserPermissions', pair);
    assert.deepEqual(body['permissions'], { permission: ['emails'] });
    assert.equal(await text('DeleteUserClient'), 'success');
    assert.equal(await text('DeleteUserClient'), 'User is not associated with client');
    await assert.rejects(removeMember(world.ctx, SYSTEM, guest.id, clientId), { code: 'not-a-member' });
  });

  test('the older address of user management leads to the people of the account', async () => {
    const ada = await signedIn('ada@example.test');
    let at = '/account/users/invite';
    for (let hop = 0; hop < 4 && at !== people; hop += 1) at = leadsTo(await ada.get(at));
    assert.equal(at, people);
    assert.ok((await auditLines(world.ctx, { clientId: world.cast.ada.clientId }, { limit: 1 })).length > 0);
  });

  test('an account of a hundred people is leafed through, its owner on top', async () => {
    const { ctx } = world;
    const { clientId, owner } = await newAccount(ctx);
    const members = await ctx.transaction(async (tx) => {
      const made: Person[] = [];
      for (let count = 0; count < 100; count += 1) made.push(await newMember(tx, clientId, ['tickets']));
      await newMember(tx, clientId, ['tickets'], { endsAt: world.clock.now() + days(1) });
      return made;
    });
    world.clock.turn(days(2)); // the last one's time is over
    const browser = await signedIn(owner.email);
    const list = `/account/${clientId}/users`;
    const addresses = (body: string) =>
      [...main(body).matchAll(/person\d+@example\.test/g)].map(([address]) => address);
    const link = (body: string, rel: string) =>
      new RegExp(`rel="${rel}" href="([^"]+)"`).exec(main(body))?.[1]?.replaceAll('&amp;', '&');
    const seen: string[] = [];
    const pages: string[] = [];
    for (let at: string | undefined = list; at !== undefined; ) {
      const { body } = await browser.get(at);
      pages.push(body);
      seen.push(...new Set(addresses(body)));
      at = link(body, 'next');
    }
    assert.deepEqual(seen, [owner.email, ...members.map(({ email }) => email)], 'everybody once, the owner first');
    assert.match(pages[0] ?? '', /26 of 101 people/);
    assert.ok(pages.slice(1).every((body) => !addresses(body).includes(owner.email)));
    const back = await browser.get(link(pages[1] ?? '', 'prev') ?? '');
    assert.deepEqual(addresses(back.body), addresses(pages[0] ?? ''), 'the way back leads to the same page');
    const plans = await plansOf(ctx, (watched) => pageOfPeople(watched, clientId, { after: members[50]?.id }, 25));
    const sorts = plans
      .flatMap(({ steps }) => steps)
      .filter((step) => /TEMP B-TREE|SCAN m|Seq Scan on members/.test(step));
    if (database === 'sqlite') assert.deepEqual(sorts, []);
    const { body } = await (await signedIn('ada@example.test')).get(people);
    assert.doesNotMatch(main(body), /rel="next"/);
  });

  test('an access is limited to chosen services by those who may, where services are linked', async () => {
    const { ctx, cast } = world;
    const ada = await signedIn('ada@example.test');
    const field = (body: string): string | undefined =>
      /name="serviceIds"[^>]*? value="([^"]*)"/.exec(main(body))?.[1] ??
      (/name="serviceIds"/.test(body) ? '' : undefined);
    const guest = await newPerson(ctx);
    assert.equal(field((await ada.get(`${people}/invite`)).body), undefined, 'no service is to be seen through here');
    await changeDestination(ctx, SYSTEM, 'clientarea:product_details', 'https://shop.example.com/s/{service_id}');

    const gift = { email: guest.email, permissions: 'products' };
    const wrong = await ada.post(`${people}/invite`, { ...gift, serviceIds: '12, x' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /Enter numbers separated by commas or spaces/);
    assert.equal(field(wrong.body), '12, x', 'what was typed is still there');
    const preset = await ada.post(`${people}/invite`, { ...gift, serviceIds: '12', preset: 'technical' });
    assert.equal(field(preset.body), '12', 'a preset fills the ticks alone');
    assert.equal(leadsTo(await ada.post(`${people}/invite`, { ...gift, serviceIds: '15  #12,12' })), people);
    assert.match(main((await ada.get(people)).body), /services 12, 15 only/);
    const visitor = await signedIn(guest.email);
    await visitor.post(await linkTo(guest.email));
    const held = async () => (await findMember(ctx, guest.id, cast.ada.clientId))?.serviceIds;
    assert.deepEqual(await held(), [12, 15]);
    const opened = await visitor.get(`/account/${cast.ada.clientId}/go/product_details?id=15`);
    assert.equal(leadsTo(opened), 'https://shop.example.com/s/15');
    assert.equal((await visitor.get(`/account/${cast.ada.clientId}/go/product_details?id=16`)).statusCode, 403);

    // Whoever is limited and may invite gives no more than that.
    await changeAccess(ctx, SYSTEM, guest.id, cast.ada.clientId, { mayInvite: true });
    assert.match((await visitor.get(`${people}/invite`)).body, /You reach 12, 15 yourself/);
    const other = await newPerson(ctx);
    const beyond = { email: other.email, permissions: 'products' };
    assert.match(
      (await visitor.post(`${people}/invite`, { ...beyond, serviceIds: '16' })).body,
      /that you reach yourself/,
    );
    await visitor.post(`${people}/invite`, { ...beyond, serviceIds: '' });
    const sent = (await invitationsOf(ctx, cast.ada.clientId)).find((one) => one.email === other.email);
    assert.deepEqual(sent?.serviceIds, [12, 15]);

    // The owner and staff change it; a form without the field leaves it as it is.
    await changeDestination(ctx, SYSTEM, 'clientarea:product_details', '');
    const person = `${people}/${guest.id}`;
    assert.equal(field((await ada.get(person)).body), '12, 15', 'a limit that is set is shown, linked or not');
    await ada.post(person, { permissions: 'products' });
    assert.deepEqual(await held(), [12, 15]);
    await ada.post(person, { permissions: 'products', serviceIds: '7' });
    assert.deepEqual(await held(), [7]);
    const root = await signedIn('root');
    const staffPage = `/admin/clients/${cast.ada.clientId}/users/${guest.id}`;
    assert.equal(field((await root.get(staffPage)).body), '7');
    await root.post(staffPage, { permissions: 'products', serviceIds: '' });
    assert.deepEqual(await held(), []);
    await root.post(`/admin/clients/${cast.ada.clientId}/users/new`, { ...beyond, send: 'no', serviceIds: '3' });
    assert.deepEqual((await findMember(ctx, other.id, cast.ada.clientId))?.serviceIds, [3]);
  });
});
