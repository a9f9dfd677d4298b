// Delegated staff who try to give themselves more, or to take over somebody who may more (Keycloak CVE-2026-4629, -14614,
// -14615): by roles, by other people's records, by letters, by credentials. Each by hand-made posts, past what the page offers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { administratorOf, listAdministrators } from '#domain/administrators/administrators.ts';
import { addCredential, listCredentials } from '#domain/administrators/api-credentials.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { PERMISSIONS } from '#domain/administrators/permissions.ts';
import { changeRole, listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { fieldValue, signedIn, stateOf, tokenOf, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const DELEGATED: readonly Permission[] = [
  'Main Homepage',
  'Configure Admin Roles',
  'Configure Administrators',
  'Manage API Credentials',
  'API Access',
];

onBothDatabases('delegated staff cannot raise themselves', (database) => {
  let world: World;
  let sam: TestBrowser;
  let csrf = '';
  let own = 0;
  let full = 0;
  before(async () => {
    world = await testWorld(database);
    const roles = await listRoles(world.ctx);
    own = roles.find((role) => role.name === 'Support Operator')?.id ?? 0;
    full = roles.find((role) => role.isFull)?.id ?? 0;
    await changeRole(world.ctx, systemActor('Test'), own, { name: 'Support Operator', permissions: DELEGATED });
    sam = await signedIn(world, 'sam');
    csrf = await tokenOf(sam);
  });
  after(() => world.close());

  /** Posts past the page, and sees that nothing at all became another. */
  const refused = async (path: string, fields: Record<string, string | readonly string[]>, status = 403) => {
    const before = await stateOf(world);
    const answer = await sam.postRaw(path, { csrf, ...fields }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.statusCode, status, `${path} ${wordsOf(answer).slice(0, 200)}`);
    assert.deepEqual(await stateOf(world), before, path);
    return answer;
  };

  test('adding a permission to one’s own role is refused, whichever it is', async () => {
    for (const more of PERMISSIONS.filter((one) => !DELEGATED.includes(one)))
      await refused(`/admin/roles/${own}`, { name: 'Support Operator', permissions: [...DELEGATED, more] });
  });

  test('the refusal names the permission, and the page shows it as not to be ticked', async () => {
    const fields = { name: 'Support Operator', permissions: [...DELEGATED, 'Mass Mail'] };
    assert.match(wordsOf(await refused(`/admin/roles/${own}`, fields)), /does not hold “Mass Mail”/);
    const page = await sam.get(`/admin/roles/${own}`);
    assert.match(page.body, /name="permissions" value="Mass Mail" disabled/);
    assert.match(page.body, /name="permissions" value="API Access" checked(?! disabled)/);
  });

  test('a role of one’s own making cannot hold more either', async () => {
    await refused('/admin/roles/new', { name: 'Mine', permissions: ['Main Homepage', 'Configure General Settings'] });
    await refused('/admin/roles/new', { name: 'Mine', permissions: PERMISSIONS });
  });

  test('a role that holds more cannot be changed, not even made smaller, nor deleted', async () => {
    const sales = (await listRoles(world.ctx)).find((role) => role.name === 'Sales Operator');
    const page = await sam.get(`/admin/roles/${sales?.id}`);
    assert.doesNotMatch(page.body, /<input[^>]*name="permissions"|removal/);
    await refused(`/admin/roles/${sales?.id}`, { name: 'Sales Operator', permissions: ['Main Homepage'] });
    await refused(`/admin/roles/${sales?.id}/removal`, {});
  });

  test('the full role is neither changed nor taken as a name for another', async () => {
    await refused(`/admin/roles/${full}`, { name: 'Full Administrator', permissions: DELEGATED }, 409);
    await refused(`/admin/roles/${own}`, { name: 'Full Administrator', permissions: DELEGATED }, 422);
    await refused('/admin/roles/new', { name: 'full ADMINISTRATOR ', permissions: DELEGATED }, 422);
  });

  test('giving oneself, or somebody new, a role that holds more is refused', async () => {
    const { firstName, lastName, email } = await administratorOf(world.ctx, world.cast.sam.id);
    const me = { firstName, lastName, email, signature: '' };
    for (const role of (await listRoles(world.ctx)).filter((one) => one.id !== own))
      await refused(`/admin/administrators/${world.cast.sam.id}`, { ...me, role: String(role.id) });
    const friend = { firstName: 'F', lastName: 'R', email: 'friend@example.test', username: 'friend' };
    for (const how of ['letter', 'password'])
      await refused('/admin/administrators/new', {
        ...friend,
        role: String(full),
        how,
        password: 'nine paper boats drifting',
      });
  });

  test('the form offers no role that holds more', async () => {
    const page = await sam.get('/admin/administrators/new');
    assert.match(page.body, new RegExp(`<option value="${full}" disabled>`));
    assert.doesNotMatch(page.body, new RegExp(`<option value="${own}"[^>]* disabled`));
  });

  test('a full administrator can be neither renamed, readdressed, demoted, disabled, signed out nor sent a link', async () => {
    const root = `/admin/administrators/${world.cast.root.id}`;
    const taken = { firstName: 'root', lastName: 'Staff', email: 'sam+root@example.test', role: String(own) };
    await refused(root, taken);
    await refused(root, { ...taken, role: String(full) });
    await refused(`${root}/deactivation`, {});
    await refused(`${root}/activation`, {});
    await refused(`${root}/sessions/end`, {});
    await refused(`${root}/password-letter`, {});
    const page = await sam.get(root);
    assert.match(wordsOf(page), /may do more than yours/);
    assert.equal(fieldValue(page, 'email'), undefined);
    assert.doesNotMatch(page.body, /password-letter|deactivation|sessions\/end/);
  });

  test('a credential of somebody who may more is neither made nor deleted', async () => {
    const theirs = { description: 'x', administrator: String(world.cast.root.id), reach: 'every' };
    await refused('/admin/api-credentials/new', theirs);
    const { id } = await addCredential(world.ctx, systemActor('Test'), {
      administratorId: world.cast.root.id,
      description: 'Billing',
      roleIds: [],
      everyAction: true,
      allowedAddresses: [],
      expiresAt: undefined,
    });
    await refused(`/admin/api-credentials/${id}/removal`, {});
    const page = await sam.get('/admin/api-credentials');
    assert.match(wordsOf(page), /Billing/);
    assert.doesNotMatch(page.body, new RegExp(`/admin/api-credentials/${id}/removal`));
    assert.equal((await listCredentials(world.ctx)).length, 1);
  });

  test('what the role does hold works: the refusals above are about the rest', async () => {
    const post = (path: string, fields: Record<string, string | readonly string[]>) =>
      sam.postRaw(path, { csrf, ...fields }, { 'sec-fetch-site': 'same-origin' });
    const lesser = { name: 'Lesser', permissions: ['Main Homepage', 'API Access'] };
    assert.equal((await post('/admin/roles/new', lesser)).statusCode, 303);
    const role = (await listRoles(world.ctx)).find((one) => one.name === 'Lesser');
    const friend = { firstName: 'F', lastName: 'R', email: 'friend@example.test', username: 'friend', how: 'letter' };
    assert.equal((await post('/admin/administrators/new', { ...friend, role: String(role?.id) })).statusCode, 303);
    assert.ok((await listAdministrators(world.ctx)).some((one) => one.username === 'friend'));
    const mine = { description: 'x', administrator: String(world.cast.sam.id), reach: 'every' };
    assert.equal((await post('/admin/api-credentials/new', mine)).statusCode, 200);
  });

  test('one whose role lost a permission while a form was open gives it no more', async () => {
    await changeRole(world.ctx, systemActor('Test'), own, {
      name: 'Support Operator',
      permissions: DELEGATED.filter((one) => one !== 'API Access'),
    });
    await refused('/admin/roles/new', { name: 'Late', permissions: ['Main Homepage', 'API Access'] });
    await changeRole(world.ctx, systemActor('Test'), own, { name: 'Support Operator', permissions: DELEGATED });
  });
});
