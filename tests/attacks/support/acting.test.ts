// No nesting, no staff target, no secret change, the actor kept; it ends when the staff right is revoked; never framed
// (attacks.md: authorization; sessions). Every page of the client area is tried, so that a new one is in here by being there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessPermission } from '#domain/access/permissions.ts';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { addRole, changeRole } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { endStaffSessions } from '#domain/sessions/ending.ts';
import { checkActingSession, checkUserSession } from '#domain/sessions/signed-in.ts';
import { changeDestination } from '#domain/sso/destinations.ts';
import { addUser, setUserDisabled } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { findPages } from '#src/app.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import { signedIn, stateOf, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const OWN = { 'sec-fetch-site': 'same-origin' };
const LEAVING = '/acting/leaving';
const clientPages = (await findPages()).filter(({ room }) => room === 'client');
const writing = clientPages.filter(({ page, address }) => page.post && address !== LEAVING);

onBothDatabases('staff in the place of a user', (database) => {
  let world: World;
  let home: string;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    home = `/account/${world.cast.ada.clientId}`;
  });
  after(() => world.close());

  /** Somebody of staff with a role of their own that holds just these permissions. */
  async function staff(permissions: readonly Permission[]) {
    made += 1;
    const username = `actor${'abcdefghijklmnopqrstuvwxyz'[made]}`;
    const held: Permission[] = ['Main Homepage', ...permissions];
    const roleId = await addRole(world.ctx, SYSTEM, { name: `Role ${made}`, permissions: held });
    const email = `${username}@staff.example.test`;
    const passwordHash = await sealedPassword();
    const given = { roleId, username, firstName: 'Staff', lastName: `Number ${made}`, email, passwordHash };
    const id = await addAdministrator(world.ctx, SYSTEM, given);
    return { id, roleId, roleName: `Role ${made}`, username, browser: await signedIn(world, username) };
  }
  const LOOK: Permission[] = ['Allow Login as Owner', 'View Clients Summary', 'List Users'];
  const WRITE: Permission[] = [...LOOK, 'Impersonate (write)'];

  async function enter(browser: TestBrowser, write = false, clientId = world.cast.ada.clientId): Promise<void> {
    const fields = { reason: 'Ticket 4711', ...(write ? { write: '1' } : {}) };
    const answer = await browser.post(`/admin/clients/${clientId}/acting`, fields);
    assert.equal(leadsTo(answer), `/account/${clientId}`, wordsOf(answer));
  }
  const actingToken = (browser: TestBrowser): string =>
    [...browser.cookies].find(([name]) => name.endsWith('doorward-acting'))?.[1] ?? '';
  /** The address of a page about ada and her account; ids that name nothing. */
  const addressOf = (address: string): string =>
    address
      .replace(':client', String(world.cast.ada.clientId))
      .replace(':user', String(world.cast.ben.id))
      .replace(':place', 'homepage')
      .replace(/:\w+/g, '999999');

  test('who may only look is refused by every page that writes, and nothing changes', async () => {
    const { browser } = await staff(WRITE); // they could, but did not ask to
    await enter(browser);
    const csrf = csrfOf(await browser.get(home));
    assert.ok(writing.length > 25);
    const before = await stateOf(world);
    for (const { address } of writing) {
      const answer = await browser.postRaw(addressOf(address), { csrf, ...EVERY_FIELD }, OWN);
      assert.equal(answer.statusCode, 403, address);
    }
    assert.deepEqual(await stateOf(world), before);
    assert.match((await browser.get(home)).body, /can change nothing/);
  });

  test('no page draws a button that would be refused, and says why', async () => {
    const buttons = (body: string): number =>
      [...body.matchAll(/<form\b[^>]*method="post"[^>]*>/g)].filter(([form]) => !form.includes(LEAVING)).length;
    for (const write of [false, true]) {
      const { browser } = await staff(WRITE);
      await enter(browser, write);
      let drawn = 0;
      for (const { address, page } of clientPages.filter((one) => one.page.get && one.address !== LEAVING)) {
        const answer = await browser.get(addressOf(address));
        if (answer.statusCode !== 200) continue;
        const open = write && isOfTheAccount(page.who);
        if (!open) assert.equal(buttons(answer.body), 0, address);
        if (!open)
          assert.doesNotMatch(
            answer.body,
            /<main[\s\S]*<button type="submit" class="btn btn-(?:primary|danger)/,
            address,
          );
        assert.match(
          answer.body,
          open ? /What you change is changed/ : /no buttons for saving|for them alone/,
          address,
        );
        drawn += buttons(answer.body);
      }
      assert.equal(drawn > 0, write);
    }
  });

  test('a tick without its permission opens nothing', async () => {
    const { browser, id } = await staff(LOOK);
    const page = await browser.get(`/admin/clients/${world.cast.ada.clientId}/acting`);
    assert.match(page.body, /name="write"[^>]*disabled/);
    const answer = await browser.post(page.raw.req.url ?? `/admin/clients/${world.cast.ada.clientId}/acting`, {
      reason: 'Ticket',
      write: '1',
    });
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /Impersonate \(write\)/);
    assert.equal(actingToken(browser), '');
    const open = await world.ctx.db
      .selectFrom('acting_visits')
      .selectAll()
      .where('administrator_id', '=', id)
      .execute();
    assert.deepEqual(open, []);
  });

  test('who may change is let into no page that is the person’s own, shows a secret, or lets others in', async () => {
    const { browser } = await staff(WRITE);
    await enter(browser, true);
    const csrf = csrfOf(await browser.get(home));
    const closed = clientPages.filter(({ page }) => page.stepUp || page.acting === 'never');
    assert.ok(closed.some(({ address }) => address === '/user/support-pin'));
    for (const { address, page } of closed.filter((one) => one.page.get)) {
      const answer = await browser.get(addressOf(address));
      assert.equal(answer.statusCode, 403, address);
      assert.ok(page && /for the person alone/.test(answer.body), address);
    }
    const shut = writing.filter(({ page }) => closed.some((one) => one.page === page) || !isOfTheAccount(page.who));
    for (const needed of ['/user/password', '/user/email', '/user/profile', '/user/sessions', '/user/deletion'])
      assert.ok(
        shut.some(({ address }) => address === needed),
        needed,
      );
    for (const needed of ['users/invite', 'users/:user', 'users/second-factor', 'ownership', 'ownership/offer'])
      assert.ok(
        shut.some(({ address }) => address === `/account/:client/${needed}`),
        needed,
      );
    const before = await stateOf(world);
    for (const { address } of shut) {
      const answer = await browser.postRaw(addressOf(address), { csrf, ...EVERY_FIELD }, OWN);
      assert.equal(answer.statusCode, 403, address);
    }
    assert.deepEqual(await stateOf(world), before);
  });

  test('what they change for the account bears both names, and the session cannot consent for the person', async () => {
    const { browser, username, id } = await staff(WRITE);
    await enter(browser, true);
    const contact = { firstName: 'Con', lastName: 'Tact', email: 'con@example.test' };
    const answer = await browser.post(`${home}/contacts/new`, contact);
    assert.equal(answer.statusCode, 303, wordsOf(answer));
    const [line] = await auditLines(world.ctx, { clientId: world.cast.ada.clientId }, { limit: 1 });
    assert.equal(line?.event, 'contact.created');
    assert.equal(line?.actorKind, 'acting');
    assert.equal(line?.actorName, `${username} in the place of ada@example.test`);
    assert.deepEqual([line?.userId, line?.administratorId], [world.cast.ada.id, id]);
    const emailPreferences = ['general', 'invoice', 'support', 'product', 'domain', 'affiliate'];
    const consent = await browser.post(`${home}/email-preferences`, { emailPreferences, marketing: '1' });
    assert.equal(consent.statusCode, 403);
    const root = await signedIn(world, 'root');
    assert.match((await root.get('/admin/log')).body, new RegExp(`${username} in the place of ada@example.test`));
  });

  test('neither a session in a user’s place nor its token opens another, or any other door', async () => {
    const { browser } = await staff(WRITE);
    await enter(browser, true);
    const token = actingToken(browser);
    assert.ok(token);
    const alone = world.browser();
    alone.cookies.set('doorward-acting', token);
    assert.equal((await alone.get(home)).statusCode, 200, 'the token is what opens the client area');
    for (const path of [`/admin/clients/${world.cast.eve.clientId}/acting`, `/admin/users/${world.cast.eve.id}/acting`])
      for (const answer of [await alone.get(path), await alone.postRaw(path, { reason: 'x' }, OWN)])
        assert.match(leadsTo(answer), /^\/admin\/login/, path);
    // The entrance, where links are followed and sign-ins begin, does not know it at all.
    assert.equal(leadsTo(await alone.get('/logout')), '/login');
    for (const cookie of ['doorward-session', 'doorward-admin']) {
      const moved = world.browser();
      moved.cookies.set(cookie, token);
      assert.match(leadsTo(await moved.get(cookie.endsWith('admin') ? '/admin' : home)), /\/login/, cookie);
    }
    assert.deepEqual(await checkUserSession(world.ctx, token), { ended: 'unknown' });
    const own = world.browser();
    await own.signIn(world.cast.eve.email);
    const plain = own.cookies.get('doorward-session') ?? '';
    assert.ok('ended' in (await checkActingSession(world.ctx, plain)), 'nor is a plain one worth anything as acting');
  });

  test('nobody is in two places: the second ends the first, also of five at once', async () => {
    const { browser, id } = await staff(LOOK);
    await enter(browser);
    const first = actingToken(browser);
    await enter(browser, false, world.cast.eve.clientId);
    assert.ok('ended' in (await checkActingSession(world.ctx, first)));
    const path = `/admin/clients/${world.cast.ada.clientId}/acting`;
    const csrf = csrfOf(await browser.get(path));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => browser.postRaw(path, { csrf, reason: 'at once' }, OWN)),
    );
    const tokens = answers.flatMap(({ cookies }) => cookies.filter(({ name }) => name === 'doorward-acting'));
    const checked = await Promise.all(tokens.map(({ value }) => checkActingSession(world.ctx, value)));
    assert.equal(checked.length, 5);
    assert.equal(checked.filter((one) => 'who' in one).length, 1);
    const open = await world.ctx.db
      .selectFrom('acting_visits')
      .select('id')
      .where('administrator_id', '=', id)
      .where('ended_at', 'is', null)
      .execute();
    assert.equal(open.length, 1);
  });

  test('whoever is staff is nobody’s to be, and neither is who was deactivated', async () => {
    const { ctx } = world;
    const { browser } = await staff(WRITE);
    const given = { firstName: 'Root', lastName: 'Too', email: 'ROOT@staff.example.test', passwordHash: undefined };
    const rootsOwn = await addUser(ctx, SYSTEM, given);
    const gone = await addUser(ctx, SYSTEM, { ...given, email: 'gone@example.test' });
    await setUserDisabled(ctx, SYSTEM, gone, true);
    for (const [id, status] of [
      [rootsOwn, 403],
      [gone, 409],
      [999_999, 404],
    ] as const) {
      const path = `/admin/users/${id}/acting`;
      const page = await browser.get(path);
      assert.ok(!page.body.includes('name="reason"'), path);
      const answer = await browser.post(path, { reason: 'Ticket' }, { from: '/admin' });
      assert.equal(answer.statusCode, status, path);
      assert.equal(actingToken(browser), '');
    }
  });

  test('a reason is asked, and the form of another site is refused', async () => {
    const { browser } = await staff(LOOK);
    const path = `/admin/clients/${world.cast.ada.clientId}/acting`;
    for (const reason of ['', ' \u200b ', 'x'.repeat(301)])
      assert.equal((await browser.post(path, { reason })).statusCode, 422);
    const csrf = csrfOf(await browser.get(path));
    const foreign = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await browser.postRaw(path, { csrf, reason: 'Ticket' }, foreign)).statusCode, 403);
    assert.equal((await browser.postRaw(path, { reason: 'Ticket' }, OWN)).statusCode, 403);
    assert.equal(actingToken(browser), '');
  });

  test('whoever did not prove lately who they are is asked again first', async () => {
    const { browser } = await staff(LOOK);
    world.clock.turn(minutes(16));
    const path = `/admin/clients/${world.cast.ada.clientId}/acting`;
    assert.match(leadsTo(await browser.get(path)), /^\/admin\/confirm-identity\?goto=/);
  });

  test('it ends with whatever it hangs on, at the next click, and for good', async () => {
    const { ctx, cast } = world;
    type Someone = Awaited<ReturnType<typeof staff>>;
    const ends: Readonly<Record<string, (one: Someone) => Promise<unknown>>> = {
      'their sign-out': ({ browser }) => browser.post('/admin/logout'),
      'their deactivation': ({ id }) => changeAdministrator(ctx, SYSTEM, id, { disabled: true }),
      'the permission taken from the role': ({ roleId, roleName }) =>
        changeRole(ctx, SYSTEM, roleId, { name: roleName, permissions: ['Main Homepage'] }),
      'another role': async ({ id }) => {
        const roleId = await addRole(ctx, SYSTEM, { name: `Less ${made}`, permissions: ['Main Homepage'] });
        return changeAdministrator(ctx, SYSTEM, id, { roleId });
      },
      'their sessions ended by others': ({ id }) => endStaffSessions(ctx, SYSTEM, id, 0),
      'the end of its half hour': async () => world.clock.turn(minutes(30)),
      'the user deactivated': () => setUserDisabled(ctx, SYSTEM, cast.eve.id, true),
    };
    for (const [what, end] of Object.entries(ends)) {
      const one = await staff(WRITE);
      await enter(one.browser, true, cast.eve.clientId);
      const token = actingToken(one.browser);
      const at = `/account/${cast.eve.clientId}`;
      const csrf = csrfOf(await one.browser.get(at));
      await end(one);
      const before = await stateOf(world);
      const posted = await one.browser.postRaw(`${at}/contacts/new`, { csrf, ...EVERY_FIELD }, OWN);
      // Who signed out of the admin area is not led back there: the cookie went with it.
      assert.match(leadsTo(posted), what === 'their sign-out' ? /^\/login$/ : /^\/admin\//, what);
      const looked = world.browser();
      looked.cookies.set('doorward-acting', token);
      assert.match(leadsTo(await looked.get(at)), /^\/admin\//, what);
      assert.deepEqual({ ...(await stateOf(world)), sessions: '' }, { ...before, sessions: '' }, what);
      await changeRole(ctx, SYSTEM, one.roleId, { name: one.roleName, permissions: ['Main Homepage', ...WRITE] });
      await changeAdministrator(ctx, SYSTEM, one.id, { disabled: false, roleId: one.roleId });
      await setUserDisabled(ctx, SYSTEM, cast.eve.id, false);
      assert.ok('ended' in (await checkActingSession(ctx, token)), `${what}, and given back`);
    }
  });

  test('a right to change that is taken leaves the looking', async () => {
    const one = await staff(WRITE);
    await enter(one.browser, true);
    const csrf = csrfOf(await one.browser.get(home));
    const permissions = ['Main Homepage', ...LOOK];
    await changeRole(world.ctx, SYSTEM, one.roleId, { name: one.roleName, permissions });
    assert.equal((await one.browser.postRaw(`${home}/contacts/new`, { csrf, ...EVERY_FIELD }, OWN)).statusCode, 403);
    assert.match((await one.browser.get(home)).body, /change nothing/);
  });

  test('a session of their own in the same browser stays, unseen until they leave', async () => {
    const one = await staff(LOOK);
    const { browser } = one;
    await browser.signIn(world.cast.ben.email);
    await enter(browser, false, world.cast.eve.clientId);
    assert.match((await browser.get('/user/profile')).body, /eve@example\.test/);
    const left = await browser.post(LEAVING, {}, { from: '/user/profile' });
    assert.equal(leadsTo(left), `/admin/clients/${world.cast.eve.clientId}`);
    assert.match((await browser.get('/user/profile')).body, /ben@example\.test/);
    assert.ok(!(await browser.get(home)).body.includes('dw-staff-bar'));
  });

  test('what was meant in a user’s place is not done in one’s own when the time is over', async () => {
    const { browser } = await staff(WRITE);
    await browser.signIn(world.cast.ada.email);
    await enter(browser, true);
    const csrf = csrfOf(await browser.get(home));
    world.clock.turn(minutes(30));
    const before = await stateOf(world);
    const late = await browser.postRaw(`${home}/contacts/new`, { csrf, ...EVERY_FIELD }, OWN);
    assert.equal(leadsTo(late), `/admin/clients/${world.cast.ada.clientId}`);
    assert.equal((await browser.postRaw(`${home}/contacts/new`, { csrf, ...EVERY_FIELD }, OWN)).statusCode, 403);
    assert.deepEqual(await stateOf(world), before);
  });

  test('other sites open to who may change alone, and that is written down', async () => {
    const { ctx, cast } = world;
    await changeDestination(ctx, SYSTEM, 'clientarea:invoices', 'https://billing.example.test/of/{client_id}');
    const { browser } = await staff(WRITE);
    await enter(browser);
    assert.equal((await browser.get(`${home}/go/invoices`)).statusCode, 403);
    await enter(browser, true);
    assert.equal(
      leadsTo(await browser.get(`${home}/go/invoices`)),
      `https://billing.example.test/of/${cast.ada.clientId}`,
    );
    const [line] = await auditLines(ctx, { event: 'admin.impersonation.forwarded' }, { limit: 5 });
    assert.equal(line?.clientId, cast.ada.clientId);
    await changeDestination(ctx, SYSTEM, 'clientarea:invoices', '');
  });

  test('no page of it can be framed, and the bar with the way out is on each', async () => {
    const { browser } = await staff(LOOK);
    await enter(browser);
    let seen = 0;
    for (const { address } of [
      ...clientPages.filter(({ page }) => page.get && !page.spendsByGet),
      { address: '/nowhere' },
    ]) {
      const answer = await browser.get(addressOf(address));
      assert.equal(answer.headers['x-frame-options'], 'DENY', address);
      assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/, address);
      assert.equal(answer.headers['cache-control'], 'no-store', address);
      if (answer.statusCode === 303 || String(answer.headers['content-type']).includes('text/html') === false) continue;
      seen += 1;
      assert.match(answer.body, /dw-staff-bar.*action="\/acting\/leaving"/, address);
      assert.doesNotMatch(answer.body, /action="\/logout"/, address);
    }
    assert.ok(seen > 20);
    const form = await browser.get(`/admin/clients/${world.cast.ada.clientId}/acting`);
    assert.equal(form.headers['x-frame-options'], 'DENY');
  });

  test('the person’s own sign-in shows no trace of a sign-in, and their account none of a visit', async () => {
    const { ctx, cast } = world;
    const state = async () => {
      const user = await ctx.db.selectFrom('users').selectAll().where('id', '=', cast.cleo.id).executeTakeFirst();
      const member = await ctx.db.selectFrom('members').selectAll().where('user_id', '=', cast.cleo.id).execute();
      const signIns = await auditLines(ctx, { userId: cast.cleo.id, event: 'user.login.success' }, { limit: 5 });
      return { user, member, signIns: signIns.length };
    };
    const before = await state();
    const { browser } = await staff(LOOK);
    await enter(browser, false, cast.cleo.clientId); // no second factor of hers is asked, nor shown
    assert.equal((await browser.get(`/account/${cast.cleo.clientId}`)).statusCode, 200);
    assert.deepEqual(await state(), before);
  });
});

/** Pages that staff with the right to change may post to. */
function isOfTheAccount(who: (typeof clientPages)[number]['page']['who']): boolean {
  return who.is === 'account' && isAccessPermission(who.permission);
}

/** Enough of every form that a post which got through would do something. */
const EVERY_FIELD = {
  firstName: 'Changed',
  lastName: 'Changed',
  companyName: 'Changed',
  email: 'changed@example.test',
  address1: 'Changed',
  city: 'Changed',
  state: 'Changed',
  postcode: 'AB1 2CD',
  country: 'GB',
  phoneNumber: '+442079460000',
  language: 'de',
  password: 'nine paper boats drifting',
  current: 'correct horse battery staple',
  confirm: 'Analytical Engines Ltd',
  session: 'others',
  permissions: ['orders'],
  marketing: '1',
  to: 'on',
  number: '12',
  terms: '1',
};
