// Getting hold of an account by its ownership: with a stolen password, and with an offer that its owner has long forgotten.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import { makeOwner } from '#domain/access/ownership.ts';
import { acceptOwnership, offerOwnership } from '#domain/access/ownership-offers.ts';
import { undoOwnershipByLink } from '#domain/access/ownership-undo.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { changeUser } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Person } from '#tests/people.ts';
import { newAccount, newClient, newMember } from '#tests/people.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');

onBothDatabases('taking an account by its ownership', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const account = async (): Promise<{ clientId: number; owner: Person; member: Person }> => {
    const { clientId, owner } = await newAccount(ctx);
    return { clientId, owner, member: await newMember(ctx, clientId, ['tickets']) };
  };
  const undoTokensTo = async (address: string): Promise<string[]> => {
    const letters = (await letterHistory(ctx, {}, { limit: 50 })).filter((letter) => letter.to === address);
    const texts = await Promise.all(letters.map(async ({ id }) => (await liveLetterOf(ctx, id)).text));
    return texts.flatMap((text) => /\/ownership\/undo\/([\w-]{43})/.exec(text)?.[1] ?? []);
  };

  test('a thief with a password moves the address first and the account second: the address before hears of both', async () => {
    const { clientId, owner, member: accomplice } = await account();
    await changeUser(ctx, owner.actor, owner.id, { email: `thief${owner.id}@example.test` }, { verified: true });
    await offerOwnership(ctx, owner.actor, clientId, { from: owner.id, to: accomplice.id });
    await acceptOwnership(ctx, accomplice.actor, clientId, accomplice.id);
    await removeMember(ctx, accomplice.actor, owner.id, clientId);
    assert.equal(await ownerIdOf(ctx, clientId), accomplice.id);
    const [token] = await undoTokensTo(owner.email);
    assert.ok(token !== undefined, 'the address before got no way to put the change of owner back');
    await undoOwnershipByLink(ctx, token, '192.0.2.1');
    assert.equal(await ownerIdOf(ctx, clientId), owner.id);
  });

  test('an offer to a member who was removed is over: let in again with less, they do not become the owner', async () => {
    const { clientId, owner, member } = await account();
    await offerOwnership(ctx, owner.actor, clientId, { from: owner.id, to: member.id });
    await removeMember(ctx, owner.actor, member.id, clientId);
    await addMember(ctx, STAFF, member.id, clientId, ['tickets']);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), { code: 'ownership-offer-over' });
    assert.equal(await ownerIdOf(ctx, clientId), owner.id);
  });

  test('who accepts while they are removed is the owner, or gone: never both, and the account has one owner', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { clientId, owner, member } = await account();
      await offerOwnership(ctx, owner.actor, clientId, { from: owner.id, to: member.id });
      const [accepted, removed] = await Promise.allSettled([
        acceptOwnership(ctx, member.actor, clientId, member.id),
        removeMember(ctx, owner.actor, member.id, clientId),
      ]);
      assert.notEqual(accepted.status, removed.status);
      assert.equal(await ownerIdOf(ctx, clientId), accepted.status === 'fulfilled' ? member.id : owner.id);
    }
  });

  test('whose access is over, though nobody has tidied it away, does not become the owner of an account that has none', async () => {
    const clientId = await newClient(ctx);
    const member = await newMember(ctx, clientId, ['tickets'], { serviceIds: [4], endsAt: ctx.now() + hours(1) });
    world.clock.turn(hours(2));
    await assert.rejects(makeOwner(ctx, STAFF, clientId, member.id), { kind: 'not-found', code: 'not-a-member' });
    assert.equal(await ownerIdOf(ctx, clientId), undefined);
  });
});
