// Invitations: who may send them, what a link is worth, what ends it, who may accept.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccessLimits } from '#domain/access/access.ts';
import { acceptInvitation, declineInvitation, findOpenInvitation } from '#domain/access/invitation-answers.ts';
import type { NewInvitation } from '#domain/access/invitations.ts';
import {
  cancelInvitation,
  INVITATION_MS,
  invitationOf,
  invitationsOf,
  invite,
  invitedAddresses,
  resendInvitation,
} from '#domain/access/invitations.ts';
import { changeAccess, leaveAccount, removeMember } from '#domain/access/member-changes.ts';
import { findMember, findMembership } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { letterHistory, letterOf } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { acceptAsNewUser } from '#domain/signup/invited-user.ts';
import { findUserByEmail, setUserDisabled, userOf } from '#domain/users/users.ts';
import { days, hours, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Person } from '#tests/people.ts';
import { newAccount, newMember, newPerson } from '#tests/people.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';
const OVER = { kind: 'not-allowed', code: 'invitation-over' };
const NOT_FOUND = { kind: 'not-found', code: 'invitation-not-found' };

onBothDatabases('invitations', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  /** An account of its own for each test, with its owner. */
  const account = (companyName = 'Some Company') => newAccount(ctx, { companyName });
  const member = (clientId: number, permissions: AccessPermission[], limits?: AccessLimits): Promise<Person> =>
    newMember(ctx, clientId, permissions, limits);
  const to = (email: string, over: Partial<NewInvitation> = {}): NewInvitation => ({
    email,
    permissions: ['invoices', 'tickets'],
    serviceIds: [],
    mayInvite: false,
    startsAt: undefined,
    endsAt: undefined,
    ...over,
  });
  const tokenTo = async (email: string): Promise<string> => (await world.letterTo(email)).link.split('/').at(-1) ?? '';
  const set = async (settings: Record<string, string>): Promise<void> => {
    await changeSettings(ctx, SYSTEM, settings);
    world.clock.turn(seconds(2));
  };

  test('a letter says who gives what, for how long, and opens the invitation; its link is kept nowhere in the clear', async () => {
    const { clientId, owner } = await account('Engines');
    const ben = await newPerson(ctx);
    await invite(ctx, owner.actor, clientId, to(ben.email, { lastsMs: days(7) }));
    const letter = await world.letterTo(ben.email);
    assert.equal(letter.subject, `${owner.name} invites you to Engines`);
    for (const words of ['See and pay invoices', 'See and open support tickets', '7 days', 'June 8, 2026', ben.email])
      assert.ok(letter.text.includes(words), `${words} in\n${letter.text}`);
    const token = await tokenTo(ben.email);
    assert.equal(Buffer.from(token, 'base64url').length, 32, '256 bits');
    const rows = await ctx.db.selectFrom('invitations').selectAll().where('client_id', '=', clientId).execute();
    assert.ok(!JSON.stringify(rows).includes(token));
    const [kept] = await letterHistory(ctx, { clientId }, { limit: 1 });
    const history = await letterOf(ctx, kept?.id ?? 0);
    assert.ok(!`${history.html}${history.text}`.includes(token));
    const open = await findOpenInvitation(ctx, token);
    assert.deepEqual([open?.accountName, open?.email, open?.isKnown], ['Engines', ben.email, true]);
    const [line] = await auditLines(ctx, { clientId, event: 'access.invited' }, { limit: 5 });
    assert.equal(line?.actorName, owner.email);
  });

  test('accepted, it gives just what it said from that instant on, and the owner is told by whom', async () => {
    const { clientId, owner } = await account('Accepted Ltd');
    const ben = await newPerson(ctx);
    await invite(ctx, owner.actor, clientId, to(ben.email, { lastsMs: days(7) }));
    world.clock.turn(days(3));
    assert.equal(await acceptInvitation(ctx, ben.actor, await tokenTo(ben.email)), clientId);
    const got = await findMember(ctx, ben.id, clientId);
    assert.deepEqual(got?.permissions, ['invoices', 'tickets']);
    assert.equal(got?.endsAt, ctx.now() + days(7), 'seven days from acceptance');
    assert.equal((await userOf(ctx, ben.id)).emailVerifiedAt, undefined, 'it verifies no address');
    const told = await world.letterTo(owner.email);
    assert.match(told.subject, /can now enter Accepted Ltd/);
    assert.ok(told.text.includes(ben.email));
    assert.deepEqual([...(await invitedAddresses(ctx, clientId))], [[ben.id, ben.email]]);
    assert.deepEqual(await invitationsOf(ctx, clientId), []);
    await assert.rejects(acceptInvitation(ctx, ben.actor, await tokenTo(ben.email)), OVER);
  });

  test('it holds for seven days and no instant longer', async () => {
    const { clientId, owner } = await account();
    const ben = await newPerson(ctx);
    await invite(ctx, owner.actor, clientId, to(ben.email));
    const token = await tokenTo(ben.email);
    world.clock.turn(INVITATION_MS - 1);
    assert.ok(await findOpenInvitation(ctx, token));
    world.clock.turn(1);
    assert.equal(await findOpenInvitation(ctx, token), undefined);
    await assert.rejects(acceptInvitation(ctx, ben.actor, token), OVER);
    await assert.rejects(declineInvitation(ctx, token, '192.0.2.1'), OVER);
    assert.deepEqual(await invitationsOf(ctx, clientId), []);
    const id = await invite(ctx, owner.actor, clientId, to(ben.email));
    assert.ok(id, 'one that ran out does not stand in the way of another');
    assert.equal((await auditLines(ctx, { clientId, event: 'access.expired' }, { limit: 5 })).length, 1);
  });

  test('sent again, the newer link works and the older does not, and the clock starts anew', async () => {
    const { clientId, owner } = await account();
    const ben = await newPerson(ctx);
    const id = await invite(ctx, owner.actor, clientId, to(ben.email));
    const older = await tokenTo(ben.email);
    world.clock.turn(days(6));
    await resendInvitation(ctx, owner.actor, clientId, id);
    const newer = await tokenTo(ben.email);
    assert.notEqual(newer, older);
    assert.equal(await findOpenInvitation(ctx, older), undefined);
    await assert.rejects(acceptInvitation(ctx, ben.actor, older), OVER);
    const letters = await letterHistory(ctx, { clientId }, { limit: 5 });
    assert.deepEqual(
      letters.map((one) => one.state),
      ['waiting', 'expired'],
      'the letter with the dead link does not go out any more',
    );
    world.clock.turn(days(6));
    await acceptInvitation(ctx, ben.actor, newer);
  });

  test('five times a day it is sent again, and then no more until the day is over', async () => {
    const { clientId, owner } = await account();
    const ben = await newPerson(ctx);
    const id = await invite(ctx, owner.actor, clientId, to(ben.email));
    for (let at = 0; at < 5; at += 1) await resendInvitation(ctx, owner.actor, clientId, id);
    const good = await tokenTo(ben.email);
    for (const actor of [owner.actor, SYSTEM])
      await assert.rejects(resendInvitation(ctx, actor, clientId, id), { kind: 'too-many', code: 'invitation-again' });
    assert.ok(await findOpenInvitation(ctx, good), 'a refusal kills no link');
    world.clock.turn(days(1));
    await resendInvitation(ctx, owner.actor, clientId, id);
  });

  test('cancelled or declined, the link is dead; who sent it hears of a declined one', async () => {
    const { clientId, owner } = await account('Declined Ltd');
    const [ben, cat] = [await newPerson(ctx), await newPerson(ctx)];
    const id = await invite(ctx, owner.actor, clientId, to(ben.email));
    await invite(ctx, owner.actor, clientId, to(cat.email));
    const [first, second] = [await tokenTo(ben.email), await tokenTo(cat.email)];
    await cancelInvitation(ctx, owner.actor, clientId, id);
    await assert.rejects(acceptInvitation(ctx, ben.actor, first), OVER);
    for (const act of [cancelInvitation, resendInvitation])
      await assert.rejects(act(ctx, owner.actor, clientId, id), NOT_FOUND);
    await declineInvitation(ctx, second, '192.0.2.1');
    await assert.rejects(acceptInvitation(ctx, cat.actor, second), OVER);
    const told = await world.letterTo(owner.email);
    assert.equal(told.subject, `${cat.email} declined the invitation to Declined Ltd`);
    assert.equal((await auditLines(ctx, { clientId, event: 'access.declined' }, { limit: 5 })).length, 1);
  });

  test('one invitation of an address waits at a time; a program replaces it', async () => {
    const { clientId, owner } = await account();
    const ben = await newPerson(ctx);
    await invite(ctx, owner.actor, clientId, to(ben.email));
    const older = await tokenTo(ben.email);
    await assert.rejects(invite(ctx, owner.actor, clientId, to(ben.email.toUpperCase())), { code: 'already-invited' });
    await invite(ctx, SYSTEM, clientId, to(ben.email, { replace: true, permissions: ['emails'] }));
    await assert.rejects(acceptInvitation(ctx, ben.actor, older), OVER);
    await acceptInvitation(ctx, ben.actor, await tokenTo(ben.email));
    assert.deepEqual((await findMember(ctx, ben.id, clientId))?.permissions, ['emails']);
    await assert.rejects(invite(ctx, owner.actor, clientId, to(ben.email)), { code: 'already-member' });
  });

  test('what is missing or does not fit is said at its field', async () => {
    const { clientId, owner } = await account();
    const refused = async (over: Partial<NewInvitation> & { email?: string }, fields: object): Promise<void> =>
      assert.rejects(invite(ctx, owner.actor, clientId, to(over.email ?? 'x@example.test', over)), {
        kind: 'invalid',
        fields,
      });
    await refused({ email: ' ' }, { email: 'email-missing' });
    await refused({ email: 'not an address' }, { email: 'email-invalid' });
    await refused({ permissions: [] }, { permissions: 'permissions-missing' });
    await refused({ endsAt: ctx.now() }, { endsAt: 'term-in-the-past' });
    await refused({ startsAt: ctx.now() + days(3), endsAt: ctx.now() + days(2) }, { endsAt: 'term-backwards' });
    await refused({ endsAt: ctx.now() + days(9999) }, { endsAt: 'term-too-far' });
    await assert.rejects(invite(ctx, owner.actor, 999_999, to('x@example.test')), { code: 'client-not-found' });
  });

  test('only the owner, whom the owner lets, and staff invite', async () => {
    const { clientId, owner } = await account();
    const [plain, letIn, stranger] = [
      await member(clientId, ['invoices', 'tickets']),
      await member(clientId, ['invoices', 'tickets'], { mayInvite: true }),
      await newPerson(ctx),
    ];
    const nobody: Actor = { kind: 'stranger', name: '', ip: '' };
    for (const actor of [plain.actor, stranger.actor, nobody])
      await assert.rejects(invite(ctx, actor, clientId, to('no@example.test')), {
        kind: 'not-allowed',
        code: 'may-not-invite',
      });
    for (const [at, actor] of [owner.actor, letIn.actor, SYSTEM].entries())
      assert.ok(await invite(ctx, actor, clientId, to(`yes${at}@example.test`)));
  });

  test('a member who may invite gives no more than they hold, for no longer, and not the right to invite', async () => {
    const { clientId } = await account();
    const endsAt = ctx.now() + days(10);
    const inviter = await member(clientId, ['tickets', 'emails'], { mayInvite: true, endsAt, serviceIds: [7, 8] });
    const limits = { permissions: ['tickets'] as const, endsAt };
    const refused = async (over: Partial<NewInvitation>, fields: object): Promise<void> =>
      assert.rejects(invite(ctx, inviter.actor, clientId, to('more@example.test', { ...limits, ...over })), { fields });
    await refused({ permissions: ['tickets', 'invoices'] }, { permissions: 'permission-not-yours' });
    await refused({ mayInvite: true }, { mayInvite: 'may-invite-not-yours' });
    await refused({ endsAt: undefined }, { endsAt: 'term-not-yours' });
    await refused({ endsAt: endsAt + 1 }, { endsAt: 'term-not-yours' });
    await refused({ endsAt: undefined, lastsMs: days(30) }, { endsAt: 'term-not-yours' });
    await refused({ serviceIds: [7, 9] }, { serviceIds: 'service-not-yours' });
    const guest = await newPerson(ctx);
    await invite(ctx, inviter.actor, clientId, to(guest.email, { permissions: ['tickets'], lastsMs: days(7) }));
    world.clock.turn(days(5));
    await acceptInvitation(ctx, guest.actor, await tokenTo(guest.email));
    const got = await findMember(ctx, guest.id, clientId);
    assert.equal(got?.endsAt, endsAt, 'held to the end of who gave it');
    assert.deepEqual(got?.serviceIds, [7, 8], 'and to the services of who gave it');
    assert.equal(got?.mayInvite, false);
  });

  test('an invitation dies with what whoever sent it may give: removed, left, reduced, over, deactivated', async () => {
    const ways: readonly [string, (clientId: number, inviter: Person) => Promise<void>][] = [
      ['removed', (clientId, { id }) => removeMember(ctx, SYSTEM, id, clientId)],
      ['left', (clientId, { id, actor }) => leaveAccount(ctx, actor, id, clientId)],
      ['a permission less', (clientId, { id }) => changeAccess(ctx, SYSTEM, id, clientId, { permissions: ['emails'] })],
      ['inviting no more', (clientId, { id }) => changeAccess(ctx, SYSTEM, id, clientId, { mayInvite: false })],
      ['deactivated', (_, { id }) => setUserDisabled(ctx, SYSTEM, id, true)],
      [
        'over by the clock alone',
        async (clientId, { id }) => {
          await changeAccess(ctx, SYSTEM, id, clientId, {
            term: { startsAt: undefined, endsAt: ctx.now() + hours(1) },
          });
          world.clock.turn(hours(1));
        },
      ],
    ];
    for (const [name, end] of ways) {
      const { clientId, owner } = await account();
      const inviter = await member(clientId, ['tickets', 'emails'], { mayInvite: true });
      const [guest, other] = [await newPerson(ctx), await newPerson(ctx)];
      await invite(ctx, inviter.actor, clientId, to(guest.email, { permissions: ['tickets'] }));
      await invite(ctx, owner.actor, clientId, to(other.email));
      await end(clientId, inviter);
      await assert.rejects(acceptInvitation(ctx, guest.actor, await tokenTo(guest.email)), OVER, name);
      assert.equal(await findOpenInvitation(ctx, await tokenTo(guest.email)), undefined, name);
      await acceptInvitation(ctx, other.actor, await tokenTo(other.email)); // the owner's own is not touched
    }
  });

  test('a closed account lets nobody in, also once it is open again', async () => {
    const { clientId, owner } = await account();
    const ben = await newPerson(ctx);
    await invite(ctx, owner.actor, clientId, to(ben.email));
    const token = await tokenTo(ben.email);
    await closeClient(ctx, SYSTEM, clientId);
    await assert.rejects(acceptInvitation(ctx, ben.actor, token), OVER);
    await assert.rejects(invite(ctx, owner.actor, clientId, to('x@example.test')), { code: 'account-closed' });
    await changeClient(ctx, SYSTEM, clientId, { status: 'Active' });
    await assert.rejects(acceptInvitation(ctx, ben.actor, token), OVER);
  });

  test('whoever tends an invitation is its sender, the owner or staff; of another account it is not found', async () => {
    const { clientId, owner } = await account();
    const elsewhere = await account();
    const [one, other] = [
      await member(clientId, ['tickets'], { mayInvite: true }),
      await member(clientId, ['tickets'], { mayInvite: true }),
    ];
    const id = await invite(ctx, one.actor, clientId, to('tended@example.test', { permissions: ['tickets'] }));
    for (const [actor, of] of [
      [other.actor, clientId],
      [elsewhere.owner.actor, clientId],
      [elsewhere.owner.actor, elsewhere.clientId],
    ] as const) {
      await assert.rejects(invitationOf(ctx, actor, of, id), NOT_FOUND);
      for (const act of [cancelInvitation, resendInvitation]) await assert.rejects(act(ctx, actor, of, id), NOT_FOUND);
    }
    for (const actor of [one.actor, owner.actor, SYSTEM])
      assert.equal((await invitationOf(ctx, actor, clientId, id)).id, id);
    assert.deepEqual(await invitationsOf(ctx, clientId, other.id), []);
    await cancelInvitation(ctx, owner.actor, clientId, id);
  });

  test('somebody new comes in with a name and a password, all or none', async () => {
    const { clientId, owner } = await account();
    await invite(ctx, owner.actor, clientId, to('newcomer@example.test'));
    const token = await tokenTo('newcomer@example.test');
    const who = { firstName: 'New', lastName: 'Comer', email: 'newcomer@example.test', password: FRESH };
    const before = ctx.passwords.hashes;
    for (const [over, problem] of [
      [{ firstName: '' }, { fields: { firstName: 'first-name-missing' } }],
      [{ password: '' }, { fields: { password: 'password-missing' } }],
      [{ password: 'short' }, { fields: { password: 'password-too-short' } }],
      [{ email: 'another@example.test' }, { code: 'invitation-other-address' }],
    ] as const)
      await assert.rejects(acceptAsNewUser(ctx, token, { ...who, ...over }, '192.0.2.1'), problem);
    await assert.rejects(acceptAsNewUser(ctx, 'guess', who, '192.0.2.1'), OVER);
    assert.equal(ctx.passwords.hashes, before, 'nothing slow was done for any of them');
    assert.equal(await findUserByEmail(ctx, who.email), undefined);
    const { userId } = await acceptAsNewUser(ctx, token, { ...who, email: 'NewComer@Example.test' }, '192.0.2.1');
    assert.ok(await findMember(ctx, userId, clientId));
    assert.equal((await userOf(ctx, userId)).emailVerifiedAt, undefined);
    await assert.rejects(acceptAsNewUser(ctx, token, who, '192.0.2.1'), OVER);
  });

  test('with the setting off, whoever holds the link accepts, and the owner is told who that was', async () => {
    const { clientId, owner } = await account('Open Ltd');
    const [invited, holder] = [await newPerson(ctx), await newPerson(ctx)];
    await invite(ctx, owner.actor, clientId, to(invited.email));
    const token = await tokenTo(invited.email);
    await assert.rejects(acceptInvitation(ctx, holder.actor, token), { code: 'invitation-other-address' });
    await set({ 'invited-address-only': '' });
    await acceptInvitation(ctx, holder.actor, token);
    const told = await world.letterTo(owner.email);
    assert.ok(told.text.includes(holder.email) && told.text.includes(invited.email));
    assert.deepEqual([...(await invitedAddresses(ctx, clientId))], [[holder.id, invited.email]]);
    assert.equal(await findMembership(ctx, invited.id, clientId), undefined);
    await set({ 'invited-address-only': 'on' });
  });

  test('names in the letter to a stranger are no advertisement', async () => {
    const { clientId, owner } = await account('Win now at https://prizes.example/x and www.prizes.example');
    await invite(ctx, owner.actor, clientId, to('stranger@example.test'));
    const { text, link } = await world.letterTo('stranger@example.test');
    assert.doesNotMatch(text.replaceAll(link, ''), /prizes\.example|https?:/);
  });
});
