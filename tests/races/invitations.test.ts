// An invitation is accepted once, and what ends it and what takes it never both happen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acceptInvitation, declineInvitation } from '#domain/access/invitation-answers.ts';
import { cancelInvitation, invitationsOf, invite, resendInvitation } from '#domain/access/invitations.ts';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import { findMember, peopleOf } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { acceptAsNewUser } from '#domain/signup/invited-user.ts';
import { newPerson } from '#tests/people.ts';
import { atOnce } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';

onBothDatabases('invitations, many at once', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const send = (clientId: number, email: string, actor: Parameters<typeof invite>[1] = SYSTEM) =>
    invite(world.ctx, actor, clientId, {
      email,
      permissions: ['tickets'],
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
    });
  const tokenTo = async (email: string): Promise<string> => (await world.letterTo(email)).link.split('/').at(-1) ?? '';

  test('50 accepts of one link: one wins, one line, one member', async () => {
    const { ctx, cast } = world;
    const { clientId } = cast.ada;
    const one = await newPerson(world.ctx);
    await send(clientId, one.email);
    const token = await tokenTo(one.email);
    const before = (await peopleOf(ctx, clientId)).length;
    const { won, lost } = await atOnce(50, () => acceptInvitation(ctx, one.actor, token));
    assert.deepEqual(won, [clientId]);
    assert.deepEqual([...lost], [['not-allowed: invitation-over', 49]]);
    assert.equal((await peopleOf(ctx, clientId)).length, before + 1);
    const lines = await auditLines(ctx, { clientId, event: 'access.accepted' }, { limit: 100 });
    assert.equal(lines.length, 1);
  });

  test('12 forms of somebody new at once: one person, one access, nothing left of the others', async () => {
    const { ctx, cast } = world;
    await send(cast.ada.clientId, 'new-racer@example.test');
    const token = await tokenTo('new-racer@example.test');
    const who = { firstName: 'New', lastName: 'Racer', email: 'new-racer@example.test', password: FRESH };
    const { won, lost } = await atOnce(12, () => acceptAsNewUser(ctx, token, who, '192.0.2.1'));
    assert.equal(won.length, 1);
    assert.equal(
      [...lost.values()].reduce((a, b) => a + b, 0),
      11,
    );
    for (const reason of lost.keys()) assert.match(reason, /^(not-allowed: invitation-over|invalid: email-taken)$/);
    const users = await ctx.db.selectFrom('users').select('id').where('email_key', '=', who.email).execute();
    assert.equal(users.length, 1);
    assert.ok(await findMember(ctx, users[0]?.id ?? 0, cast.ada.clientId));
  });

  test('accepting meets declining, cancelling, sending again and the removal of whoever sent it: one of the two', async () => {
    const { ctx, cast } = world;
    const { clientId } = cast.eve;
    for (let round = 0; round < 8; round += 1) {
      const [guest, inviter] = [await newPerson(world.ctx), await newPerson(world.ctx)];
      await addMember(ctx, SYSTEM, inviter.id, clientId, ['tickets'], { mayInvite: true });
      const id = await send(clientId, guest.email, inviter.actor);
      const token = await tokenTo(guest.email);
      const against = [
        () => declineInvitation(ctx, token, '192.0.2.1'),
        () => cancelInvitation(ctx, SYSTEM, clientId, id),
        () => resendInvitation(ctx, SYSTEM, clientId, id),
        () => removeMember(ctx, SYSTEM, inviter.id, clientId),
      ][round % 4];
      const [taken] = await Promise.allSettled([acceptInvitation(ctx, guest.actor, token), against?.()]);
      const isMember = (await findMember(ctx, guest.id, clientId)) !== undefined;
      assert.equal(isMember, taken.status === 'fulfilled', `round ${round}`);
      if (taken.status === 'rejected') assert.match(String(taken.reason), /not-allowed: invitation-over/);
      const waits = (await invitationsOf(ctx, clientId)).some((one) => one.id === id);
      assert.ok(!(waits && isMember), `round ${round}: spent and still waiting`);
    }
  });

  test('20 invitations of one address, however it is written: one waits, one letter', async () => {
    const { ctx, cast } = world;
    const { clientId } = cast.cleo;
    const { won, lost } = await atOnce(20, (at) =>
      send(clientId, at % 2 ? 'twice@example.test' : 'TWICE@example.test'),
    );
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['conflict: already-invited', 19]]);
    assert.equal((await invitationsOf(ctx, clientId)).length, 1);
    const letters = await ctx.db.selectFrom('letters').select('id').where('client_id', '=', clientId).execute();
    assert.equal(letters.length, 1);
  });

  test('30 at once send one again: no more than five letters', async () => {
    const { ctx, cast } = world;
    const { clientId } = cast.cleo;
    const id = await send(clientId, 'often@example.test');
    const { won, lost } = await atOnce(30, () => resendInvitation(ctx, SYSTEM, clientId, id));
    assert.equal(won.length, 5);
    assert.deepEqual([...lost], [['too-many: invitation-again', 25]]);
  });
});
