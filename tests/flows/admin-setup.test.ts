// The set-up half of the admin area: staff and their roles, programs and what they may call, who is kept out, where single
// sign-on leads, the settings, the letters, the log, and one's own account.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import { listApiRoles, listCredentials } from '#domain/administrators/api-credentials.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit, auditLines, countAuditLines } from '#domain/audit/audit.ts';
import { searchAudit } from '#domain/audit/audit-search.ts';
import { listBans } from '#domain/guard/bans.ts';
import { letterHistory, queueLetter } from '#domain/mail/outbox.ts';
import { pageOfStaffSessions } from '#domain/sessions/staff-log.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { settingTexts } from '#domain/settings/settings.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { findJobs } from '#src/jobs.ts';
import { plansOf } from '#tests/plans.ts';
import { fieldValue, leadsTo, signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const FRESH = 'nine paper boats drifting';

const isIn = async (browser: TestBrowser): Promise<boolean> =>
  (await browser.get('/admin/account/sessions')).statusCode === 200;
const roleNamed = async (world: World, name: string): Promise<number> =>
  (await listRoles(world.ctx)).find((role) => role.name === name)?.id ?? 0;
const staffNamed = async (world: World, username: string) => {
  const found = (await listAdministrators(world.ctx)).find((one) => one.username === username);
  assert.ok(found, username);
  return found;
};

onBothDatabases('administrators', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const newcomer = async (over: Record<string, string> = {}) => ({
    firstName: 'Nia',
    lastName: 'Newcomer',
    email: 'nia@staff.example.test',
    role: String(await roleNamed(world, 'Sales Operator')),
    username: 'nia',
    how: 'letter',
    ...over,
  });

  test('the list says who, with which role, whether they can sign in, and when they last did', async () => {
    const words = wordsOf(await root.get('/admin/administrators'));
    assert.match(words, /root Staff You User name root Role Full Administrator State Active Last sign-in now/);
    assert.match(words, /sam Staff User name sam Role Support Operator State Active Last sign-in – Never/);
  });

  test('a newcomer gets a letter, chooses a password by its link, and signs in with the role they were given', async () => {
    const added = await root.post('/admin/administrators/new', await newcomer());
    const nia = await staffNamed(world, 'nia');
    assert.equal(leadsTo(added), `/admin/administrators/${nia.id}`);
    const letter = await world.letterTo('nia@staff.example.test');
    assert.match(letter.text, /sign in with nia\./);
    const stranger = world.browser();
    await stranger.post(new URL(letter.link).pathname, { password: FRESH });
    await stranger.signIn('nia', FRESH);
    assert.ok(await isIn(stranger));
    assert.equal((await stranger.get('/admin/clients')).statusCode, 200);
    assert.equal((await stranger.get('/admin/administrators')).statusCode, 403);
  });

  test('a newcomer with a chosen password signs in with it at once, and no letter is sent', async () => {
    const fields = { username: 'paul', email: 'paul@staff.example.test', how: 'password', password: FRESH };
    await root.post('/admin/administrators/new', await newcomer(fields));
    await signedIn2(world, 'paul', FRESH);
    assert.ok((await letterHistory(world.ctx, {}, { limit: 20 })).every((one) => one.to !== 'paul@staff.example.test'));
  });

  test('everything wrong is said at its field at once, and what was typed stays, but for the password', async () => {
    const typed = await newcomer({
      firstName: ' ',
      email: 'nobody',
      username: '1st',
      how: 'password',
      password: 'short',
    });
    const answer = await root.post('/admin/administrators/new', typed);
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(wrongFields(answer), ['email', 'firstName', 'password', 'username']);
    assert.equal(fieldValue(answer, 'email'), 'nobody');
    assert.equal(fieldValue(answer, 'role'), typed.role);
    assert.doesNotMatch(answer.body, /value="short"/);
  });

  test('a name or address that somebody has is refused at its field, and without a role nobody is made', async () => {
    const name = await root.post('/admin/administrators/new', await newcomer({ username: 'SAM', email: 'x@y.test' }));
    assert.deepEqual(wrongFields(name), ['username']);
    const taken = await newcomer({ username: 'other', email: 'SAM@staff.example.test' });
    assert.deepEqual(wrongFields(await root.post('/admin/administrators/new', taken)), ['email']);
    const none = await newcomer({ username: 'other', email: 'x@y.test', role: '' });
    assert.deepEqual(wrongFields(await root.post('/admin/administrators/new', none)), ['role']);
    assert.ok((await listAdministrators(world.ctx)).every((one) => one.username !== 'other'));
  });

  test('names, address, role, signature and notes are changed; the old address is told', async () => {
    const { id } = await staffNamed(world, 'sam');
    const role = String(await roleNamed(world, 'Sales Operator'));
    const change = { firstName: 'Samuel', lastName: 'Porter', email: 'samuel@staff.example.test', role };
    const texts = { signature: 'Kind regards\r\nSamuel', notes: 'On leave in May' };
    const done = await root.post(`/admin/administrators/${id}`, { ...change, ...texts });
    assert.equal(leadsTo(done), `/admin/administrators/${id}`);
    const sam = await staffNamed(world, 'sam');
    assert.deepEqual(
      [sam.firstName, sam.lastName, sam.email, sam.role.name, sam.signature, sam.notes],
      ['Samuel', 'Porter', 'samuel@staff.example.test', 'Sales Operator', 'Kind regards\nSamuel', 'On leave in May'],
    );
    const told = await world.letterTo('sam@staff.example.test');
    assert.match(told.text, /your sign-in sam .* is now s•••@staff\.example\.test/);
    const page = await root.get(`/admin/administrators/${id}`);
    assert.equal(fieldValue(page, 'signature'), 'Kind regards\nSamuel');
  });

  test('ending their sessions signs them out everywhere, and they can sign in again', async () => {
    const { id } = await staffNamed(world, 'sam');
    const [one, other] = [await signedIn(world, 'sam'), await signedIn(world, 'sam')];
    assert.match(wordsOf(await root.get(`/admin/administrators/${id}/sessions/end`)), /2 sessions end at once/);
    await root.post(`/admin/administrators/${id}/sessions/end`);
    assert.deepEqual([await isIn(one), await isIn(other)], [false, false]);
    assert.ok(await isIn(await signedIn(world, 'sam')));
  });

  test('disabling shuts them out at once with all they have, and letting them in again undoes it', async () => {
    const { id } = await staffNamed(world, 'sam');
    const sam = await signedIn(world, 'sam');
    await root.post(`/admin/administrators/${id}/deactivation`);
    assert.ok(!(await isIn(sam)));
    await sam.signIn('sam');
    assert.ok(!(await isIn(sam)));
    assert.match(wordsOf(await root.get(`/admin/administrators/${id}`)), /Disabled since/);
    const letter = await root.post(`/admin/administrators/${id}/password-letter`);
    assert.equal(letter.statusCode, 409, 'a link would open nothing');
    await root.post(`/admin/administrators/${id}/activation`);
    assert.ok(await isIn(await signedIn(world, 'sam')));
  });

  test('a letter with a link is sent on demand, and the newest link alone works', async () => {
    const { id, email } = await staffNamed(world, 'paul');
    await root.post(`/admin/administrators/${id}/password-letter`);
    const first = await world.letterTo(email);
    await root.post(`/admin/administrators/${id}/password-letter`);
    const second = await world.letterTo(email);
    assert.notEqual(first.link, second.link);
    const stranger = world.browser();
    assert.doesNotMatch((await stranger.get(new URL(first.link).pathname)).body, /name="password"/);
    assert.match((await stranger.get(new URL(second.link).pathname)).body, /name="password"/);
  });

  test('the last full administrator keeps the role and the door, and the page says so', async () => {
    const { id } = world.cast.root;
    const page = await root.get(`/admin/administrators/${id}`);
    assert.match(wordsOf(page), /This is the last full administrator/);
    assert.doesNotMatch(page.body, /name="role"|deactivation/);
    const details = { firstName: 'root', lastName: 'Staff', email: 'root@staff.example.test' };
    const role = String(await roleNamed(world, 'Sales Operator'));
    const demoted = await root.post(`/admin/administrators/${id}`, { ...details, role });
    assert.equal(demoted.statusCode, 422);
    assert.match(wordsOf(demoted), /Make another one first/);
    assert.equal((await root.post(`/admin/administrators/${id}/deactivation`)).statusCode, 409);
    assert.equal((await staffNamed(world, 'root')).role.name, 'Full Administrator');
  });

  test('nobody disables themselves, be there another full administrator or not', async () => {
    const role = String(await roleNamed(world, 'Full Administrator'));
    const second = { username: 'second', email: 'second@staff.example.test', role, how: 'password', password: FRESH };
    await root.post('/admin/administrators/new', await newcomer(second));
    const answer = await root.post(`/admin/administrators/${world.cast.root.id}/deactivation`);
    assert.equal(answer.statusCode, 409);
    assert.match(wordsOf(answer), /You cannot disable yourself/);
    assert.ok(await isIn(root));
  });

  test('notes are for oneself and full administrators: others neither see nor overwrite them', async () => {
    const { id } = await staffNamed(world, 'sam');
    await root.post(`/admin/administrators/${id}`, await detailsOf(world, 'sam', { notes: 'For root alone' }));
    const sales = (await listRoles(world.ctx)).find((role) => role.name === 'Sales Operator');
    const manager = await staffWith(world, ['Configure Administrators', ...(sales?.permissions ?? [])]);
    const page = await manager.get(`/admin/administrators/${id}`);
    assert.equal(page.statusCode, 200);
    assert.doesNotMatch(page.body, /For root alone|name="notes"/);
    await manager.post(`/admin/administrators/${id}`, await detailsOf(world, 'sam', { notes: 'Overwritten' }));
    assert.equal((await staffNamed(world, 'sam')).notes, 'For root alone');
  });

  test('an id that nobody has is not found, in whatever way it is written', async () => {
    for (const id of ['999999', '0', '-1', 'x', '1e3', '9'.repeat(30)])
      assert.equal((await root.get(`/admin/administrators/${id}`)).statusCode, 404, id);
  });
});

