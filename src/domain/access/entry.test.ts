// Entering an account: by a membership that holds at this instant, with a second factor where the account asks for one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccessLimits } from '#domain/access/access.ts';
import { accountsOf, accountsToChangeTo, linkedAccountsOf } from '#domain/access/accounts.ts';
import { deleteClient, deleteUser } from '#domain/access/deletion.ts';
import {
  enterAccount,
  liftSecondFactor,
  requireSecondFactor,
  requiresSecondFactor,
  TOLD_OF_END_MS,
} from '#domain/access/entry.ts';
import forgetAccountless from '#domain/access/forget-accountless.job.ts';
import { addMember, changeAccess, leaveAccount, removeMember } from '#domain/access/member-changes.ts';
import { findMember, findMembership, membershipsOf, peopleOf } from '#domain/access/members.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { PRESET_NAMES, presetPermissions } from '#domain/access/presets.ts';
import tidyAccess from '#domain/access/tidy-access.job.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { createSsoToken, redeemSsoToken } from '#domain/sso/sso.ts';
import { findUser } from '#domain/users/users.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { newAccount, newPerson } from '#tests/people.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

test('every preset fills ticks that there are, and none fills none', () => {
  for (const name of PRESET_NAMES) {
    const ticks = presetPermissions(name) ?? [];
    assert.ok(ticks.length > 0 && ticks.every((one) => ACCESS_PERMISSIONS.includes(one)), name);
  }
  assert.equal(presetPermissions('constructor'), undefined);
});

