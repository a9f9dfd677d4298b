// What somebody would try who means harm: with a link that was not meant for them, with ids of other accounts, with more than
// they hold, with an access that is over, and with our letters.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccessLimits } from '#domain/access/access.ts';
import type { Invitation } from '#domain/access/invitations.ts';
import { invitationsOf, invite } from '#domain/access/invitations.ts';
import { changeAccess, removeMember } from '#domain/access/member-changes.ts';
import { findMember, peopleOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { csrfOf, leadsTo, seen } from '#tests/attacks/entrance/posted.ts';
import { newMember, newPerson } from '#tests/people.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';
const OWN = { 'sec-fetch-site': 'same-origin' };

onBothDatabases('attacks on the access to accounts', (database) => {
  let world: World;
  let clientId: number;
  let people: string;
  before(async () => {
    world = await testWorld(database);
    clientId = world.cast.ada.clientId;
    people = `/account/${clientId}/users`;
  });
  after(() => world.close());

  const member = (permissions: AccessPermission[], limits?: AccessLimits) =>
    newMember(world.ctx, clientId, permissions, limits);
  const signedIn = async (email: string, ip?: string): Promise<TestBrowser> => {
    const browser = world.browser(ip === undefined ? {} : { ip });
    await browser.signIn(email);
    return browser;
  };
  const invited = async (email: string): Promise<string> => {
    await invite(world.ctx, SYSTEM, clientId, {
      email,
      permissions: ['tickets'],
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
    });
    return new URL((await world.letterTo(email)).link).pathname;
  };
  const waiting = async (email: string): Promise<Invitation | undefined> =>
    (await invitationsOf(world.ctx, clientId)).find((one) => one.email === email);

  test('a forwarded link, opened by somebody else who is signed in, gives nothing and is not burned', async () => {
    const link = await invited('forwarded@example.test');
    const eve = await signedIn('eve@example.test');
    const shown = await eve.get(link);
    assert.match(shown.body, /This invitation is for f•••@example\.test alone/);
    assert.ok(!shown.body.includes('forwarded@example.test'));
    const csrf = csrfOf(await eve.get('/password/reset'));
    const post = await eve.postRaw(link, { csrf, email: 'forwarded@example.test', password: FRESH }, OWN);
    assert.equal(post.statusCode, 403);
    assert.equal(await findMember(world.ctx, world.cast.eve.id, clientId), undefined);
    assert.equal(await findUserByEmail(world.ctx, 'forwarded@example.test'), undefined);
    const addressee = world.browser();
    const accepted = await addressee.post(link, { firstName: 'The', lastName: 'Addressee', password: FRESH });
    assert.equal(leadsTo(accepted), '/');
  });

  test('a stranger with a forwarded link cannot come in under another address, typed or smuggled', async () => {
    const link = await invited('smuggled@example.test');
    const stranger = world.browser();
    await stranger.post(link, { firstName: 'A', lastName: 'B', email: 'mallory@example.test', password: FRESH });
    assert.equal(await findUserByEmail(world.ctx, 'mallory@example.test'), undefined);
    const user = await findUserByEmail(world.ctx, 'smuggled@example.test');
    assert.ok(user, 'what the form does not ask for is not read');
  });

  test('of somebody who signs in here already nobody is made a second time, nor is their password replaced', async () => {
    const link = await invited('eve@example.test');
    const stranger = world.browser();
    const csrf = csrfOf(await stranger.get(`${link}/declining`));
    const post = await stranger.postRaw(link, { csrf, firstName: 'E', lastName: 'A', password: FRESH }, OWN);
    assert.match(leadsTo(post), /^\/login\?goto=/);
    assert.match(leadsTo(await stranger.signIn('eve@example.test')), /^\//);
    assert.ok(await waiting('eve@example.test'));
  });

  test('mixed case is the same address; look-alikes and addresses with a tail are others', async () => {
    const link = await invited('MiXed@Example.Test');
    for (const other of [
      'mіxed@example.test',
      'mixed+1@example.test',
      'mixed@example.test.evil.test',
      'mixed@examp1e.test',
    ]) {
      const { email } = await newPerson(world.ctx, { email: other });
      const browser = await signedIn(email);
      const csrf = csrfOf(await browser.get('/password/reset'));
      assert.equal((await browser.postRaw(link, { csrf }, OWN)).statusCode, 403, other);
    }
    const { id, email } = await newPerson(world.ctx, { email: 'mixed@example.test' });
    const browser = await signedIn(email);
    assert.equal(leadsTo(await browser.post(link)), `/account/${clientId}`);
    assert.ok(await findMember(world.ctx, id, clientId));
    const again = await signedIn('ada@example.test');
    const twice = await again.post(`${people}/invite`, { email: 'MIXED@EXAMPLE.TEST', permissions: 'tickets' });
    assert.match(twice.body, /has access to the account already/);
    for (const odd of [
      'mi\u200bxed@example.test',
      'mixed@example.test\r\nBcc: all@example.test',
      'mixed＠example.test',
    ]) {
      const post = await again.post(`${people}/invite`, { email: odd, permissions: 'tickets' });
      assert.equal(post.statusCode, 422, JSON.stringify(odd));
    }
  });

  test('guessed, used, replaced, cancelled and malformed links are answered alike, whoever asks and however', async () => {
    const used = await invited('used@example.test');
    await world.browser().post(used, { firstName: 'U', lastName: 'Sed', password: FRESH });
    const late = await invited('late@example.test');
    world.clock.turn(days(8));
    const guess = `/invite/${'A'.repeat(43)}`;
    const paths = [used, late, guess, '/invite/x', '/invite/__proto__', '/invite/%00', `/invite/${'9'.repeat(200)}`];
    for (const suffix of ['', '/declining']) {
      const stranger = world.browser();
      await stranger.get('/login'); // has its cookie
      const answers: unknown[] = [];
      for (const path of paths) answers.push(seen(await stranger.get(`${path}${suffix}`), [path]));
      for (const [at, answer] of answers.entries()) assert.deepEqual(answer, answers[0], String(paths[at]));
      assert.equal((await stranger.get(`${guess}${suffix}`)).statusCode, 404);
    }
    const stranger = world.browser({ ip: '192.0.2.77' });
    const csrf = csrfOf(await stranger.get('/password/reset'));
    const post = async (path: string) =>
      seen(await stranger.postRaw(path, { csrf, firstName: 'A', lastName: 'B', password: FRESH }, OWN), [path]);
    const [first, ...rest] = [await post(guess), await post(used), await post(late), await post('/invite/x')];
    for (const one of rest) assert.deepEqual(one, first);
  });

  test('guessing links is slowed down, with the same words for all', async () => {
    const stranger = world.browser({ ip: '198.51.100.78' });
    const csrf = csrfOf(await stranger.get('/password/reset'));
    const statuses: number[] = [];
    for (let at = 0; at < 62; at += 1)
      statuses.push((await stranger.postRaw(`/invite/guess${at}`, { csrf }, OWN)).statusCode);
    assert.deepEqual([statuses[0], statuses[59], statuses[60], statuses[61]], [403, 403, 429, 429]);
  });

  test('opening a link, looking ahead and posting from another site spend nothing', async () => {
    const link = await invited('preview@example.test');
    const stranger = world.browser();
    await stranger.get(link);
    await stranger.get(link, { 'sec-purpose': 'prefetch' });
    await stranger.get(`${link}/declining`);
    const csrf = csrfOf(await stranger.get(`${link}/declining`));
    await stranger.postRaw(`${link}/declining`, { csrf }, { 'sec-fetch-site': 'cross-site' });
    await stranger.postRaw(`${link}/declining`, {}, OWN);
    assert.ok(await waiting('preview@example.test'));
  });

  test("swapped ids: another account's people and invitations are not found, by any page", async () => {
    await invited('swapped@example.test');
    const id = (await waiting('swapped@example.test'))?.id;
    const eve = await signedIn('eve@example.test');
    const csrf = csrfOf(await eve.get('/user/profile'));
    const { ada, ben, eve: cast } = world.cast;
    const own = `/account/${cast.clientId}/users`;
    for (const path of [
      people,
      `${people}/invite`,
      `${people}/${ben.id}`,
      `${people}/${ben.id}/removal`,
      `${people}/invitations/${id}/fresh-letter`,
      `${people}/invitations/${id}/cancellation`,
      `${own}/${ben.id}`,
      `${own}/${ada.id}/removal`,
      `${own}/invitations/${id}/fresh-letter`,
      `${own}/invitations/${id}/cancellation`,
      `/user/accounts/${clientId}/leaving`,
    ]) {
      assert.equal((await eve.get(path)).statusCode, 404, path);
      const fields = { csrf, email: 'x@example.test', permissions: 'tickets' };
      assert.equal((await eve.postRaw(path, fields, OWN)).statusCode, 404, path);
    }
    assert.ok(await findMember(world.ctx, ben.id, clientId));
    assert.ok(await waiting('swapped@example.test'));
    const root = world.browser();
    await root.signIn('root');
    const admin = `/admin/clients/${cast.clientId}/users`;
    for (const path of [`${admin}/invitations/${id}/cancellation`, `${admin}/${ben.id}`, `${admin}/${ben.id}/removal`])
      assert.equal((await root.get(path)).statusCode, 404, path);
  });

  test('a member without the right to invite, and one with it, get at nothing of the owner', async () => {
    const plain = await member(['profile', 'contacts', 'emails']);
    const inviter = await member(['profile'], { mayInvite: true });
    const { ben } = world.cast;
    for (const [email, pages] of [
      [plain.email, [people, `${people}/invite`, `${people}/${ben.id}`, `${people}/${ben.id}/removal`]],
      [inviter.email, [`${people}/${ben.id}`, `${people}/${ben.id}/removal`, `${people}/second-factor`]],
    ] as const) {
      const browser = await signedIn(email);
      const csrf = csrfOf(await browser.get('/user/profile'));
      for (const path of pages) {
        assert.equal((await browser.get(path)).statusCode, 403, `${email} ${path}`);
        const fields = { csrf, permissions: 'profile', asks: 'yes', email: 'x@example.test' };
        const post = await browser.postRaw(path, fields, OWN);
        assert.equal(post.statusCode, path === people ? 404 : 403, path);
      }
    }
    const browser = await signedIn(inviter.email);
    const list = (await browser.get(people)).body;
    assert.ok(!list.includes('ben@example.test') && !list.includes('Ben Guest'), 'nor to see who else is here');
    assert.deepEqual((await findMember(world.ctx, ben.id, clientId))?.permissions, ['products', 'tickets']);
  });

  test('inviting to more than one holds is refused, however the form is bent', async () => {
    const endsAt = world.ctx.now() + days(3);
    const inviter = await member(['tickets'], { mayInvite: true, endsAt });
    const browser = await signedIn(inviter.email);
    const page = await browser.get(`${people}/invite`);
    assert.ok(!page.body.includes('value="invoices"') && !page.body.includes('name="mayInvite"'));
    const csrf = csrfOf(page);
    const post = async (over: Record<string, string | string[]>): Promise<number> => {
      const fields = { csrf, email: 'accomplice@example.test', permissions: ['tickets'], endsAt: '', ...over };
      return (await browser.postRaw(`${people}/invite`, fields, OWN)).statusCode;
    };
    const soon = new Date(endsAt - days(1)).toISOString().slice(0, 10);
    assert.equal(await post({ endsAt: soon, permissions: ['tickets', 'invoices'] }), 422);
    assert.equal(await post({ endsAt: soon, permissions: ['owner'] }), 422);
    assert.equal(await post({ endsAt: soon, mayInvite: '1' }), 422);
    assert.equal(await post({}), 422, 'without an end');
    assert.equal(await post({ lasts: '7' }), 422);
    assert.equal(await post({ endsAt: '2030-01-01' }), 422);
    assert.equal(await waiting('accomplice@example.test'), undefined);
    assert.equal(
      await post({ endsAt: soon, isOwner: '1', by_staff: '1', clientId: String(world.cast.eve.clientId) }),
      303,
    );
    const sent = await waiting('accomplice@example.test');
    assert.deepEqual([sent?.permissions, sent?.mayInvite], [['tickets'], false]);
    await removeMember(world.ctx, SYSTEM, inviter.id, clientId);
    assert.equal(await waiting('accomplice@example.test'), undefined, 'and it goes with whoever sent it');
  });

  test('nobody writes themselves more than they have, or makes an owner, by editing a member', async () => {
    const guest = await member(['tickets'], { mayInvite: true });
    const browser = await signedIn(guest.email);
    const csrf = csrfOf(await browser.get('/user/profile'));
    await browser.postRaw(`${people}/${guest.id}`, { csrf, permissions: ['profile', 'orders'] }, OWN);
    assert.deepEqual((await findMember(world.ctx, guest.id, clientId))?.permissions, ['tickets']);
    const ada = await signedIn('ada@example.test');
    const fields = { permissions: ['tickets'], isOwner: '1', is_owner: '1', userId: String(world.cast.eve.id) };
    await ada.post(`${people}/${guest.id}`, fields);
    const owners = (await peopleOf(world.ctx, clientId)).filter((one) => one.member.isOwner);
    assert.deepEqual(
      owners.map((one) => one.user.id),
      [world.cast.ada.id],
    );
    const own = await ada.get(`${people}/${world.cast.ada.id}`);
    assert.equal(own.statusCode, 403, 'an owner edits no owner');
  });

  test('an open session does not outlive the term, on any page, and a permission is gone with the next click', async () => {
    const guest = await member(['profile', 'tickets'], { endsAt: world.ctx.now() + days(1) / 24 });
    const browser = await signedIn(guest.email);
    const home = `/account/${clientId}`;
    const page = await browser.get(`${home}/details`);
    assert.equal(page.statusCode, 200);
    const csrf = csrfOf(page);
    await changeAccess(world.ctx, SYSTEM, guest.id, clientId, { permissions: ['tickets'] });
    assert.equal((await browser.get(`${home}/details`)).statusCode, 403);
    await changeAccess(world.ctx, SYSTEM, guest.id, clientId, { permissions: ['profile'] });
    world.clock.turn(days(1) / 24);
    for (const path of [home, `${home}/details`, `${home}/go/tickets`, people]) {
      const answer = await browser.get(path);
      assert.equal(answer.statusCode, 403, path);
      assert.match(answer.body, /Your access to Analytical Engines Ltd ended on/);
      assert.doesNotMatch(answer.body, /Placeholder Road|Sampletown/);
    }
    const post = await browser.postRaw(`${home}/details`, { csrf, city: 'Elsewhere' }, OWN);
    assert.equal(post.statusCode, 403);
    assert.equal(leadsTo(await browser.get('/')), '(200)', 'nothing is chosen for them');
    const menu = (await browser.get('/user/profile')).body;
    assert.ok(!menu.includes(`href="/account/${clientId}"`), 'nor is it in the menu');
  });

  test('flooding somebody with our letters stops: by account, by address, by sending again', async () => {
    const ada = await signedIn('ada@example.test');
    const lettersTo = async (address: string): Promise<number> =>
      (await world.ctx.db.selectFrom('letters').select('id').where('to_address', '=', address).execute()).length;
    const target = 'flooded@example.test';
    await ada.post(`${people}/invite`, { email: target, permissions: 'tickets' });
    const id = (await waiting(target))?.id;
    for (let at = 0; at < 8; at += 1) await ada.post(`${people}/invitations/${id}/fresh-letter`);
    assert.equal(await lettersTo(target), 6, 'the first and five more');
    const refused = await ada.post(`${people}/invitations/${id}/fresh-letter`);
    assert.equal(refused.statusCode, 429);
    assert.ok(Number(refused.headers['retry-after']) > 0);
    for (let at = 0; at < 8; at += 1) {
      const waits = await waiting(target);
      if (waits) await ada.post(`${people}/invitations/${waits.id}/cancellation`);
      await ada.post(`${people}/invite`, { email: target.toUpperCase(), permissions: 'tickets' });
    }
    const all = (await lettersTo(target)) + (await lettersTo(target.toUpperCase()));
    assert.ok(all <= 10, `${all} letters to one address`);
    let last = 0;
    for (let at = 0; at < 45; at += 1)
      last = (await ada.post(`${people}/invite`, { email: `list${at}@example.test`, permissions: 'tickets' }))
        .statusCode;
    assert.equal(last, 429, 'a mailing list is not what invitations are for');
    world.clock.turn(days(1));
  });

  test('whether an address is known makes no difference to whoever invites it', async () => {
    const { id } = await newPerson(world.ctx, { email: 'known@example.test' });
    assert.ok(id);
    const inviter = await member(['tickets'], { mayInvite: true });
    const browser = await signedIn(inviter.email);
    const answers = [];
    for (const email of ['known@example.test', 'never-seen@example.test']) {
      const post = await browser.post(`${people}/invite`, { email, permissions: 'tickets' });
      answers.push(seen(post, [email]));
      const list = (await browser.get(people)).body;
      assert.ok(list.includes(email));
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  test('somebody who has the address but not the link gets nothing by signing in', async () => {
    await invited('squatter@example.test');
    const { id, email } = await newPerson(world.ctx, { email: 'squatter@example.test' });
    const browser = await signedIn(email);
    assert.doesNotMatch((await browser.get('/')).body, /invite\//);
    assert.equal(await findMember(world.ctx, id, clientId), undefined);
    assert.equal(leadsTo(await browser.get('/login')), '/', PASSWORD.length > 0 ? 'signed in' : '');
    assert.ok((await auditLines(world.ctx, { clientId, event: 'access.invited' }, { limit: 1 })).length === 1);
  });
});