/** Signs in with another password than the cast's. */
async function signedIn2(world: World, username: string, password: string): Promise<TestBrowser> {
  const browser = world.browser();
  await browser.signIn(username, password);
  assert.ok(await isIn(browser), `${username} is not signed in`);
  return browser;
}

async function detailsOf(world: World, username: string, over: Record<string, string>) {
  const { firstName, lastName, email, role } = await staffNamed(world, username);
  return { firstName, lastName, email, role: String(role.id), signature: '', ...over };
}

onBothDatabases('roles', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('a role is made with its ticks, shown with them, changed, and deleted when nobody holds it', async () => {
    await root.post('/admin/roles/new', { name: 'Accounts', permissions: ['Main Homepage', 'List Clients'] });
    const id = await roleNamed(world, 'Accounts');
    const page = await root.get(`/admin/roles/${id}`);
    const ticked = [...page.body.matchAll(/name="permissions" value="([^"]*)" checked/g)].map(([, name]) => name);
    assert.deepEqual(ticked.sort(), ['List Clients', 'Main Homepage']);
    await root.post(`/admin/roles/${id}`, { name: 'Accounting', permissions: ['Main Homepage', 'List Users'] });
    const changed = (await listRoles(world.ctx)).find((role) => role.id === id);
    assert.deepEqual([changed?.name, changed?.permissions], ['Accounting', ['Main Homepage', 'List Users']]);
    await root.post(`/admin/roles/${id}/removal`);
    assert.equal(await roleNamed(world, 'Accounting'), 0);
  });

  test('a change of a role holds from the next click of whoever has it', async () => {
    const id = await roleNamed(world, 'Support Operator');
    const sam = await signedIn(world, 'sam');
    assert.equal((await sam.get('/admin/bans')).statusCode, 403);
    const before = (await listRoles(world.ctx)).find((role) => role.id === id)?.permissions ?? [];
    await root.post(`/admin/roles/${id}`, { name: 'Support Operator', permissions: [...before, 'View Banned IPs'] });
    assert.equal((await sam.get('/admin/bans')).statusCode, 200);
    await root.post(`/admin/roles/${id}`, { name: 'Support Operator', permissions: before });
    assert.equal((await sam.get('/admin/bans')).statusCode, 403);
  });

  test('a role that somebody holds stays, and the page says how many', async () => {
    const id = await roleNamed(world, 'Support Operator');
    assert.match(wordsOf(await root.get(`/admin/roles/${id}`)), /One person still has it/);
    assert.equal((await root.post(`/admin/roles/${id}/removal`)).statusCode, 409);
    assert.equal(await roleNamed(world, 'Support Operator'), id);
  });

  test('the full role is for looking: no field, no deletion, and a post is refused', async () => {
    const id = await roleNamed(world, 'Full Administrator');
    const page = await root.get(`/admin/roles/${id}`);
    assert.match(wordsOf(page), /always holds every permission/);
    assert.doesNotMatch(page.body, /name="permissions"|\/removal"/);
    const changed = await root.post(
      `/admin/roles/${id}`,
      { name: 'x', permissions: ['Main Homepage'] },
      { from: '/admin' },
    );
    assert.equal(changed.statusCode, 409);
    assert.equal((await root.post(`/admin/roles/${id}/removal`)).statusCode, 409);
  });

  test('a role without a page to land on, without a name, or of a name that is taken is refused at its field', async () => {
    const post = async (name: string, ...permissions: string[]) =>
      wrongFields(await root.post('/admin/roles/new', { name, permissions }));
    assert.deepEqual(await post('Homeless', 'List Clients'), ['permissions']);
    assert.deepEqual(await post('', 'Main Homepage'), ['name']);
    assert.deepEqual(await post('SALES operator', 'Main Homepage'), ['name']);
    assert.deepEqual(await post('Odd', 'Main Homepage', 'Fly'), ['permissions']);
  });

  test('what was ticked stays ticked after a refusal', async () => {
    const answer = await root.post('/admin/roles/new', { name: '', permissions: ['Main Homepage', 'Mass Mail'] });
    const ticked = [...answer.body.matchAll(/name="permissions" value="([^"]*)" checked/g)].map(([, name]) => name);
    assert.deepEqual(ticked.sort(), ['Main Homepage', 'Mass Mail']);
  });
});

