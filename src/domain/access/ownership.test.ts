// Who owns an account: handed over, moved by staff, put back; and one owner at every instant, whoever races.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import { findMember, ownerIdOf, peopleOf } from '#domain/access/members.ts';
import { makeOwner } from '#domain/access/ownership.ts';
import {
  acceptOwnership,
  cancelOwnershipOffer,
  declineOwnership,
  offerOwnership,
  ownershipOfferOf,
} from '#domain/access/ownership-offers.ts';
import {
  ownershipUndoOf,
  ownershipUndoState,
  undoOwnershipByLink,
  undoOwnershipByStaff,
} from '#domain/access/ownership-undo.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { letterHistory, letterOf } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { changeUser, removeUser, setUserDisabled, storePassword, userOf } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Person } from '#tests/people.ts';
import { newAccount, newMember, newPerson } from '#tests/people.ts';
import { atOnce, meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, sealedPassword, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');
const OVER = { kind: 'not-allowed', code: 'ownership-offer-over' };
const UNDO_OVER = { kind: 'not-allowed', code: 'ownership-undo-over' };

onBothDatabases('who owns an account', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  /** An account with its owner and a member who may do little. */
  const account = async (): Promise<{ clientId: number; owner: Person; member: Person }> => {
    const { clientId, owner } = await newAccount(ctx);
    return { clientId, owner, member: await newMember(ctx, clientId, ['tickets'], { endsAt: ctx.now() + days(20) }) };
  };
  const offer = (of: { clientId: number; owner: Person }, to: Person) =>
    offerOwnership(ctx, of.owner.actor, of.clientId, { from: of.owner.id, to: to.id });
  const owners = async (clientId: number): Promise<number[]> =>
    (await peopleOf(ctx, clientId)).filter(({ member }) => member.isOwner).map(({ user }) => user.id);
  const undoToken = async (email: string): Promise<string> =>
    /\/ownership\/undo\/([\w-]{43})/.exec((await world.letterTo(email)).text)?.[1] ?? 'none';

  test('an offer changes nothing until it is accepted; then the owner before keeps every permission', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    assert.deepEqual(await owners(clientId), [owner.id]);
    assert.equal((await ownershipOfferOf(ctx, clientId))?.to.id, member.id);
    assert.match((await world.letterTo(member.email)).link, new RegExp(`/account/${clientId}/ownership/offer$`));
    assert.match((await world.letterTo(owner.email)).link, new RegExp(`/account/${clientId}/ownership$`));
    await acceptOwnership(ctx, member.actor, clientId, member.id);
    assert.deepEqual(await owners(clientId), [member.id]);
    const before = await findMember(ctx, owner.id, clientId);
    assert.deepEqual([before?.isOwner, before?.permissions], [false, ACCESS_PERMISSIONS]);
    assert.equal((await findMember(ctx, member.id, clientId))?.endsAt, undefined);
    world.clock.turn(days(30)); // the term of the membership is no matter to an owner
    assert.deepEqual(await owners(clientId), [member.id]);
    const [line] = await auditLines(ctx, { clientId, event: 'access.owner_changed' }, { limit: 1 });
    assert.equal(line?.userId, member.id);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
  });

  test('only its owner offers an account, to somebody else who is a member and may sign in', async () => {
    const { clientId, owner, member } = await account();
    const stranger = await newPerson(ctx);
    await assert.rejects(offer({ clientId, owner }, owner), { fields: { to: 'new-owner-missing' } });
    await assert.rejects(offer({ clientId, owner }, stranger), { fields: { to: 'new-owner-not-a-member' } });
    await assert.rejects(offer({ clientId, owner: member }, owner), { kind: 'not-allowed', code: 'owner-only' });
    await changeSettings(ctx, STAFF, { 'owners-manage-people': '0' });
    await assert.rejects(offer({ clientId, owner }, member), { kind: 'not-allowed', code: 'people-by-staff' });
    await changeSettings(ctx, STAFF, { 'owners-manage-people': '1' });
    await setUserDisabled(ctx, STAFF, member.id, true);
    await assert.rejects(offer({ clientId, owner }, member), { fields: { to: 'new-owner-not-a-member' } });
    await closeClient(ctx, STAFF, clientId);
    await assert.rejects(offer({ clientId, owner }, member), { kind: 'not-allowed', code: 'account-closed' });
    assert.equal(await ownershipOfferOf(ctx, clientId), undefined);
  });

  test('nobody accepts or declines what was offered to somebody else', async () => {
    const { clientId, owner, member } = await account();
    const other = await newPerson(ctx);
    await addMember(ctx, STAFF, other.id, clientId, ['profile']);
    await offer({ clientId, owner }, member);
    for (const thief of [other, owner, world.cast.eve]) {
      const actor: Actor = { kind: 'user', userId: thief.id, name: thief.email, ip: '' };
      await assert.rejects(acceptOwnership(ctx, actor, clientId, thief.id), OVER);
      await assert.rejects(declineOwnership(ctx, actor, clientId, thief.id), OVER);
    }
    await assert.rejects(acceptOwnership(ctx, member.actor, world.cast.ada.clientId, member.id), OVER);
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  test('an offer ends when it is declined, called off, replaced, or seven days old', async () => {
    const { clientId, owner, member } = await account();
    const other = await newPerson(ctx);
    await addMember(ctx, STAFF, other.id, clientId, ['profile']);
    await offer({ clientId, owner }, member);
    await declineOwnership(ctx, member.actor, clientId, member.id);
    assert.match((await world.letterTo(owner.email)).subject, /does not take over/);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
    await offer({ clientId, owner }, member);
    await cancelOwnershipOffer(ctx, owner.actor, clientId);
    await assert.rejects(cancelOwnershipOffer(ctx, owner.actor, clientId), OVER);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
    await offer({ clientId, owner }, member);
    await offer({ clientId, owner }, other);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
    world.clock.turn(days(7));
    assert.equal(await ownershipOfferOf(ctx, clientId), undefined);
    await assert.rejects(acceptOwnership(ctx, other.actor, clientId, other.id), OVER);
    await offer({ clientId, owner }, other); // what ran out does not stand in the way
    await acceptOwnership(ctx, other.actor, clientId, other.id);
    assert.deepEqual(await owners(clientId), [other.id]);
  });

  for (const [what, act] of [
    ['sets another password', async (id) => storePassword(ctx, STAFF, id, await sealedPassword(), { event: 'test' })],
    ['is deactivated', (id) => setUserDisabled(ctx, STAFF, id, true)],
    ['has another address', (id) => changeUser(ctx, STAFF, id, { email: `moved${id}@example.test` })],
  ] as readonly [string, (id: number) => Promise<void>][]) {
    test(`an offer ends when its owner ${what}`, async () => {
      const { clientId, owner, member } = await account();
      await offer({ clientId, owner }, member);
      await act(owner.id);
      await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
      assert.deepEqual(await owners(clientId), [owner.id]);
    });
  }

  test('somebody who was removed meanwhile does not accept, and an account closed meanwhile stays as it is', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    await removeMember(ctx, STAFF, member.id, clientId);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER);
    await addMember(ctx, STAFF, member.id, clientId, ['tickets']);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), OVER); // it was to whom they were
    await offer({ clientId, owner }, member);
    await closeClient(ctx, STAFF, clientId);
    await assert.rejects(acceptOwnership(ctx, member.actor, clientId, member.id), { code: 'account-closed' });
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  test('the owner before puts it back by the link of their letter: once, and as it was', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    await acceptOwnership(ctx, member.actor, clientId, member.id);
    const token = await undoToken(owner.email);
    const letter = (await letterHistory(ctx, { userId: owner.id }, { limit: 1 }))[0];
    assert.ok(!(await letterOf(ctx, letter?.id ?? 0)).text.includes(token), 'the history shows the link');
    assert.equal((await ownershipUndoState(ctx, token)).is, 'open');
    await undoOwnershipByLink(ctx, token, '192.0.2.1');
    assert.deepEqual(await owners(clientId), [owner.id]);
    const back = await findMember(ctx, member.id, clientId);
    assert.deepEqual([back?.permissions, back?.endsAt !== undefined], [['tickets'], true]);
    assert.match((await world.letterTo(member.email)).subject, /no longer own/);
    await assert.rejects(undoOwnershipByLink(ctx, token, '192.0.2.1'), UNDO_OVER);
    assert.equal((await ownershipUndoState(ctx, token)).is, 'used');
    await assert.rejects(undoOwnershipByStaff(ctx, STAFF, clientId), UNDO_OVER);
  });

  test('a new owner who throws the old one out at once does not bar the way back, nor by passing the account on', async () => {
    const { clientId, owner, member } = await account();
    const accomplice = await newPerson(ctx);
    await addMember(ctx, STAFF, accomplice.id, clientId, ['profile']);
    await offer({ clientId, owner }, member);
    await acceptOwnership(ctx, member.actor, clientId, member.id);
    await removeMember(ctx, member.actor, owner.id, clientId);
    const onward = offer({ clientId, owner: member }, accomplice);
    await assert.rejects(onward, { kind: 'conflict', code: 'ownership-undo-open' });
    await undoOwnershipByLink(ctx, await undoToken(owner.email), '');
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  test('the way back ends after 72 hours; then the new owner may pass the account on', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    await acceptOwnership(ctx, member.actor, clientId, member.id);
    const token = await undoToken(owner.email);
    world.clock.turn(hours(72));
    await assert.rejects(undoOwnershipByLink(ctx, token, ''), UNDO_OVER);
    assert.equal((await ownershipUndoState(ctx, token)).is, 'over');
    await assert.rejects(undoOwnershipByStaff(ctx, STAFF, clientId), UNDO_OVER);
    await offer({ clientId, owner: member }, owner);
    await acceptOwnership(ctx, owner.actor, clientId, owner.id);
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  for (const [what, act] of [
    ['went on to a third', ({ clientId, third }) => makeOwner(ctx, STAFF, clientId, third.id)],
    ['was closed', ({ clientId }) => closeClient(ctx, STAFF, clientId)],
    ['has an owner before who was deactivated', ({ owner }) => setUserDisabled(ctx, STAFF, owner.id, true)],
    [
      'has an owner before who is gone',
      async ({ clientId, owner }) => {
        await removeMember(ctx, STAFF, owner.id, clientId);
        await removeUser(ctx, STAFF, owner.id);
      },
    ],
  ] as readonly [string, (of: { clientId: number; owner: Person; third: Person }) => Promise<void>][]) {
    test(`the way back opens nothing when the account ${what}`, async () => {
      const { clientId, owner, member } = await account();
      const third = await newPerson(ctx);
      await addMember(ctx, STAFF, third.id, clientId, ['profile']);
      await makeOwner(ctx, STAFF, clientId, member.id);
      const token = await undoToken(owner.email);
      await act({ clientId, owner, third });
      const before = await owners(clientId);
      assert.notEqual((await ownershipUndoState(ctx, token)).is, 'open');
      await assert.rejects(undoOwnershipByLink(ctx, token, ''), UNDO_OVER);
      assert.deepEqual(await owners(clientId), before);
    });
  }

  test('a link of one change undoes no later one between the same two', async () => {
    const { clientId, owner, member } = await account();
    await makeOwner(ctx, STAFF, clientId, member.id);
    const first = await undoToken(owner.email);
    await makeOwner(ctx, STAFF, clientId, owner.id);
    await makeOwner(ctx, STAFF, clientId, member.id);
    await assert.rejects(undoOwnershipByLink(ctx, first, ''), UNDO_OVER);
    assert.deepEqual(await owners(clientId), [member.id]);
  });

  test('staff make a member the owner at once, both are told; what was put back and is decided again has no link', async () => {
    const { clientId, owner, member } = await account();
    const stranger = await newPerson(ctx);
    await assert.rejects(makeOwner(ctx, STAFF, clientId, stranger.id), { kind: 'not-found', code: 'not-a-member' });
    await assert.rejects(makeOwner(ctx, STAFF, clientId, owner.id), { kind: 'conflict', code: 'already-owner' });
    await makeOwner(ctx, STAFF, clientId, member.id);
    assert.deepEqual(await owners(clientId), [member.id]);
    assert.equal((await ownershipUndoOf(ctx, clientId))?.from.id, owner.id);
    assert.match((await world.letterTo(member.email)).subject, /You now own/);
    await undoOwnershipByLink(ctx, await undoToken(owner.email), '');
    assert.deepEqual(await owners(clientId), [owner.id]);
    await makeOwner(ctx, STAFF, clientId, member.id);
    assert.equal(await undoToken(owner.email), 'none');
    await undoOwnershipByStaff(ctx, STAFF, clientId); // staff themselves still can
    assert.deepEqual(await owners(clientId), [owner.id]);
    await setUserDisabled(ctx, STAFF, member.id, true);
    await assert.rejects(makeOwner(ctx, STAFF, clientId, member.id), { kind: 'conflict', code: 'new-owner-disabled' });
  });

  test('of 50 who accept at once one becomes the owner, and one letter tells the owner before', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    const { won, lost } = await atOnce(50, () => acceptOwnership(ctx, member.actor, clientId, member.id));
    assert.deepEqual([won.length, [...lost]], [1, [['not-allowed: ownership-offer-over', 49]]]);
    assert.deepEqual(await owners(clientId), [member.id]);
    const told = (await letterHistory(ctx, { userId: owner.id }, { limit: 99 })).filter(
      ({ kind }) => kind === 'ownership-handed-over',
    );
    assert.equal(told.length, 1);
  });

  test('of 50 who put it back at once one does', async () => {
    const { clientId, owner, member } = await account();
    await makeOwner(ctx, STAFF, clientId, member.id);
    const token = await undoToken(owner.email);
    const { won, lost } = await atOnce(50, (at) =>
      at % 2 === 0 ? undoOwnershipByLink(ctx, token, '') : undoOwnershipByStaff(ctx, STAFF, clientId),
    );
    assert.deepEqual([won.length, [...lost]], [1, [['not-allowed: ownership-undo-over', 49]]]);
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  test('while staff make 25 people the owner at once and the owner is read all the time, there is exactly one', async () => {
    const { clientId } = await account();
    const people = await Promise.all(Array.from({ length: 25 }, () => newPerson(ctx)));
    for (const one of people) await addMember(ctx, STAFF, one.id, clientId, ['tickets']);
    let reading = true;
    const seen = new Set<number>();
    const reader = (async () => {
      while (reading) {
        seen.add((await owners(clientId)).length);
        await nextTurn(); // SQLite answers at once: others want to run too
      }
    })();
    await atOnce(25, (at) => makeOwner(ctx, STAFF, clientId, people[at]?.id ?? 0));
    reading = false;
    await reader;
    assert.deepEqual([...seen], [1]);
    assert.equal((await owners(clientId)).length, 1);
  });

  test('a member who is just being removed does not become the owner, and a new owner is not removed', async () => {
    const first = await account();
    const removed = await meeting(
      ctx,
      (tx) => removeMember(tx, STAFF, first.member.id, first.clientId),
      () => makeOwner(ctx, STAFF, first.clientId, first.member.id),
    );
    assert.equal(removed.second.status, 'rejected');
    assert.deepEqual(await owners(first.clientId), [first.owner.id]);
    const second = await account();
    const kept = await meeting(
      ctx,
      (tx) => makeOwner(tx, STAFF, second.clientId, second.member.id),
      () => removeMember(ctx, STAFF, second.member.id, second.clientId),
    );
    assert.equal(kept.second.status, 'rejected');
    assert.deepEqual(await owners(second.clientId), [second.member.id]);
  });

  test('an offer accepted while its owner deactivates it by another password: one of the two, never half', async () => {
    const { clientId, owner, member } = await account();
    await offer({ clientId, owner }, member);
    const { second } = await meeting(
      ctx,
      async (tx) => storePassword(tx, STAFF, owner.id, await sealedPassword(), { event: 'test' }),
      () => acceptOwnership(ctx, member.actor, clientId, member.id),
    );
    assert.equal(second.status, 'rejected');
    assert.deepEqual(await owners(clientId), [owner.id]);
  });

  test('an account closed and opened again keeps its owner, and one without gets a member for it', async () => {
    const { clientId, member } = await account();
    const ownerId = await ownerIdOf(ctx, clientId);
    await closeClient(ctx, STAFF, clientId);
    await changeClient(ctx, STAFF, clientId, { status: 'Active' });
    assert.equal(await ownerIdOf(ctx, clientId), ownerId);
    const bare = await addClient(ctx, STAFF, profile({ email: 'bare@example.test' }));
    await addMember(ctx, STAFF, member.id, bare, ['tickets']);
    await makeOwner(ctx, STAFF, bare, member.id);
    assert.equal(await ownerIdOf(ctx, bare), member.id);
    assert.equal((await userOf(ctx, member.id)).disabledAt, undefined);
  });

  test('an account cannot be offered more than ten times a day', async () => {
    const { clientId, owner, member } = await account();
    world.clock.turn(minutes(61));
    for (let at = 0; at < 10; at += 1) await offer({ clientId, owner }, member).catch(() => {});
    await assert.rejects(offer({ clientId, owner }, member), { kind: 'too-many' });
  });
});
