// Merging through the front door: root chooses, sees what will happen, does it, follows an old address, and undoes it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember } from '#domain/access/member-changes.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { findClient } from '#domain/clients/clients.ts';
import { changeCredit } from '#domain/credit/credit.ts';
import { mergesInto } from '#domain/merging/merges.ts';
import { removeNote } from '#domain/notes/notes.ts';
import { days } from '#kit/duration.ts';
import { addRecords } from '#tests/records.ts';
import { signedIn, staffWith, stateOf, tokenOf, wordsOf } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

onBothDatabases('merging in the admin area', (database) => {
  let world: World;
  let from: number;
  let into: number;
  let note: number;
  before(async () => {
    world = await testWorld(database);
    from = world.cast.eve.clientId;
    into = world.cast.ada.clientId;
    ({ note } = await addRecords(world, from));
    await changeCredit(world.ctx, actor, into, { type: 'add', amountMinor: 100, description: 'Test' });
    await addMember(world.ctx, actor, world.cast.ben.id, from, ['orders']);
  });
  after(() => world.close());

  test('staff without the permission see no way there, and a post of theirs does nothing', async () => {
    const other = await staffWith(world, ['List Clients', 'View Clients Summary', 'Delete Client', 'Close Clients']);
    assert.doesNotMatch((await other.get(`/admin/clients/${from}`)).body, new RegExp(`/admin/clients/${from}/merge`));
    const csrf = await tokenOf(other);
    const state = await stateOf(world);
    for (const path of [`/admin/clients/${from}/merge/${into}`, `/admin/clients/${from}/merges/1`]) {
      assert.equal((await other.get(path)).statusCode, 403, path);
      const answer = await other.postRaw(path, { csrf }, { 'sec-fetch-site': 'same-origin' });
      assert.equal(answer.statusCode, 403, path);
    }
    assert.deepEqual(await stateOf(world), state);
  });

  test('whoever may merge but not list clients finds one by its number alone', async () => {
    const merger = await staffWith(world, ['Merge Clients']);
    assert.doesNotMatch((await merger.get(`/admin/clients/${from}/merge?q=Analytical`)).body, /Analytical Engines/);
    assert.match((await merger.get(`/admin/clients/${from}/merge?q=${into}`)).body, /Analytical Engines Ltd/);
  });

  test('a client that cannot be merged with another says why, and offers no button', async () => {
    const root = await signedIn(world, 'root');
    const itself = await root.get(`/admin/clients/${from}/merge/${from}`);
    assert.match(wordsOf(itself), /cannot be merged with itself/);
    assert.doesNotMatch(itself.body, /Merge Other Company<\/button>/);
    const posted = await root.postRaw(
      `/admin/clients/${from}/merge/${from}`,
      { csrf: await tokenOf(root) },
      { 'sec-fetch-site': 'same-origin' },
    );
    assert.equal(posted.statusCode, 409);
    for (const path of [`/admin/clients/${from}/merge/999999`, `/admin/clients/999999/merge/${into}`])
      assert.equal((await root.get(path)).statusCode, 404, path);
  });

  test('root merges a client into another, is led to it from the old address, and undoes it', async () => {
    const root = await signedIn(world, 'root');
    assert.match((await root.get(`/admin/clients/${from}`)).body, new RegExp(`href="/admin/clients/${from}/merge"`));
    const search = await root.get(`/admin/clients/${from}/merge?q=analytical`);
    assert.match(search.body, new RegExp(`href="/admin/clients/${from}/merge/${into}"`));
    const plan = wordsOf(await root.get(`/admin/clients/${from}/merge/${into}`));
    assert.match(plan, /1 joins with what they may do now; 1 is a member already and stays as they are/);
    assert.match(plan, /\$12\.50, which makes \$13\.50 together/);
    assert.match(plan, /1 invitation is called off/);
    assert.ok(await findClient(world.ctx, from), 'looking changes nothing');

    const done = await root.post(`/admin/clients/${from}/merge/${into}`);
    assert.deepEqual([done.statusCode, done.headers.location], [303, `/admin/clients/${into}`]);
    const there = await root.get(`/admin/clients/${into}`);
    assert.match(wordsOf(there), /Other Company is a part of Analytical Engines Ltd now/);
    assert.match(wordsOf(there), /Other Company \(number \d+\) was merged into this client on/);

    const old = await root.get(`/admin/clients/${from}`);
    assert.deepEqual([old.statusCode, old.headers.location], [303, `/admin/clients/${into}`]);
    assert.match(wordsOf(await root.get(`/admin/clients/${into}`)), /was merged into this one on/);
    const tab = await root.get(`/admin/clients/${from}/notes`);
    assert.equal(tab.statusCode, 404);
    assert.match(wordsOf(tab), /was merged into client number/);
    assert.doesNotMatch((await root.get('/admin/clients?q=Other')).body, new RegExp(`/admin/clients/${from}"`));
    assert.match(wordsOf(await root.get(`/admin/clients/${into}/log`)), /A note about the client was added/);
    // eve, who owned it, sees the other account, and her own no more.
    const eve = world.browser();
    await eve.signIn(world.cast.eve.email);
    assert.equal((await eve.get(`/account/${into}`)).statusCode, 200);
    const gone = await eve.get(`/account/${from}`);
    assert.equal(gone.statusCode, 404);
    assert.match(wordsOf(gone), /a part of Analytical Engines Ltd now/);
    // Who was none of its people is told nothing of it.
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    assert.doesNotMatch(wordsOf(await ada.get(`/account/${from}`)), /a part of/);

    await removeNote(world.ctx, actor, { clientId: into, id: note });
    const [merge] = await mergesInto(world.ctx, into);
    const undoAt = `/admin/clients/${into}/merges/${merge?.id}`;
    assert.match(there.body, new RegExp(`href="${undoAt}"`));
    assert.equal((await root.get(`/admin/clients/${world.cast.cleo.clientId}/merges/${merge?.id}`)).statusCode, 404);
    assert.match(wordsOf(await root.get(undoAt)), /Bring Other Company back/);
    assert.equal(await findClient(world.ctx, from), undefined, 'looking changes nothing');
    const undone = await root.post(undoAt);
    assert.deepEqual([undone.statusCode, undone.headers.location], [303, `/admin/clients/${from}`]);
    assert.match(wordsOf(await root.get(`/admin/clients/${from}`)), /Not all could go back: 1 note was deleted since/);
    assert.equal(await ownerIdOf(world.ctx, from), world.cast.eve.id);
    assert.equal((await eve.get(`/account/${from}`)).statusCode, 200);
    assert.notEqual((await eve.get(`/account/${into}`)).statusCode, 200);
    assert.equal((await root.get(undoAt)).statusCode, 404);
  });

  test('after thirty days the page says that it is too late, and a post is refused', async () => {
    const before = await signedIn(world, 'root');
    assert.equal((await before.post(`/admin/clients/${from}/merge/${into}`)).statusCode, 303);
    const [merge] = await mergesInto(world.ctx, into);
    world.clock.turn(days(31));
    const root = await signedIn(world, 'root');
    const undoAt = `/admin/clients/${into}/merges/${merge?.id}`;
    const page = await root.get(undoAt);
    assert.match(wordsOf(page), /cannot be undone any more/);
    const csrf = await tokenOf(root);
    assert.equal((await root.postRaw(undoAt, { csrf }, { 'sec-fetch-site': 'same-origin' })).statusCode, 403);
    assert.equal(await findClient(world.ctx, from), undefined);
  });
});