onBothDatabases('programs', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const call = async (credential: { identifier: string; secret: string }, action: string, ip = '127.0.0.1') => {
    const answer = await world.app.inject({
      method: 'POST',
      url: '/includes/api.php',
      remoteAddress: ip,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...credential, action, responsetype: 'json' }).toString(),
    });
    return answer.json() as { result: string };
  };
  const secretsOn = (body: string) => {
    const value = (name: string) => new RegExp(`id="secret-${name}"[^>]* value="([^"]*)"`).exec(body)?.[1] ?? '';
    return { identifier: value('identifier'), secret: value('secret') };
  };
  const made = async (fields: Record<string, string | string[]>) => {
    const page = { description: 'Script', administrator: String(world.cast.root.id), reach: 'every', ...fields };
    const answer = await root.post('/admin/api-credentials/new', page);
    assert.equal(answer.statusCode, 200, wordsOf(answer));
    return secretsOn(answer.body);
  };

  test('a credential made on the page calls the API, and is never shown again', async () => {
    const credential = await made({ description: 'Billing system' });
    assert.match(credential.identifier, /^[A-Za-z0-9]{32}$/);
    assert.equal((await call(credential, 'GetAdminDetails')).result, 'success');
    for (const path of ['/admin/api-credentials', '/admin/api-credentials/1/removal', '/admin/log'])
      assert.ok(!(await root.get(path)).body.includes(credential.secret), path);
    assert.match(wordsOf(await root.get('/admin/api-credentials')), /Billing system .* root .* Every action .* Works/);
  });

  test('an API role narrows it to its actions, changed at once, and deleting the role leaves it nothing', async () => {
    await root.post('/admin/api-roles/new', { name: 'Reading', description: 'Looks', actions: ['getadmindetails'] });
    const role = (await listApiRoles(world.ctx)).find((one) => one.name === 'Reading');
    const credential = await made({ reach: 'roles', roles: [String(role?.id)] });
    assert.equal((await call(credential, 'GetAdminDetails')).result, 'success');
    assert.equal((await call(credential, 'WhmcsDetails')).result, 'error');
    await root.post(`/admin/api-roles/${role?.id}`, { name: 'Reading', description: '', actions: ['whmcsdetails'] });
    assert.equal((await call(credential, 'WhmcsDetails')).result, 'success');
    assert.match(
      wordsOf(await root.get(`/admin/api-roles/${role?.id}/removal`)),
      /One credential has no other role: it may call nothing any more/,
    );
    await root.post(`/admin/api-roles/${role?.id}/removal`);
    assert.equal((await call(credential, 'WhmcsDetails')).result, 'error');
    assert.match(wordsOf(await root.get('/admin/api-credentials')), /No API role left/);
  });

  test('the last day of a credential is still one, and the day after is not', async () => {
    const credential = await made({ expires: '2026-06-10' });
    world.clock.turn(Date.UTC(2026, 5, 10, 23, 59) - world.clock.now());
    assert.equal((await call(credential, 'GetAdminDetails')).result, 'success');
    world.clock.turn(minutes(2));
    assert.equal((await call(credential, 'GetAdminDetails')).result, 'error');
    root = await signedIn(world, 'root');
    assert.match(wordsOf(await root.get('/admin/api-credentials')), /Ended/);
  });

  test('its own addresses bind it', async () => {
    const credential = await made({ allowedAddresses: '203.0.113.0/24\r\n\r\n 198.51.100.7 ' });
    assert.equal((await call(credential, 'GetAdminDetails', '203.0.113.9')).result, 'success');
    assert.equal((await call(credential, 'GetAdminDetails', '198.51.100.7')).result, 'success');
    assert.equal((await call(credential, 'GetAdminDetails', '127.0.0.1')).result, 'error');
  });

  test('a deleted credential is refused at its next call', async () => {
    const credential = await made({});
    const { id } = (await listCredentials(world.ctx)).find((one) => one.identifier === credential.identifier) ?? {};
    await root.post(`/admin/api-credentials/${id}/removal`);
    assert.equal((await call(credential, 'GetAdminDetails')).result, 'error');
  });

  test('what is wrong is said at its field, and nothing is made', async () => {
    const before = (await listCredentials(world.ctx)).length;
    const wrong = async (fields: Record<string, string | string[]>) => {
      const right = { description: 'x', administrator: String(world.cast.root.id), reach: 'every' };
      const answer = await root.post('/admin/api-credentials/new', { ...right, ...fields });
      assert.equal(answer.statusCode, 422);
      return wrongFields(answer);
    };
    await root.post('/admin/api-roles/new', { name: 'Some', actions: ['getclients'] });
    assert.deepEqual(await wrong({ description: ' ' }), ['description']);
    assert.deepEqual(await wrong({ administrator: '' }), ['administrator']);
    assert.deepEqual(await wrong({ reach: 'roles' }), ['roles']);
    assert.deepEqual(await wrong({ reach: 'roles', roles: ['9999'] }), ['roles']);
    assert.deepEqual(await wrong({ allowedAddresses: 'not an address' }), ['allowedAddresses']);
    assert.deepEqual(await wrong({ expires: '2026-02-31' }), ['expires']);
    assert.deepEqual(await wrong({ expires: '2020-01-01' }), ['expires']);
    assert.equal((await listCredentials(world.ctx)).length, before);
  });

  test('an API role needs a name of its own and an action that there is', async () => {
    const wrong = async (fields: Record<string, string | string[]>) =>
      wrongFields(await root.post('/admin/api-roles/new', { name: 'Fresh', actions: ['getclients'], ...fields }));
    assert.deepEqual(await wrong({ name: '' }), ['name']);
    assert.deepEqual(await wrong({ name: 'SOME' }), ['name']);
    assert.deepEqual(await wrong({ actions: [] }), ['actions']);
    assert.deepEqual(await wrong({ actions: ['dropdatabase'] }), ['actions']);
    const page = await root.get('/admin/api-roles/new');
    assert.equal([...page.body.matchAll(/name="actions"/g)].length, 162);
  });
});

