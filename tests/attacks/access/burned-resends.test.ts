// A member who may invite uses up what others may do with their invitations.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { invitationsOf, invite, resendInvitation } from '#domain/access/invitations.ts';
import { changeAccess } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('invitations of others', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('tries at an invitation of somebody else leave its sender every letter of the day', async () => {
    const { ctx, cast } = world;
    const { clientId } = cast.ada;
    const ada = { kind: 'user', userId: cast.ada.id, name: '', ip: '192.0.2.1' } as const;
    const ben = { kind: 'user', userId: cast.ben.id, name: '', ip: '192.0.2.2' } as const;
    await changeAccess(ctx, systemActor('Test'), cast.ben.id, clientId, { mayInvite: true });
    await invite(ctx, ada, clientId, {
      email: 'wanted@example.test',
      permissions: ['tickets'],
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
    });
    const id = (await invitationsOf(ctx, clientId))[0]?.id ?? 0;
    for (let tries = 0; tries < 12; tries += 1)
      await assert.rejects(resendInvitation(ctx, ben, clientId, id), { code: 'invitation-not-found' });
    for (let times = 0; times < 5; times += 1) await resendInvitation(ctx, ada, clientId, id);
    await assert.rejects(resendInvitation(ctx, ada, clientId, id), { kind: 'too-many' });
  });
});
