// Staff in the place of a user: when they may be there, what is written down, and what the user learns. What they must not get
// at: tests/attacks/support.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addOwner } from '#domain/access/member-changes.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit, auditLines } from '#domain/audit/audit.ts';
import { forgetInLog } from '#domain/audit/forgetting.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { actInPlace, leavePlace, shownStaff } from '#domain/login/acting.ts';
import job from '#domain/login/end-acting.job.ts';
import { endOwnSession } from '#domain/sessions/ending.ts';
import type { OpenedSession } from '#domain/sessions/opening.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkActingSession } from '#domain/sessions/signed-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser } from '#domain/users/users.ts';
import { days, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { signedIn, wordsOf } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('staff in the place of a user', (database) => {
  let world: World;
  let ctx: Context;
  let root: StaffActor;
  let staffSession: number;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    const { id, username } = world.cast.root;
    root = { kind: 'administrator', administratorId: id, name: username, ip: '192.0.2.7' };
  });
  after(() => world.close());

  type Place = { userId: number; clientId?: number; mayWrite?: boolean; reason?: string };
  async function enter({ userId, clientId, mayWrite = false, reason = 'Ticket 4711' }: Place): Promise<OpenedSession> {
    await signedIn(world, 'root');
    staffSession = (await sessionsOf(ctx, { administratorId: world.cast.root.id }))[0]?.id ?? 0;
    const staff = { sessionId: staffSession, methods: ['password'] };
    return actInPlace(ctx, root, { staff, userId, clientId, mayWrite, reason, userAgent: 'Test' });
  }
  const holds = async ({ token }: OpenedSession): Promise<boolean> => 'who' in (await checkActingSession(ctx, token));
  const linesOf = async (userId: number) =>
    (await auditLines(ctx, { userId }, { limit: 10 })).filter(({ event }) => event.startsWith('admin.impersonation.'));
  const lettersTo = async (userId: number): Promise<number> =>
    (
      await ctx.db
        .selectFrom('letters')
        .select('id')
        .where('user_id', '=', userId)
        .where('kind', '=', 'staff-were-here')
        .execute()
    ).length;

  test('needs no password of theirs, and says whose place, by whom, until when', async () => {
    const given = { firstName: 'No', lastName: 'Password', email: 'no@example.test', passwordHash: undefined };
    const userId = await addUser(ctx, SYSTEM, given);
    const clientId = await addClient(
      ctx,
      SYSTEM,
      profile({ firstName: 'No', lastName: 'Password', email: given.email }),
    );
    await addOwner(ctx, SYSTEM, userId, clientId);
    const session = await enter({ userId, clientId });
    const checked = await checkActingSession(ctx, session.token);
    assert.ok('who' in checked);
    assert.equal(checked.who.userId, userId);
    const until = ctx.now() + minutes(30);
    const { id: administratorId } = world.cast.root;
    assert.deepEqual(checked.who.acting, { administratorId, name: 'root', mayWrite: false, until });
    assert.deepEqual(checked.who.lastProof, { provenAt: 0, provenBy: '' });
    const place = await leavePlace(ctx, root, session.id);
    assert.deepEqual(place, { userId, clientId });
    assert.ok(!(await holds(session)));
  });

  test('a closed account is for looking; one that is not theirs is not found', async () => {
    const { ada, eve } = world.cast;
    await assert.rejects(enter({ userId: ada.id, clientId: eve.clientId }), { code: 'client-not-found' });
    await changeClient(ctx, SYSTEM, eve.clientId, { status: 'Closed' });
    await assert.rejects(enter({ userId: eve.id, clientId: eve.clientId, mayWrite: true }), {
      fields: { write: 'acting-closed' },
    });
    assert.ok(await holds(await enter({ userId: eve.id, clientId: eve.clientId })));
    await changeClient(ctx, SYSTEM, eve.clientId, { status: 'Active' });
  });

  test('beginning and end are written down once each, with why; to leave twice is to leave once', async () => {
    const { ben } = world.cast;
    const session = await enter({ userId: ben.id, mayWrite: true, reason: 'He asked\nfor it' });
    world.clock.turn(minutes(3));
    const places = await Promise.all(Array.from({ length: 4 }, () => leavePlace(ctx, root, session.id)));
    assert.deepEqual(new Set(places.map((one) => JSON.stringify(one))).size, 1);
    await job.run(ctx);
    const lines = await linesOf(ben.id);
    assert.deepEqual(
      lines.map(({ event, actorName, administratorId, description }) => ({
        event,
        actorName,
        administratorId,
        description,
      })),
      [
        {
          event: 'admin.impersonation.ended',
          actorName: 'root',
          administratorId: world.cast.root.id,
          description: 'root is no longer in the place of ben@example.test (left)',
        },
        {
          event: 'admin.impersonation.started',
          actorName: 'root',
          administratorId: world.cast.root.id,
          description: 'root entered the client area in the place of ben@example.test (may change): He asked for it',
        },
      ],
    );
    assert.ok(world.ctx.bus.toldOutside.includes('admin.impersonation.started'));
    assert.ok(world.ctx.bus.toldOutside.includes('admin.impersonation.ended'));
    assert.equal(await lettersTo(ben.id), 0, 'a letter is sent only where the operator wants it');
  });

  test('who stays until the end is noted by the job, once, and the user gets a letter where the operator wants it', async () => {
    const { ada } = world.cast;
    await changeSettings(ctx, SYSTEM, { 'acting-letter': 'on', 'acting-minutes': '5' });
    const session = await enter({ userId: ada.id, clientId: ada.clientId, reason: 'Invoice <b>12</b>' });
    const began = ctx.now();
    world.clock.turn(minutes(5) - 1);
    await job.run(ctx);
    assert.ok(await holds(session));
    world.clock.turn(minutes(4) + 1);
    assert.ok(!(await holds(session)), 'with or without the job');
    await Promise.all([job.run(ctx), job.run(ctx)]);
    const ended = (await linesOf(ada.id)).filter(({ event }) => event.endsWith('.ended'));
    assert.deepEqual(
      ended.map(({ description, actorKind }) => [/\((.*)\)/.exec(description)?.[1], actorKind]),
      [['the time ran out', 'system']],
    );
    assert.equal(await lettersTo(ada.id), 1);
    const letter = await world.letterTo(ada.email);
    assert.match(letter.text, /Invoice <b>12<\/b>/);
    assert.match(letter.text, /Full Administrator/);
    assert.match(letter.text, /change nothing/);
    const visit = await ctx.db
      .selectFrom('acting_visits')
      .selectAll()
      .where('session_id', '=', session.id)
      .executeTakeFirst();
    assert.deepEqual([visit?.ended_why, visit?.ended_at], ['time', began + minutes(5)]);
    await changeSettings(ctx, SYSTEM, { 'acting-letter': '', 'acting-minutes': '30' });
  });

  test('what ended otherwise is noted too: the staff’s session, or the user who saw them', async () => {
    const { ada } = world.cast;
    const before = (await linesOf(ada.id)).length;
    const one = await enter({ userId: ada.id });
    await endOwnSession(ctx, root, { administratorId: world.cast.root.id }, staffSession);
    await job.run(ctx);
    assert.ok(!(await holds(one)));
    const two = await enter({ userId: ada.id });
    const listed = (await sessionsOf(ctx, { userId: ada.id })).find(({ id }) => id === two.id);
    assert.deepEqual(
      [listed?.origin, listed?.ip, listed?.userAgent],
      ['acting', '', ''],
      'where staff sit is not told',
    );
    const actor = { kind: 'user', userId: ada.id, name: ada.email, ip: '' } as const;
    await endOwnSession(ctx, actor, { userId: ada.id }, two.id);
    assert.ok(!(await holds(two)));
    await job.run(ctx);
    assert.equal((await linesOf(ada.id)).length, before + 4);
  });

  test('the user reads in their own log that somebody was there, as what, and why', async () => {
    const { ada } = world.cast;
    const session = await enter({ userId: ada.id, reason: 'To <i>look</i> at an invoice' });
    await leavePlace(ctx, root, session.id);
    const browser = world.browser();
    await browser.signIn(ada.email);
    const page = await browser.get('/user/activity');
    const words = wordsOf(page);
    assert.match(words, /To <i>look<\/i> at an invoice/);
    assert.match(words, /Our staff \(Full Administrator\)/);
    assert.ok(!page.body.includes('<i>look') && !words.includes('192.0.2.7') && !words.includes('root'));
    await changeSettings(ctx, SYSTEM, { 'staff-shown-as': 'name' });
    assert.match(wordsOf(await browser.get('/user/activity')), /Our staff \(root Staff\)/);
    assert.equal(await shownStaff(ctx, 999_999), undefined);
  });

  test('a person who is forgotten leaves the lines of staff in their place, and the staff stays in them', async () => {
    const { ben, ada } = world.cast;
    const acting = { administratorId: root.administratorId, name: 'root' };
    const actor = { kind: 'user', userId: ben.id, name: ben.email, ip: '192.0.2.7', acting } as const;
    await audit(ctx, actor, { event: 'test.own', description: `${ben.email} was changed` });
    await audit(ctx, actor, {
      event: 'test.account',
      description: 'Something',
      userId: ada.id,
      clientId: ada.clientId,
    });
    await ctx.transaction((tx) => forgetInLog(tx, { userId: ben.id, words: [ben.email], clientIds: [ada.clientId] }));
    for (const event of ['test.own', 'test.account']) {
      const [line] = await auditLines(ctx, { event }, { limit: 1 });
      assert.equal(line?.actorName, `root in the place of user ${ben.id}`);
      assert.equal(line?.administratorId, root.administratorId);
      assert.ok(!line?.description.includes(ben.email));
    }
  });

  test('what is a month old is swept, and the log keeps it', async () => {
    world.clock.turn(days(31));
    await job.run(ctx);
    assert.deepEqual(await ctx.db.selectFrom('acting_visits').select('id').execute(), []);
    assert.ok((await linesOf(world.cast.ada.id)).length > 0);
  });
});