onBothDatabases('allowed addresses', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.example.test' } });
    root = world.browser({ ip: '198.51.100.20' });
    await root.signIn('root');
  });
  after(() => world.close());

  const PATH = '/admin/allowed-addresses';
  const apiFrom = async (ip: string) => (await world.api('WhmcsDetails', {}, ip)).body['result'];

  test('an address that is added may call at once, one that is removed may not', async () => {
    assert.equal(await apiFrom('203.0.113.7'), 'error');
    await root.post(PATH, { range: '203.0.113.*', note: 'Office # two' });
    assert.equal(await apiFrom('203.0.113.7'), 'success');
    assert.match(wordsOf(await root.get(PATH)), /203\.0\.113\.0\/24 Note Office # two/);
    const removed = await root.post(PATH, { remove: '203.0.113.0/24' });
    assert.equal(leadsTo(removed), PATH);
    assert.equal(await apiFrom('203.0.113.7'), 'error');
  });

  test('one press adds the address one is at, whatever the form says it is', async () => {
    await root.post(PATH, { act: 'mine', range: '192.0.2.1', note: 'Where root was' });
    assert.equal(await apiFrom('198.51.100.20'), 'success');
    assert.equal(await apiFrom('192.0.2.1'), 'error');
    assert.doesNotMatch((await root.get(PATH)).body, /value="mine"/);
  });

  test('behind a public address, programs on this machine need an entry, and the page says so', async () => {
    assert.equal(await apiFrom('127.0.0.1'), 'error');
    assert.match(wordsOf(await root.get(PATH)), /They need an entry of their own/);
  });

  test('what is no address, or listed already in another spelling, is refused at the field', async () => {
    await root.post(PATH, { range: '2001:db8::/48', note: '' });
    for (const range of ['', 'office', '999.1.1.1', '1.2.3.4/33', '2001:DB8:0:0::/48', '2001:db8::/48']) {
      const answer = await root.post(PATH, { range, note: 'kept' });
      assert.deepEqual(wrongFields(answer), ['range'], range);
      assert.equal(fieldValue(answer, 'note'), 'kept');
    }
  });

  test('two who add at the same moment both have theirs', async () => {
    const csrf = /name="csrf" value="([^"]*)"/.exec((await root.get(PATH)).body)?.[1] ?? '';
    const fresh = Array.from({ length: 20 }, (_, n) => `192.0.2.${n + 100}`);
    await Promise.all(fresh.map((range) => root.postRaw(PATH, { csrf, range, note: '' })));
    const listed = (await settingTexts(world.ctx)).get('api-allowed-addresses') ?? '';
    assert.deepEqual(
      fresh.filter((range) => !listed.split('\n').includes(range)),
      [],
    );
  });
});

onBothDatabases('banned addresses', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const ban = (fields: Record<string, string>) =>
    root.post('/admin/bans/new', { reason: '', lasts: 'week', ...fields });
  const statusFrom = async (ip: string) => (await world.browser({ ip }).get('/login')).statusCode;

  test('a banned range sees nothing, until it is lifted', async () => {
    await ban({ range: '198.51.100.*', reason: 'Guessing' });
    assert.equal(await statusFrom('198.51.100.200'), 403);
    assert.equal(await statusFrom('198.51.101.200'), 200);
    assert.match(wordsOf(await root.get('/admin/bans')), /198\.51\.100\.0\/24 Reason Guessing By Staff/);
    const [held] = await listBans(world.ctx);
    const lifted = await root.post(`/admin/bans/${held?.id}/lifting`, {}, { from: '/admin/bans' });
    assert.equal(leadsTo(lifted), '/admin/bans');
    assert.equal(await statusFrom('198.51.100.200'), 200);
    const again = await root.post(`/admin/bans/${held?.id}/lifting`, {}, { from: '/admin/bans' });
    assert.equal(again.statusCode, 404);
  });

  test('a ban holds for as long as was chosen', async () => {
    await ban({ range: '192.0.2.1', lasts: 'hour' });
    await ban({ range: '192.0.2.2', lasts: 'day', expires: '2026-06-02' });
    await ban({ range: '192.0.2.3', lasts: 'good' });
    const held = async () => Promise.all(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(statusFrom));
    assert.deepEqual(await held(), [403, 403, 403]);
    world.clock.turn(hours(1));
    assert.deepEqual(await held(), [200, 403, 403]);
    world.clock.turn(days(1.5));
    assert.deepEqual(await held(), [200, 200, 403]);
    world.clock.turn(days(4000));
    assert.deepEqual(await held(), [200, 200, 403]);
    root = await signedIn(world, 'root');
  });

  test('what is wrong is said at its field, and one cannot ban oneself', async () => {
    assert.deepEqual(wrongFields(await ban({ range: 'evil' })), ['range']);
    assert.deepEqual(wrongFields(await ban({ range: '127.0.0.0/8' })), ['range']);
    for (const range of ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '::/0', '2000::/3']) {
      const wide = await ban({ range });
      assert.deepEqual(wrongFields(wide), ['range'], range);
      assert.match(wordsOf(wide), /a good part of the internet/, range);
    }
    assert.deepEqual(wrongFields(await ban({ range: '192.0.2.9', lasts: 'for ages' })), ['lasts']);
    assert.deepEqual(wrongFields(await ban({ range: '192.0.2.9', lasts: 'day', expires: '' })), ['expires']);
    assert.deepEqual(wrongFields(await ban({ range: '192.0.2.9', lasts: 'day', expires: '2020-01-01' })), ['expires']);
    assert.equal(await statusFrom('192.0.2.9'), 200);
  });

  test('a search finds by reason, by range, and by an address that a range holds', async () => {
    await ban({ range: '203.0.113.0/24', reason: 'Scraping all night' });
    for (const words of ['scraping', '203.0.113', '203.0.113.77'])
      assert.match(wordsOf(await root.get(`/admin/bans?q=${words}`)), /203\.0\.113\.0\/24/, words);
    assert.match(wordsOf(await root.get('/admin/bans?q=nothing')), /No ban fits this/);
  });

  test('leafing shows every ban once', async () => {
    for (let n = 0; n < 40; n += 1) await ban({ range: `10.9.8.${n}` });
    const rows = (body: string) => [...body.matchAll(/\/admin\/bans\/(\d+)\/lifting/g)].map(([, id]) => Number(id));
    const first = await root.get('/admin/bans');
    const second = await root.get(/rel="next" href="([^"]*)"/.exec(first.body)?.[1] ?? '');
    const all = [...rows(first.body), ...rows(second.body)];
    assert.equal(new Set(all).size, (await listBans(world.ctx)).length);
    assert.equal(all.length, new Set(all).size);
    const back = await root.get(/rel="prev" href="([^"]*)"/.exec(second.body)?.[1] ?? '');
    assert.deepEqual(rows(back.body), rows(first.body));
  });
});

