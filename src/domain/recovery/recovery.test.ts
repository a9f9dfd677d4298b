// The way back for somebody who lost every second factor: two people, a waiting time, a way to say no.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { offerFactor } from '#domain/login/next-step.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import {
  approveRecovery,
  askRecovery,
  cancelLinkState,
  cancelRecovery,
  declineRecovery,
  finishRecovery,
  openRecoveries,
  recoveryOf,
} from '#domain/recovery/recovery.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { storePassword } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const IP = '192.0.2.1';
const NOT_READY = { kind: 'not-allowed', code: 'recovery-not-ready' };

onBothDatabases('lost second factors', (database) => {
  let world: World;
  let ctx: Context;
  let root: Actor;
  let ada: Actor;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    root = { kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: IP };
    ada = { kind: 'user', userId: world.cast.ada.id, name: world.cast.ada.email, ip: IP };
  });
  after(() => world.close());

  let network = 0;
  /** The attempt of cleo, whose password is known and whose second factor is asked. */
  const attempt = async (): Promise<string> => {
    network += 1;
    const ip = `10.1.${network}.1`;
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: world.cast.cleo.email,
      password: PASSWORD,
      source: { kind: 'visitor', ip },
      ip,
      isPersonThere: true,
    });
    assert.equal(answer.at, 'second-factor');
    return 'attempt' in answer ? answer.attempt : '';
  };
  const cleo = (): number => world.cast.cleo.id;
  const ask = async (): Promise<number> => {
    world.clock.turn(days(2)); // past the limit of a day
    await askRecovery(ctx, await attempt(), { reason: 'My phone was stolen' }, IP);
    return (await recoveryOf(ctx, cleo()))?.id ?? 0;
  };
  const approve = (id: number, by = root) => approveRecovery(ctx, by, id, { note: 'Called the number on file' });
  const cancelToken = async (): Promise<string> =>
    /\/recovery\/cancel\/([\w-]+)/.exec((await world.letterTo(world.cast.cleo.email)).text)?.[1] ?? 'none';
  /** The key in the newest letter that has one. */
  const keyOf = async (): Promise<string> => {
    for (const { id } of await letterHistory(ctx, {}, { limit: 20 })) {
      const key = /\/recovery\/finish\/([\w-]+)/.exec((await liveLetterOf(ctx, id)).text)?.[1];
      if (key) return key;
    }
    return 'none';
  };
  /** cleo's factor of the tests cannot be taken away: what would be is asked of the recovery itself. */
  const finish = async (key?: string) => finishRecovery(ctx, await attempt(), key ?? (await keyOf()), IP);

  test('asking changes nothing, is told with a way to stop it, and one at a time is enough', async () => {
    const id = await ask();
    assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: cleo() }));
    await assert.rejects(askRecovery(ctx, await attempt(), { reason: 'Again' }, IP), { code: 'recovery-under-way' });
    await assert.rejects(askRecovery(ctx, await attempt(), { reason: ' ' }, IP), {
      fields: { reason: 'recovery-reason-missing' },
    });
    await assert.rejects(finish(), NOT_READY);
    assert.equal(await cancelLinkState(ctx, await cancelToken()), 'open');
    assert.deepEqual(
      (await openRecoveries(ctx)).map((one) => one.id),
      [id],
    );
    await declineRecovery(ctx, root, id);
    assert.equal(await recoveryOf(ctx, cleo()), undefined);
    await assert.rejects(approve(id), { kind: 'not-found' });
    assert.match((await world.letterTo(world.cast.cleo.email)).text, /refused/);
  });

  test('fifty who ask at once leave one request, and nobody asks without the password', async () => {
    world.clock.turn(days(2));
    const tokens = await Promise.all(Array.from({ length: 3 }, () => attempt()));
    const asked = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) => askRecovery(ctx, tokens[at % 3] ?? '', { reason: `Try ${at}` }, IP)),
    );
    assert.equal(asked.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal((await openRecoveries(ctx)).length, 1);
    await assert.rejects(askRecovery(ctx, 'no attempt', { reason: 'x' }, IP), { code: 'attempt-over' });
    await cancelRecovery(ctx, await cancelToken(), IP);
  });

  test('somebody who vouches starts the waiting time; before it is over it opens nothing', async () => {
    const id = await ask();
    const older = await cancelToken();
    await assert.rejects(approveRecovery(ctx, root, id, { note: '' }), { fields: { note: 'recovery-note-missing' } });
    await approve(id);
    assert.equal(await cancelLinkState(ctx, older), 'open', 'whichever letter is read first');
    world.clock.turn(hours(24) - 1);
    await assert.rejects(finish(), NOT_READY);
    const [line] = await auditLines(ctx, { userId: cleo(), event: 'user.2fa.recovery_approved' }, { limit: 1 });
    assert.match(line?.description ?? '', /root vouched/);
    const token = await cancelToken();
    await cancelRecovery(ctx, token, IP);
    world.clock.turn(minutes(1));
    await assert.rejects(finish(), NOT_READY);
    await assert.rejects(cancelRecovery(ctx, token, IP), { kind: 'not-found' });
    assert.equal(await cancelLinkState(ctx, token), 'over');
  });

  test('a new password, a factor that was found again, and time each end it', async () => {
    const first = await ask();
    await approve(first);
    await storePassword(ctx, SYSTEM, cleo(), await sealedPassword(), { event: 'user.password.changed' });
    world.clock.turn(days(2));
    await assert.rejects(finish(), NOT_READY);

    const second = await ask();
    await approve(second);
    const found = await offerFactor(ctx, await attempt(), undefined, { text: CODE, browser: '' }, IP);
    assert.ok(found.at === 'proved');
    await signIn(ctx, found.proof, { ip: IP, userAgent: 'Test', origin: 'login' });
    world.clock.turn(days(2));
    await assert.rejects(finish(), NOT_READY);

    await approve(await ask());
    world.clock.turn(days(8) + 1); // a day of waiting, and seven to come back in
    await assert.rejects(finish(), NOT_READY);
    assert.notEqual(await ask(), 0, 'one that is over bars no new one');
    await cancelRecovery(ctx, await cancelToken(), IP);
  });

  test('an owner vouches only for somebody whose every account is theirs', async () => {
    const { ben, eve } = world.cast;
    assert.equal(await soleOwnerOver(ctx, ben.id), world.cast.ada.id);
    await addMember(ctx, SYSTEM, ben.id, eve.clientId, ['tickets']);
    assert.equal(await soleOwnerOver(ctx, ben.id), undefined);
    await removeMember(ctx, SYSTEM, ben.id, eve.clientId);
    assert.equal(await soleOwnerOver(ctx, cleo()), undefined, 'nobody vouches for themselves');
    const id = await ask();
    await assert.rejects(approve(id, ada), { code: 'recovery-not-yours' });
    await assert.rejects(declineRecovery(ctx, ada, id), { code: 'recovery-not-yours' });
    await changeSettings(ctx, root, { 'owners-approve-recovery': '0' });
    assert.equal(await soleOwnerOver(ctx, ben.id), undefined);
    await changeSettings(ctx, root, { 'owners-approve-recovery': '1' });
    await declineRecovery(ctx, root, id);
  });

  test('every address that we know of is told', async () => {
    const { eve } = world.cast;
    world.clock.turn(days(2));
    await ctx.db
      .updateTable('clients')
      .set({ email: 'cleo-billing@example.test' })
      .where('id', '=', world.cast.cleo.clientId)
      .execute();
    await askRecovery(ctx, await attempt(), { reason: 'Lost' }, IP);
    const told = (await letterHistory(ctx, {}, { limit: 5 })).filter((one) => one.kind === 'factor-recovery');
    assert.ok(
      told.some((one) => one.to === 'cleo-billing@example.test') &&
        told.some((one) => one.to === world.cast.cleo.email),
    );
    assert.ok(!told.some((one) => one.to === eve.email));
    for (const one of told.slice(0, 2)) assert.ok(!(await liveLetterOf(ctx, one.id)).text.includes('/login/'));
    await cancelRecovery(ctx, await cancelToken(), IP);
  });
});
