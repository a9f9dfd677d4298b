// Two full administrators who shut each other out, or step down, at the same moment: one of them stays full, or nobody could
// ever help again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addAdministrator,
  administratorOf,
  changeAdministrator,
  listAdministrators,
} from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { signedIn, tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';

onBothDatabases('the last full administrator under a race', (database) => {
  let world: World;
  let second = 0;
  before(async () => {
    world = await testWorld(database);
    const full = (await listRoles(world.ctx)).find((role) => role.isFull);
    second = await addAdministrator(world.ctx, systemActor('Test'), {
      roleId: full?.id ?? 0,
      username: 'second',
      firstName: 'Second',
      lastName: 'Staff',
      email: 'second@staff.example.test',
      passwordHash: await sealedPassword(),
    });
  });
  after(() => world.close());

  const able = async () => (await listAdministrators(world.ctx, false)).filter((one) => one.role.isFull).length;

  for (let round = 1; round <= 5; round += 1) {
    test(`each disables the other, round ${round}`, async () => {
      const [root, other] = [await signedIn(world, 'root'), await signedIn(world, 'second')];
      const [rootToken, otherToken] = [await tokenOf(root), await tokenOf(other)];
      const own = { 'sec-fetch-site': 'same-origin' };
      await Promise.all([
        root.postRaw(`/admin/administrators/${second}/deactivation`, { csrf: rootToken }, own),
        other.postRaw(`/admin/administrators/${world.cast.root.id}/deactivation`, { csrf: otherToken }, own),
      ]);
      assert.equal(await able(), 1);
      for (const id of [world.cast.root.id, second])
        await changeAdministrator(world.ctx, systemActor('Test'), id, { disabled: false });
      assert.equal(await able(), 2);
    });

    test(`both step down, round ${round}`, async () => {
      const lesser = (await listRoles(world.ctx)).find((role) => role.name === 'Sales Operator');
      const stepDown = async (browser: TestBrowser, id: number) => {
        const { firstName, lastName, email } = await administratorOf(world.ctx, id);
        const form = { csrf: await tokenOf(browser), firstName, lastName, email, role: String(lesser?.id) };
        return () => browser.postRaw(`/admin/administrators/${id}`, form, { 'sec-fetch-site': 'same-origin' });
      };
      const both = await Promise.all([
        stepDown(await signedIn(world, 'root'), world.cast.root.id),
        stepDown(await signedIn(world, 'second'), second),
      ]);
      const answers = await Promise.all(both.map((step) => step()));
      assert.deepEqual(answers.map((one) => one.statusCode).sort(), [303, 422]);
      assert.equal(await able(), 1);
      const full = (await listRoles(world.ctx)).find((role) => role.isFull);
      for (const id of [world.cast.root.id, second])
        await changeAdministrator(world.ctx, systemActor('Test'), id, { roleId: full?.id ?? 0 });
    });
  }
});