onBothDatabases('single sign-on destinations', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const INVOICES = '/admin/destinations/clientarea%3Ainvoices';
  const token = async (destination: string) =>
    createSsoToken(world.ctx, actor, {
      clientId: world.cast.ada.clientId,
      userId: undefined,
      destination,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });

  test('one that leads nowhere leads to the address entered for it, with its numbers filled in, and back again', async () => {
    assert.ok(!('token' in (await token('clientarea:invoices'))));
    const address = 'https://billing.example.test/sso?client={client_id}&user={user_id}';
    assert.equal(leadsTo(await root.post(INVOICES, { address })), '/admin/destinations');
    assert.match(wordsOf(await root.get('/admin/destinations')), /clientarea:invoices Leads to Your address/);
    const made = await token('clientarea:invoices');
    assert.ok('token' in made);
    const { clientId, id } = world.cast.ada;
    const landed = await world.browser().get(`/oauth/singlesignon.php?access_token=${made.token}`);
    assert.equal(leadsTo(landed), `https://billing.example.test/sso?client=${clientId}&user=${id}`);
    await root.post(INVOICES, { address: '' });
    assert.ok(!('token' in (await token('clientarea:invoices'))));
  });

  test('an address that would do harm is refused at its field, and the others stay', async () => {
    await root.post('/admin/destinations/clientarea%3Atickets', { address: 'https://help.example.test/' });
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example',
      'HTTPS://upper.example.test/',
      'https://user:pass@example.test/',
      'https://exa mple.test/',
      'https://example.test/\nclientarea:emails https://evil.example/',
      'https://{client_id}.example.test/',
      'https://example.test/{password}',
      `https://example.test/${'a'.repeat(1000)}`,
    ]) {
      const answer = await root.post(INVOICES, { address });
      assert.deepEqual(wrongFields(answer), ['address'], address);
    }
    assert.match(wordsOf(await root.get('/admin/destinations')), /clientarea:tickets Leads to Your address/);
  });

  test('a name that is no destination is not found', async () => {
    for (const name of ['clientarea:nothing', 'constructor', '__proto__', 'sso:custom_redirect'])
      assert.equal((await root.get(`/admin/destinations/${encodeURIComponent(name)}`)).statusCode, 404, name);
  });
});

onBothDatabases('settings', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  /** The fields of an area as its page holds them. */
  const fieldsOf = async (area: string): Promise<Record<string, string | string[]>> => {
    const page = await root.get(`/admin/settings/${area}`);
    assert.equal(page.statusCode, 200, area);
    const names = [...page.body.matchAll(/<(?:input|textarea|select)[^>]* name="([a-z-]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    const fields: Record<string, string | string[]> = {};
    for (const name of new Set(names.filter((one) => one !== 'csrf' && one !== 'q'))) {
      const ticks = new RegExp(`type="checkbox"[^>]* name="${name}"`).test(page.body);
      if (!ticks) fields[name] = fieldValue(page, name) ?? '';
      else
        fields[name] = [...page.body.matchAll(new RegExp(`name="${name}"[^>]* value="([^"]*)" checked`, 'g'))].map(
          ([, v]) => v ?? '',
        );
    }
    return fields;
  };
  const save = async (area: string, over: Record<string, string | string[]>) =>
    root.post(
      `/admin/settings/${area}`,
      { ...(await fieldsOf(area)), ...over },
      { headers: { host: 'localhost:8080' } },
    );
  const value = async (name: string) => (await settingTexts(world.ctx)).get(name);

  test('a long page has an index of its headings, and each leads to one', async () => {
    for (const [area, isLong] of [
      ['security', true],
      ['api', false],
    ] as const) {
      const { body } = await root.get(`/admin/settings/${area}`);
      const index = /<nav class="dw-index"[\s\S]*?<\/nav>/.exec(body)?.[0] ?? '';
      const leads = [...index.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id);
      assert.equal(leads.length > 5, isLong, area);
      assert.deepEqual(
        [...body.matchAll(/<section class="dw-section" id="([\w-]+)"/g)].map(([, id]) => id).slice(0, leads.length),
        leads,
      );
      assert.equal(body.includes('dw-form-long'), isLong);
    }
  });

  test('saving a page as it stands changes nothing, in every area', async () => {
    const before = [...(await settingTexts(world.ctx))];
    for (const area of ['general', 'people', 'security', 'mail', 'api']) {
      assert.equal(leadsTo(await save(area, {})), `/admin/settings/${area}`);
      assert.match(wordsOf(await root.get(`/admin/settings/${area}`)), /Nothing was another than before/);
    }
    assert.deepEqual([...(await settingTexts(world.ctx))], before);
  });

  test('each kind of setting is saved and shown again', async () => {
    await save('general', { 'company-name': 'Northwind & Sons', 'accent-colour': '#AA0011' });
    await save('people', { 'optional-profile-fields': ['state', 'postcode'], 'closed-readable-days': '30' });
    await save('security', {
      'trusted-proxies': '10.0.0.0/8 # balancer\r\n\r\n192.0.2.1',
      'proxy-header': 'X-Real-IP',
    });
    await save('mail', { 'mail-signature': 'Yours,\r\nNorthwind' });
    await save('api', { 'log-api-authentication': 'on' });
    assert.equal(await value('company-name'), 'Northwind & Sons');
    assert.equal(await value('accent-colour'), '#aa0011');
    assert.equal(await value('optional-profile-fields'), 'state,postcode');
    assert.equal(await value('closed-readable-days'), '30');
    assert.equal(await value('trusted-proxies'), '10.0.0.0/8 # balancer\n192.0.2.1');
    assert.equal(await value('proxy-header'), 'x-real-ip');
    assert.equal(await value('mail-signature'), 'Yours,\nNorthwind');
    assert.equal(await value('log-api-authentication'), 'on');
    assert.equal((await fieldsOf('mail'))['mail-signature'], 'Yours,\nNorthwind');
    assert.deepEqual((await fieldsOf('people'))['optional-profile-fields'], ['state', 'postcode']);
    await save('api', { 'log-api-authentication': [] });
    assert.equal(await value('log-api-authentication'), '');
  });

  test('the chosen country stands in the forms of a new account, and another can be chosen there', async () => {
    const chosen = (body: string) => /<option value="([A-Z]{2})" selected/.exec(body)?.[1];
    const forms = ['/register', '/admin/clients/new'];
    const asked = async (path: string) => (path === '/register' ? world.browser() : root).get(path);
    for (const path of forms) assert.equal(chosen((await asked(path)).body), undefined, 'no country unless one is set');
    await save('general', { 'default-country': 'PT' });
    assert.equal(chosen((await root.get('/admin/settings/general')).body), 'PT');
    for (const path of forms) assert.equal(chosen((await asked(path)).body), 'PT', path);
    const refused = await root.post('/admin/clients/new', { country: 'DE' });
    assert.equal(chosen(refused.body), 'DE', 'what was typed goes before it');
    assert.deepEqual(wrongFields(await save('general', { 'default-country': 'XX' })), ['default-country']);
    await save('general', { 'default-country': '' });
  });

  test('one wrong value keeps the whole page from being saved, and stands there to be mended', async () => {
    const answer = await save('security', {
      'login-tries': '2',
      'session-idle-minutes': 'soon',
      'admin-session-idle-minutes': '30',
    });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(wrongFields(answer), ['login-tries', 'session-idle-minutes']);
    assert.equal(fieldValue(answer, 'session-idle-minutes'), 'soon');
    assert.equal(fieldValue(answer, 'admin-session-idle-minutes'), '30');
    assert.equal(await value('admin-session-idle-minutes'), '60');
  });

  test('another public address than the one the operator is at has to be meant', async () => {
    const before = await publicOrigin(world.ctx);
    const asked = await save('general', { 'public-url': 'https://my.example.test' });
    assert.equal(asked.statusCode, 422);
    assert.match(wordsOf(asked), /You are here as localhost:8080, which is another address/);
    assert.match(asked.body, /name="public-url-sure"/);
    assert.equal(await publicOrigin(world.ctx), before);
    const meant = { ...(await fieldsOf('general')), 'public-url': 'http://localhost:9999', 'public-url-sure': '1' };
    await root.post('/admin/settings/general', meant, { headers: { host: 'localhost:8080' } });
    assert.equal(await publicOrigin(world.ctx), 'http://localhost:9999');
    const page = await root.get('/admin/settings/general', { host: 'localhost:8080' });
    assert.match(wordsOf(page), /You are here as localhost:8080, but the public address is http:\/\/localhost:9999/);
    const back = { ...(await fieldsOf('general')), 'public-url': '' };
    await root.post('/admin/settings/general', back, { headers: { host: 'localhost:8080' } });
    assert.equal(await publicOrigin(world.ctx), before, 'the address one is at needs no second question');
  });

  test('an area that there is not is not found', async () => {
    for (const area of ['nothing', 'constructor', 'General'])
      assert.equal((await root.get(`/admin/settings/${area}`)).statusCode, 404, area);
  });
});

onBothDatabases('settings under the environment', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database, {
      environment: { DOORWARD_URL: 'http://localhost:8080', DOORWARD_TRUSTED_PROXIES: '10.1.0.0/16' },
    });
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('DOORWARD_URL is shown as what holds, cannot be typed over, and a post changes nothing of it', async () => {
    const page = await root.get('/admin/settings/general');
    assert.doesNotMatch(page.body, /name="public-url"/);
    assert.match(wordsOf(page), /http:\/\/localhost:8080 DOORWARD_URL is set/);
    await root.post('/admin/settings/general', {
      'company-name': 'N',
      'default-language': 'english',
      'public-url': 'http://evil.example',
    });
    assert.equal((await settingTexts(world.ctx)).get('public-url'), '');
    assert.equal((await settingTexts(world.ctx)).get('company-name'), 'N');
  });

  test('the proxies of the environment are named beside those of the setting', async () => {
    assert.match(wordsOf(await root.get('/admin/settings/security')), /DOORWARD_TRUSTED_PROXIES adds 10\.1\.0\.0\/16/);
  });
});

