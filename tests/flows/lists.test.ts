// The lists of staff as pages: filters kept, many clients changed at once, a list as a file, the log by whom; and what a
// person reads about their own sign-in. Each door against whoever may not pass it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { leadsTo, signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('the lists of staff', (database) => {
  let world: World;
  let root: TestBrowser;
  let looker: TestBrowser;
  let groupId: number;
  let staff: Actor;

  before(async () => {
    world = await testWorld(database);
    staff = { kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: '10.9.8.7' };
    groupId = await addGroup(world.ctx, systemActor(), {
      name: 'Resellers',
      colour: '#336699',
      discountPercent: '0.00',
      suspendExempt: false,
      separateInvoices: false,
    });
    root = await signedIn(world, 'root');
    looker = await staffWith(world, ['List Clients', 'List Users']);
  });
  after(() => world.close());

  test('a filter is kept, shown above the list, counted, and removed', async () => {
    const shown = await root.get('/admin/clients?q=ada&status=Active');
    assert.match(shown.body, /\/admin\/filters\/new\?list=clients&amp;q=ada&amp;status=Active/);
    const kept = await root.post('/admin/filters/new?list=clients&q=ada&status=Active', {
      name: '<b>Ada</b>',
      shared: '1',
    });
    assert.equal(leadsTo(kept), '/admin/clients?q=ada&status=Active');
    const list = await root.get('/admin/clients?q=ada&status=Active');
    assert.match(list.body, /aria-current="true"[^>]*>.*&lt;b&gt;Ada&lt;\/b&gt;/);
    assert.doesNotMatch(list.body, /filters\/new/);
    assert.match((await looker.get('/admin/clients')).body, /&lt;b&gt;Ada/);
    assert.match(wordsOf(await root.get('/admin/filters')), /“ada” · Active How many 2 Seen by All staff/);
    const id = /name="filter" value="(\d+)"/.exec((await root.get('/admin/filters')).body)?.[1] ?? '';
    // Another's cannot be removed by its number.
    await looker.post('/admin/filters/new?list=users&q=x', { name: 'mine' });
    assert.equal((await looker.post('/admin/filters', { filter: id })).statusCode, 404);
    assert.equal(leadsTo(await root.post('/admin/filters', { filter: id })), '/admin/filters');
    assert.doesNotMatch((await root.get('/admin/clients')).body, /&lt;b&gt;Ada/);
  });

  test('a filter without a name, or of a list that one may not see, is not kept', async () => {
    assert.deepEqual(wrongFields(await root.post('/admin/filters/new?list=users&q=a', { name: ' ' })), ['name']);
    assert.equal((await root.get('/admin/filters/new?list=letters&q=a')).statusCode, 404);
    const neither = await staffWith(world, []);
    assert.equal((await neither.get('/admin/filters/new?list=clients&q=a')).statusCode, 403);
    assert.doesNotMatch(wordsOf(await neither.get('/admin/filters')), /Filters of the/);
  });

  test('those ticked are named and changed, and the answer says how many and who was refused', async () => {
    const { ada, eve } = world.cast;
    const list = await root.get('/admin/clients');
    assert.match(list.body, /<form class="dw-selection" method="get" action="\/admin\/clients\/bulk">/);
    assert.match(list.body, new RegExp(`name="pick-${ada.clientId}"`));
    const page = `/admin/clients/bulk?pick-${ada.clientId}=1&pick-${eve.clientId}=1&pick-999999=1`;
    assert.match(wordsOf(await root.get(page)), /How many clients 2 .*Change 2 clients/);
    const before = await clientOf(world.ctx, ada.clientId);
    assert.deepEqual(wrongFields(await root.post(page, { act: '' })), ['act']);
    assert.deepEqual(wrongFields(await root.post(page, { act: 'status:Closed' })), ['act']);
    assert.equal((await root.post(page, { act: 'group:999' })).statusCode, 422);
    assert.equal((await clientOf(world.ctx, ada.clientId)).groupId, before.groupId);
    const begun = await root.post(page, { act: `group:${groupId}` });
    const told = wordsOf(await root.get(leadsTo(begun)));
    assert.match(told, /Put into the group Resellers/);
    assert.match(told, /Done .*Changed 2 .*Refused 1/);
    assert.match(told, /There is no such client/);
    assert.equal((await clientOf(world.ctx, ada.clientId)).groupId, groupId);
    assert.equal((await looker.get(leadsTo(begun))).statusCode, 404, 'of another it is not there');
    assert.match(wordsOf(await root.get(`/admin/clients?group=${groupId}`)), /2 of 2 clients/);
    assert.match(wordsOf(await root.get('/admin/clients?group=0')), /1 of 1 client/);
  });

  test('all of a filter are changed, without any tick', async () => {
    const page = `/admin/clients/bulk?of=filter&group=${groupId}`;
    assert.match(wordsOf(await root.get(page)), /How many clients 2 Which Resellers/);
    const begun = await root.post(page, { act: 'status:Inactive' });
    assert.match(wordsOf(await root.get(leadsTo(begun))), /Changed 2/);
    const again = await root.post(page, { act: 'status:Inactive' });
    assert.match(wordsOf(await root.get(leadsTo(again))), /Changed 0 Already so 2/);
    assert.match(wordsOf(await root.get('/admin/clients/bulk?of=filter&q=nobody')), /Nobody is chosen/);
    await changeClient(world.ctx, staff, world.cast.ada.clientId, { status: 'Active' });
  });

  test('whoever may not change clients sees no ticks, and gets nowhere by the address', async () => {
    assert.doesNotMatch((await looker.get('/admin/clients')).body, /name="pick-|dw-selection/);
    const page = `/admin/clients/bulk?pick-${world.cast.ada.clientId}=1`;
    assert.match((await looker.get(page)).body, /Your role allows none of these changes/);
    assert.equal((await looker.post(page, { act: 'close' }, { from: '/admin' })).statusCode, 403);
    const closer = await staffWith(world, ['List Clients', 'Close Clients']);
    assert.doesNotMatch((await closer.get(page)).body, /value="status:|value="group:/);
    assert.equal((await closer.post(page, { act: 'status:Inactive' })).statusCode, 403);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).status, 'Active');
  });

  test('nothing is changed, and nothing leaves the house, by an address alone', async () => {
    const lines = (await auditLines(world.ctx, {}, { limit: 500 })).length;
    await root.get(`/admin/clients/bulk?pick-${world.cast.ada.clientId}=1&act=close`);
    assert.match(String((await root.get('/admin/clients/export')).headers['content-type']), /text\/html/);
    assert.equal((await root.postRaw('/admin/clients/export', {})).statusCode, 403, 'without the token of the form');
    assert.equal((await auditLines(world.ctx, {}, { limit: 500 })).length, lines);
  });

  test('a list is handed out as a file that runs nothing, to who may have it', async () => {
    await changeClient(world.ctx, staff, world.cast.eve.clientId, { companyName: '=cmd|calc' });
    const file = await root.post('/admin/clients/export?q=eve');
    assert.equal(file.statusCode, 200);
    assert.match(String(file.headers['content-type']), /^text\/csv/);
    assert.match(String(file.headers['content-disposition']), /^attachment; filename="?clients-2026-06-01\.csv/);
    assert.equal(file.headers['x-content-type-options'], 'nosniff');
    assert.match(file.body, /"'=cmd\|calc"/);
    assert.equal(file.body.trim().split('\r\n').length, 2);
    assert.match((await root.post('/admin/users/export')).body, /ben@example\.test/);
    for (const path of ['/admin/clients/export', '/admin/users/export']) {
      assert.equal((await looker.get(path)).statusCode, 403);
      assert.equal((await looker.post(path)).statusCode, 403);
      // The right to export is not the right to see.
      const exporter = await staffWith(world, ['Mass Data Export']);
      assert.equal((await exporter.post(path)).statusCode, 403);
    }
  });

  test('the log is found by the address of a client or user, or by the name of an administrator', async () => {
    const { ada } = world.cast;
    const found = async (who: string) => wordsOf(await root.get(`/admin/log?user=${encodeURIComponent(who)}`));
    assert.match(await found('ADA@example.test'), /The client .* was changed: status/);
    assert.match(await found('Root'), /A change to 2 clients was begun|A change to 3 clients was begun/);
    assert.match(await found(String(ada.id)), /ada@example\.test/);
    assert.match(await found('nobody@example.test'), /Nobody goes by this/);
  });

  test('a person reads their own sign-ins and changes in words of theirs, and nobody else’s', async () => {
    const { ctx, cast } = world;
    const ada = world.browser({ ip: '203.0.113.5' });
    const thief = world.browser({ ip: '198.51.100.66' });
    await thief.signIn(cast.ada.email, 'a wrong guess');
    await ada.signIn(cast.ada.email);
    await addMember(ctx, staff, cast.ada.id, cast.eve.clientId, ['tickets']);
    const told = wordsOf(await ada.get('/user/activity'));
    assert.match(told, /You were given access to =cmd\|calc .*Our staff/);
    assert.match(told, /Signed in .*203\.0\.113\.5 .*You/);
    assert.match(told, /A sign-in failed .*198\.51\.100\.66 .*Not signed in/);
    assert.doesNotMatch(told, /10\.9\.8\.7|root|User \d+ was given access/, 'nothing of the staff');
    await removeMember(ctx, staff, cast.ada.id, cast.eve.clientId);
    const later = wordsOf(await ada.get('/user/activity'));
    assert.match(later, /Your access to an account ended/);
    assert.doesNotMatch(later, /=cmd/, 'an account that was left is not named');
    const eve = world.browser();
    await eve.signIn(cast.eve.email);
    assert.doesNotMatch(wordsOf(await eve.get('/user/activity')), /203\.0\.113\.5|198\.51\.100\.66/);
    assert.match(leadsTo(await world.browser().get('/user/activity')), /^\/login/);
  });
});