onBothDatabases('entering an account', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const someone = async (): Promise<number> => (await newPerson(ctx)).id;
  const account = async (): Promise<{ clientId: number; ownerId: number }> => {
    const { clientId, owner } = await newAccount(ctx, { companyName: 'Terms Ltd' });
    return { clientId, ownerId: owner.id };
  };
  const withTerm = async (limits: AccessLimits): Promise<{ clientId: number; ownerId: number; userId: number }> => {
    const { clientId, ownerId } = await account();
    const userId = await someone();
    await addMember(ctx, SYSTEM, userId, clientId, ['products'], limits);
    return { clientId, ownerId, userId };
  };
  const entry = async (userId: number, clientId: number, methods = ['password']): Promise<string> =>
    (await enterAccount(ctx, { userId, methods }, clientId)).at;
  const sso = (userId: number, clientId: number, serviceId?: number) =>
    createSsoToken(ctx, SYSTEM, {
      clientId,
      userId,
      destination: serviceId === undefined ? undefined : 'clientarea:homepage',
      serviceId,
      domainId: undefined,
      redirectPath: undefined,
    });

  test('before its first instant and from its last one on an access opens nothing, at any door, with no cleaner running', async () => {
    const startsAt = ctx.now() + days(1);
    const endsAt = startsAt + days(7);
    const { clientId, userId } = await withTerm({ startsAt, endsAt });
    const open = async (): Promise<readonly boolean[]> => [
      (await entry(userId, clientId)) === 'entered',
      (await findMember(ctx, userId, clientId)) !== undefined,
      (await accountsOf(ctx, userId)).length === 1,
      (await accountsToChangeTo(ctx, userId)).length === 1,
      'token' in (await sso(userId, clientId)),
      (await world.api('GetUserPermissions', { user_id: userId, client_id: clientId })).body['result'] === 'success',
      JSON.stringify((await world.api('GetUsers', { search: 'person', limitnum: 100 })).body).includes(
        `{"id":${clientId},"isOwner":false}`,
      ),
    ];
    const every = (is: boolean): boolean[] => Array(7).fill(is);
    assert.deepEqual(await open(), every(false));
    assert.equal(await entry(userId, clientId), 'not-yet');
    assert.ok(await findMembership(ctx, userId, clientId), 'and yet it is there to be looked after');
    assert.equal((await linkedAccountsOf(ctx, userId)).length, 1);
    world.clock.turn(days(1) - 1);
    assert.deepEqual(await open(), every(false));
    world.clock.turn(1);
    assert.deepEqual(await open(), every(true));
    const token = await sso(userId, clientId);
    assert.ok('token' in token);
    world.clock.turn(days(7) - 1);
    assert.deepEqual(await open(), every(true));
    const late = await sso(userId, clientId);
    assert.ok('token' in late);
    world.clock.turn(1);
    assert.deepEqual(await open(), every(false));
    assert.equal(await entry(userId, clientId), 'ended');
    assert.ok('refused' in (await redeemSsoToken(ctx, late.token, { ip: '192.0.2.1', userAgent: 'Test' })));
    assert.equal(await findMembership(ctx, userId, clientId), undefined);
    assert.equal((await peopleOf(ctx, clientId)).length, 1, 'the owner alone');
  });

  test('what is over is put away once, and whom it concerns is told', async () => {
    const { clientId, userId } = await withTerm({ endsAt: ctx.now() + hours(1) });
    await tidyAccess.run(ctx);
    assert.equal(await entry(userId, clientId), 'entered');
    world.clock.turn(hours(1) + minutes(10));
    await Promise.all([tidyAccess.run(ctx), tidyAccess.run(ctx)]);
    await tidyAccess.run(ctx);
    const kinds = (await letterHistory(ctx, { clientId }, { limit: 10 })).map((one) => one.kind).sort();
    assert.deepEqual(kinds, ['access-ended', 'access-yours-ended']);
    assert.equal((await auditLines(ctx, { clientId, event: 'access.removed' }, { limit: 5 })).length, 1);
    const at = await enterAccount(ctx, { userId, methods: [] }, clientId);
    assert.ok(
      at.at === 'ended' && at.endedAt === ctx.now() - minutes(10),
      'the end is when it was, not when it was tidied',
    );
    await addMember(ctx, SYSTEM, userId, clientId, ['emails']);
    assert.equal(await entry(userId, clientId), 'entered', 'given anew, it opens');
  });

  test('an access that is over and not put away yet is in nobody’s way', async () => {
    const { clientId, userId } = await withTerm({ endsAt: ctx.now() + hours(1) });
    const second = await withTerm({ endsAt: ctx.now() + hours(1) });
    const third = await withTerm({ endsAt: ctx.now() + hours(1) });
    world.clock.turn(hours(1));
    await assert.rejects(changeAccess(ctx, SYSTEM, userId, clientId, { permissions: ['emails'] }), {
      code: 'not-a-member',
    });
    await assert.rejects(removeMember(ctx, SYSTEM, userId, clientId), { code: 'not-a-member' });
    await addMember(ctx, SYSTEM, userId, clientId, ['emails']);
    assert.deepEqual((await findMember(ctx, userId, clientId))?.permissions, ['emails']);
    await deleteUser(ctx, SYSTEM, second.userId);
    assert.equal(await findUser(ctx, second.userId), undefined);
    await addMember(ctx, SYSTEM, third.userId, second.clientId, ['emails']);
    assert.equal(
      await deleteClient(ctx, SYSTEM, second.clientId, true),
      2,
      'its owner, and whose other access is over',
    );
    assert.equal((await membershipsOf(ctx, [third.userId])).get(third.userId)?.length, 0);
  });

  test('whoever had access is told that it ended, for a while; to a stranger the account is unknown', async () => {
    const { clientId, ownerId, userId } = await withTerm({});
    const stranger = await someone();
    assert.equal(await entry(stranger, clientId), 'unknown');
    assert.equal(await entry(userId, 999_999), 'unknown');
    await removeMember(ctx, SYSTEM, userId, clientId);
    assert.equal(await entry(userId, clientId), 'ended');
    world.clock.turn(TOLD_OF_END_MS - 1);
    assert.equal(await entry(userId, clientId), 'ended');
    world.clock.turn(1);
    assert.equal(await entry(userId, clientId), 'unknown', 'swept or not');
    await tidyAccess.run(ctx);
    await addMember(ctx, SYSTEM, stranger, clientId, ['products']);
    await leaveAccount(ctx, SYSTEM, stranger, clientId);
    assert.equal(await entry(stranger, clientId), 'ended');
    await assert.rejects(leaveAccount(ctx, SYSTEM, ownerId, clientId), { code: 'owner-cannot-leave' });
    await assert.rejects(leaveAccount(ctx, SYSTEM, stranger, clientId), { code: 'not-a-member' });
  });

  test('a term is changed as a whole, and one that makes no sense is refused', async () => {
    const { clientId, userId } = await withTerm({});
    const endsAt = ctx.now() + days(2);
    await changeAccess(ctx, SYSTEM, userId, clientId, { term: { startsAt: undefined, endsAt }, mayInvite: true });
    const changed = await findMember(ctx, userId, clientId);
    assert.deepEqual([changed?.endsAt, changed?.mayInvite, changed?.permissions], [endsAt, true, ['products']]);
    for (const term of [
      { startsAt: undefined, endsAt: ctx.now() },
      { startsAt: endsAt, endsAt },
      { startsAt: ctx.now() + days(9999), endsAt: undefined },
    ])
      await assert.rejects(changeAccess(ctx, SYSTEM, userId, clientId, { term }), { kind: 'invalid' });
    await changeAccess(ctx, SYSTEM, userId, clientId, { term: { startsAt: undefined, endsAt: undefined } });
    assert.equal((await findMember(ctx, userId, clientId))?.endsAt, undefined);
    assert.equal((await findMember(ctx, userId, clientId))?.mayInvite, true, 'what was not named stays');
  });

  test('an access limited to services reaches those, says so to programs, and no others by single sign-on', async () => {
    const { clientId, userId } = await withTerm({ serviceIds: [12, 7, 12] });
    assert.deepEqual((await findMember(ctx, userId, clientId))?.serviceIds, [7, 12]);
    const { body } = await world.api('GetUserPermissions', { user_id: userId, client_id: clientId });
    assert.deepEqual(body['serviceids'], { serviceid: [7, 12] });
    assert.ok('token' in (await sso(userId, clientId, 7)));
    assert.deepEqual(await sso(userId, clientId, 8), { refused: 'invalid-destination' });
    await assert.rejects(changeAccess(ctx, SYSTEM, userId, clientId, { serviceIds: [0] }), { kind: 'invalid' });
  });

  test('an account that asks for a second factor opens to no sign-in without one', async () => {
    const { cleo } = world.cast;
    const ben = await someone();
    await addMember(ctx, SYSTEM, ben, cleo.clientId, ['products']);
    const actor = { kind: 'user', userId: cleo.id, name: cleo.email, ip: '' } as const;
    const without = { userId: cleo.id, methods: ['password'] };
    const withFactor = { userId: cleo.id, methods: ['password', 'test-factor'] };
    await assert.rejects(requireSecondFactor(ctx, actor, without, cleo.clientId), { code: 'second-factor-first' });
    await assert.rejects(
      requireSecondFactor(ctx, actor, { userId: ben, methods: ['test-factor'] }, cleo.clientId),
      { code: 'second-factor-first' },
      'a method of the session alone is not a factor that is held',
    );
    await requireSecondFactor(ctx, actor, withFactor, cleo.clientId);
    await requireSecondFactor(ctx, actor, withFactor, cleo.clientId);
    assert.ok(await requiresSecondFactor(ctx, cleo.clientId));
    assert.equal(await entry(cleo.id, cleo.clientId, ['password', 'test-factor']), 'entered');
    for (const methods of [['password'], ['sso'], []])
      assert.equal(await entry(cleo.id, cleo.clientId, methods), 'second-factor', methods.join());
    const refused = await enterAccount(ctx, { userId: ben, methods: ['password'] }, cleo.clientId);
    assert.ok(refused.at === 'second-factor' && !refused.held);
    const other = await enterAccount(ctx, without, cleo.clientId);
    assert.ok(other.at === 'second-factor' && other.held);
    assert.equal(await entry(world.cast.ada.id, world.cast.ada.clientId), 'entered', 'other accounts ask for nothing');
    await liftSecondFactor(ctx, SYSTEM, cleo.clientId);
    assert.equal(await entry(ben, cleo.clientId), 'entered');
    const lines = await auditLines(ctx, { clientId: cleo.clientId }, { limit: 10 });
    const events = lines.map((line) => line.event).filter((event) => event.startsWith('access.second_factor'));
    assert.deepEqual(events, ['access.second_factor_lifted', 'access.second_factor_required']);
  });

  test('users without any account stay for ever, unless the operator sets an end; whoever has one stays in any case', async () => {
    const { clientId, userId } = await withTerm({});
    const [alone, recent] = [await someone(), await someone()];
    await removeMember(ctx, SYSTEM, userId, clientId);
    world.clock.turn(days(200));
    const late = await someone();
    await addMember(ctx, SYSTEM, recent, clientId, ['emails']);
    await removeMember(ctx, SYSTEM, recent, clientId);
    await forgetAccountless.run(ctx);
    assert.ok(await findUser(ctx, alone), 'never, by default');
    await changeSettings(ctx, SYSTEM, { 'forget-accountless-days': '180' });
    world.clock.turn(seconds(2));
    await forgetAccountless.run(ctx);
    const here = async (id: number): Promise<boolean> => (await findUser(ctx, id)) !== undefined;
    assert.deepEqual(await Promise.all([alone, userId, recent, late, world.cast.ben.id].map(here)), [
      false,
      false,
      true,
      true,
      true,
    ]);
    await changeSettings(ctx, SYSTEM, { 'forget-accountless-days': '0' });
  });

  test('entering is one statement by keys: the membership, the account and its rules', async () => {
    const { ben, ada } = world.cast;
    const plans = await plansOf(ctx, (watched) =>
      enterAccount(watched, { userId: ben.id, methods: ['password'] }, ada.clientId),
    );
    assert.equal(plans.length, 1);
    for (const { statement, steps } of plans)
      assert.doesNotMatch(steps.join('\n'), /SCAN (m|r|c|members|clients|entry_rules)\b/, statement);
    world.clock.turn(seconds(1));
  });
});