onBothDatabases('letters', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    await root.post(`/admin/users/${world.cast.ada.id}/password-letter`);
  });
  after(() => world.close());

  const newestTo = async (address: string) => {
    const found = (await letterHistory(world.ctx, {}, { limit: 100 })).find((one) => one.to === address);
    assert.ok(found);
    return found;
  };

  test('a letter is listed, found by its address in whatever case, and shown with its link masked', async () => {
    const { link } = await world.letterTo('ada@example.test');
    const { id } = await newestTo('ada@example.test');
    assert.match((await root.get('/admin/letters?q=ADA@example.test')).body, new RegExp(`/admin/letters/${id}"`));
    assert.match(wordsOf(await root.get('/admin/letters?q=ada')), /No letter fits this/);
    const page = await root.get(`/admin/letters/${id}`);
    assert.match(wordsOf(page), /••••••••/);
    assert.ok(!page.body.includes(link) && !page.body.includes(link.split('/').at(-1) ?? link));
  });

  test('the state narrows the list', async () => {
    const { id } = await newestTo('ada@example.test');
    const shows = async (state: string) =>
      (await root.get(`/admin/letters?state=${state}`)).body.includes(`/admin/letters/${id}"`);
    assert.deepEqual(await Promise.all(['waiting', 'sent', 'failed', 'expired'].map(shows)), [
      true,
      false,
      false,
      false,
    ]);
  });

  test('a letter that is over cannot go out again; a fresh one with a link of its own does', async () => {
    const first = await world.letterTo('ada@example.test');
    const { id } = await newestTo('ada@example.test');
    assert.doesNotMatch(
      (await root.get(`/admin/letters/${id}`)).body,
      /fresh-letter/,
      'while it waits it leaves by itself',
    );
    await world.ctx.db.updateTable('letters').set({ state: 'failed', sealed: null }).where('id', '=', id).execute();
    assert.match((await root.get(`/admin/letters/${id}`)).body, /fresh-letter/);
    const sent = await root.post(`/admin/letters/${id}/fresh-letter`, {}, { from: `/admin/letters/${id}` });
    assert.equal(leadsTo(sent), '/admin/letters');
    const second = await world.letterTo('ada@example.test');
    assert.notEqual(second.link, first.link);
    assert.match((await world.browser().get(new URL(second.link).pathname)).body, /name="password"/);
    assert.doesNotMatch((await world.browser().get(new URL(first.link).pathname)).body, /name="password"/);
  });

  test('a fresh letter takes the permission that the act itself takes', async () => {
    const { id } = await newestTo('ada@example.test');
    await world.ctx.db.updateTable('letters').set({ state: 'failed' }).where('id', '=', id).execute();
    const reader = await staffWith(world, ['View Email Message Log']);
    assert.doesNotMatch((await reader.get(`/admin/letters/${id}`)).body, /fresh-letter/);
    const refused = await reader.post(`/admin/letters/${id}/fresh-letter`, {}, { from: '/admin/account/sessions' });
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /Reset User Credentials/);
    const helper = await staffWith(world, ['View Email Message Log', 'Reset User Credentials']);
    const sent = await helper.post(`/admin/letters/${id}/fresh-letter`, {}, { from: '/admin/account/sessions' });
    assert.equal(leadsTo(sent), '/admin/letters');
  });

  test('a letter that only told of something has no fresh one', async () => {
    const letter = {
      kind: 'password-changed',
      language: 'en',
      direction: 'ltr',
      to: { address: 'told@example.test', name: 'T' },
      subject: 'Told',
      paragraphs: ['x'],
      small: [],
      userId: world.cast.ada.id,
      expiresAt: world.clock.now() + days(1),
    } as const;
    const id = await queueLetter(world.ctx, letter);
    const refused = await root.post(`/admin/letters/${id}/fresh-letter`, {}, { from: '/admin/letters' });
    assert.equal(refused.statusCode, 409);
  });

  test('a letter that waits for its next try is put in front', async () => {
    const { id } = await newestTo('told@example.test');
    const later = world.clock.now() + hours(4);
    await world.ctx.db
      .updateTable('letters')
      .set({ attempts: 3, next_attempt_at: later, failure: 'refused' })
      .where('id', '=', id)
      .execute();
    assert.match(
      wordsOf(await root.get(`/admin/letters/${id}`)),
      /The last try failed; it will be tried again refused/,
    );
    await root.post(`/admin/letters/${id}/next-try`, {}, { from: `/admin/letters/${id}` });
    assert.equal((await newestTo('told@example.test')).nextAttemptAt, world.clock.now());
    await world.ctx.db.updateTable('letters').set({ state: 'sent', sealed: null }).where('id', '=', id).execute();
    const over = await root.post(`/admin/letters/${id}/next-try`, {}, { from: '/admin/letters' });
    assert.equal(over.statusCode, 409);
  });
});

onBothDatabases('the activity log', (database) => {
  let world: World;
  let root: TestBrowser;
  const start = Date.UTC(2026, 0, 1);
  before(async () => {
    world = await testWorld(database, { start });
    for (let n = 1; n <= 120; n += 1) {
      await audit(
        world.ctx,
        { kind: 'user', userId: (n % 3) + 1, name: `u${n % 3}@example.test`, ip: `192.0.2.${n % 4}` },
        {
          event: n % 10 === 0 ? 'test.rare' : 'test.common',
          description: `Line number ${n} of 100%_sure`,
          clientId: (n % 2) + 1,
          details: { before: { n: n - 1 }, after: { n } },
        },
      );
      world.clock.turn(hours(1));
    }
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const numbersOn = (body: string) => [...body.matchAll(/Line number (\d+) of/g)].map(([, n]) => Number(n));
  const found = async (query: string) => numbersOn((await root.get(`/admin/log?${query}`)).body);
  const all = Array.from({ length: 120 }, (_, n) => 120 - n);

  test('leafing on and back shows every line once, the newest first', async () => {
    const first = await root.get('/admin/log?event=test.common');
    const next = (body: string, rel: string) =>
      (new RegExp(`rel="${rel}" href="([^"]*)"`).exec(body)?.[1] ?? '').replaceAll('&amp;', '&');
    const second = await root.get(next(first.body, 'next'));
    const third = await root.get(next(second.body, 'next'));
    const common = all.filter((n) => n % 10 !== 0);
    assert.deepEqual(
      [first, second, third].flatMap(({ body }) => numbersOn(body)),
      common,
    );
    assert.equal(next(third.body, 'next'), '');
    assert.deepEqual(numbersOn((await root.get(next(third.body, 'prev'))).body), numbersOn(second.body));
  });

  test('each condition narrows, and so does any mix of them', async () => {
    assert.deepEqual(
      await found('event=test.rare'),
      all.filter((n) => n % 10 === 0),
    );
    assert.deepEqual(
      await found('address=192.0.2.1&event=test.rare'),
      all.filter((n) => n % 4 === 1 && n % 10 === 0),
    );
    assert.deepEqual(
      await found('client=2&event=test.rare'),
      all.filter((n) => n % 2 === 1 && n % 10 === 0),
    );
    assert.deepEqual(
      await found('client=1&user=3&event=test.rare'),
      all.filter((n) => n % 2 === 0 && n % 3 === 2 && n % 10 === 0),
    );
    assert.deepEqual(await found('text=NUMBER%2011'), [119, 118, 117, 116, 115, 114, 113, 112, 111, 110, 11]);
    assert.deepEqual(await found('text=number%2011&event=test.rare'), [110]);
    assert.deepEqual(await found(`administrator=${world.cast.root.id}`), []);
    // An address stands for the person and for the client account that has it: all of the rare ones are of ada's client.
    assert.deepEqual((await found('user=ada@example.test&event=test.rare')).length, 12);
    assert.deepEqual((await found(`user=${world.cast.ada.id}&event=test.rare`)).length, 4);
  });

  test('signs that a database would take for any text stand for themselves', async () => {
    assert.equal((await found('text=100%25_sure&event=test.rare')).length, 12);
    assert.deepEqual(await found('text=1%25sure'), []);
    assert.deepEqual(await found('text=Line_number'), []);
    assert.deepEqual(await found('text=%5C'), []);
  });

  test('days are whole, from the first to the last named', async () => {
    assert.deepEqual(
      await found('from=2026-01-02&until=2026-01-02'),
      all.filter((n) => n > 24 && n <= 48),
    );
    assert.deepEqual((await found('until=2026-01-01')).length, 24);
    assert.deepEqual(await found('from=2030-01-01'), []);
    assert.deepEqual(await found('from=2026-01-03&until=2026-01-02'), []);
  });

  test('what cannot be read is said at its field, and nothing is shown for it', async () => {
    const answer = await root.get('/admin/log?from=tomorrow&address=nowhere&client=x&user=nobody@example.test');
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(wrongFields(answer), ['address', 'client', 'from', 'user']);
    assert.deepEqual(numbersOn(answer.body), []);
    assert.equal(fieldValue(answer, 'address'), 'nowhere');
  });

  test('a line shows who, from where, and its facts', async () => {
    const words = wordsOf(await root.get('/admin/log?event=test.rare'));
    assert.match(
      words,
      /Line number 120 of 100%_sure Details Client 1 User 1 before n: 119 after n: 120 u0@example\.test \(Customer\) · 192\.0\.2\.0/,
    );
  });

  test('a search reads a piece at a time, says how far it came, and goes on from there', async () => {
    const seen: number[] = [];
    let place: { after?: number } = {};
    let pieces = 0;
    for (;;) {
      const page = await searchAudit(world.ctx, { words: 'number 1' }, place, 50, 30);
      seen.push(...page.rows.map((line) => Number(/number (\d+)/.exec(line.description)?.[1])));
      pieces += 1;
      if (page.next === undefined) break;
      if (page.rows.length < 50) assert.ok(page.searchedTo !== undefined && page.searchedTo <= world.clock.now());
      place = { after: page.next };
    }
    assert.deepEqual(
      seen,
      all.filter((n) => String(n).startsWith('1')),
    );
    assert.ok(pieces >= 4, `${pieces} pieces`);
  });

  test('a search backwards meets the same lines', async () => {
    const ids = async (place: { before?: number; after?: number }) =>
      (await searchAudit(world.ctx, { words: 'number', event: 'test.rare' }, place, 5)).rows.map((line) => line.id);
    const first = await ids({});
    const second = await ids({ after: first.at(-1) ?? 0 });
    assert.deepEqual(await ids({ before: second[0] ?? 0 }), first);
  });

  test('who of the staff was signed in, from when to when and from where, stands in a log of its own', async () => {
    const samAt = async (ip: string): Promise<TestBrowser> => {
      const browser = world.browser({ ip });
      await browser.signIn('sam');
      world.clock.turn(minutes(1));
      return browser;
    };
    const { id } = await staffNamed(world, 'sam');
    await (await samAt('192.0.2.50')).post('/admin/logout');
    await samAt('198.51.100.9');
    root = await signedIn(world, 'root');
    await root.post(`/admin/administrators/${id}/sessions/end`);
    await samAt('203.0.113.77');
    world.clock.turn(hours(2));
    await samAt('192.0.2.51');
    root = await signedIn(world, 'root');
    const page = await root.get(`/admin/staff-log?administrator=${id}`);
    const lines = [...wordsOf(page).matchAll(/(Signed in now|Signed out|was ended|ran out) .*? (\d+\.\d+\.\d+\.\d+)/g)];
    assert.deepEqual(
      lines.map(([, state, ip]) => [state, ip]),
      [
        ['Signed in now', '192.0.2.51'],
        ['ran out', '203.0.113.77'],
        ['was ended', '198.51.100.9'],
        ['Signed out', '192.0.2.50'],
      ],
    );
    assert.match(page.body, new RegExp(`href="/admin/administrators/${id}"`));
    assert.match(wordsOf(await root.get('/admin/staff-log')), /root[\s\S]*Signed in now/);
    for (const nobody of ['999999', 'x', '0']) {
      const none = wordsOf(await root.get(`/admin/staff-log?administrator=${nobody}`));
      assert.match(none, /Nobody was signed in/, nobody);
    }
    const first = await pageOfStaffSessions(world.ctx, id, {}, 3);
    const rest = await pageOfStaffSessions(world.ctx, id, { after: first.next }, 3);
    assert.deepEqual([first.rows.length, rest.rows.length, rest.next], [3, 1, undefined]);
    assert.deepEqual(await pageOfStaffSessions(world.ctx, id, { before: rest.previous }, 3), first);
    const looker = await staffWith(world, ['View Admin Log']);
    assert.doesNotMatch((await looker.get('/admin/staff-log')).body, /href="\/admin\/administrators\//);
    const other = await staffWith(world, ['View Activity Log']);
    assert.equal((await other.get('/admin/staff-log')).statusCode, 403);
    if (database === 'sqlite')
      for (const { steps } of await plansOf(world.ctx, (ctx) => pageOfStaffSessions(ctx, undefined, { after: 99 }, 3)))
        assert.ok(!steps.some((step) => /TEMP B-TREE|SCAN s(?! USING)/.test(step)), steps.join('\n'));
  });

  test('of the activity log nothing goes by itself, however old it gets', async () => {
    const before = await countAuditLines(world.ctx, {}, 10_000);
    const oldest = await auditLines(world.ctx, { event: 'test.rare' }, { limit: 500 });
    world.clock.turn(days(20 * 365));
    for (const job of await findJobs()) await job.run(world.ctx);
    assert.ok((await countAuditLines(world.ctx, {}, 10_000)) >= before);
    assert.deepEqual(await auditLines(world.ctx, { event: 'test.rare' }, { limit: 500 }), oldest);
    assert.deepEqual((await pageOfStaffSessions(world.ctx, undefined, {}, 5)).rows, [], 'the log of sign-ins is short');
  });
});

onBothDatabases('one’s own account', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const details = { firstName: 'Sam', lastName: 'Porter', email: 'sam@staff.example.test', signature: 'S', notes: 'N' };

  test('name, signature and notes are changed without a password', async () => {
    const sam = await signedIn(world, 'sam');
    assert.equal(leadsTo(await sam.post('/admin/account', details)), '/admin/account');
    const { firstName, lastName, signature, notes } = await staffNamed(world, 'sam');
    assert.deepEqual([firstName, lastName, signature, notes], ['Sam', 'Porter', 'S', 'N']);
  });

  test('another address is told to the old one, and asks who this is when that was long ago', async () => {
    const sam = await signedIn(world, 'sam');
    const moved = { ...details, email: 'sam@elsewhere.example.test' };
    assert.equal(leadsTo(await sam.post('/admin/account', moved)), '/admin/account');
    assert.equal((await staffNamed(world, 'sam')).email, 'sam@elsewhere.example.test');
    assert.match((await world.letterTo('sam@staff.example.test')).subject, /was changed/);
    world.clock.turn(minutes(16));
    assert.equal(leadsTo(await sam.get('/admin/account')), '/admin/confirm-identity?goto=%2Fadmin%2Faccount');
  });

  test('a new password ends the other sessions, kills the old cookie, and leaves this browser in', async () => {
    const [sam, other] = [await signedIn(world, 'sam'), await signedIn(world, 'sam')];
    const stolen = world.browser();
    for (const [name, value] of sam.cookies) stolen.cookies.set(name, value);
    const wrong = await sam.post('/admin/account/password', { current: 'wrong', password: FRESH });
    assert.deepEqual(wrongFields(wrong), ['current']);
    const weak = await sam.post('/admin/account/password', { current: PASSWORD, password: 'short' });
    assert.deepEqual(wrongFields(weak), ['password']);
    await sam.post('/admin/account/password', { current: PASSWORD, password: FRESH });
    assert.deepEqual([await isIn(sam), await isIn(other), await isIn(stolen)], [true, false, false]);
    await signedIn2(world, 'sam', FRESH);
    await sam.post('/admin/account/password', { current: FRESH, password: PASSWORD });
  });

  test('sessions are listed by device, ended one by one or all others at once', async () => {
    const phone = world.browser({
      ip: '203.0.113.5',
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
    });
    await phone.signIn('root');
    const desk = await signedIn(world, 'root');
    const page = await desk.get('/admin/account/sessions');
    assert.match(wordsOf(page), /Safari on iPhone Address 203\.0\.113\.5/);
    const [, id = ''] = /name="session" value="(\d+)"/.exec(page.body) ?? [];
    await desk.post('/admin/account/sessions', { session: id });
    assert.deepEqual([await isIn(desk), await isIn(phone)], [true, false]);
    assert.equal((await desk.post('/admin/account/sessions', { session: id })).statusCode, 404);
    const third = await signedIn(world, 'root');
    await desk.post('/admin/account/sessions', { session: 'others' });
    assert.deepEqual([await isIn(desk), await isIn(third)], [true, false]);
  });

  test('a role without My Account still changes its password and ends its sessions', async () => {
    const staff = await staffWith(world, []);
    assert.equal((await staff.get('/admin/account')).statusCode, 403);
    assert.equal((await staff.get('/admin/account/password')).statusCode, 200);
    assert.equal((await staff.get('/admin/account/sessions')).statusCode, 200);
  });
});
