// Being signed in: what opens a session, what it is worth, and everything that ends it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn, signInByHandover } from '#domain/login/sign-in.ts';
import { endOtherSessions, endOwnSession, endStaffSessions, signOut } from '#domain/sessions/ending.ts';
import type { OpenedSession, Opening } from '#domain/sessions/opening.ts';
import { openSession, renewToken } from '#domain/sessions/opening.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { isProof, makeProof } from '#domain/sessions/proof.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkAdministratorSession, checkUserSession } from '#domain/sessions/signed-in.ts';
import sweep from '#domain/sessions/sweep-sessions.job.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const OPENING: Opening = { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' };

describe('a Proof', () => {
  test('is made by its maker alone: nothing that looks like one opens anything', () => {
    const real = makeProof({ kind: 'user', userId: 1 }, ['password']);
    assert.ok(isProof(real));
    const imitations = [
      undefined,
      null,
      {},
      { person: real.person, methods: real.methods, credential: undefined },
      { ...real },
      JSON.parse(JSON.stringify(real)),
      structuredClone({ person: real.person, methods: real.methods }),
    ];
    for (const imitation of imitations) assert.ok(!isProof(imitation));
    const heir = Object.create(Object.getPrototypeOf(real));
    assert.throws(() => heir.person, TypeError, 'one of the right kind without the private part says nothing');
  });

  test('says how it was proved', () => {
    assert.throws(() => makeProof({ kind: 'user', userId: 1 }, []), /method/);
  });
});

onBothDatabases('a session', (database) => {
  let world: World;
  let ctx: Context;
  let network = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function proofOf(name: string): Promise<Proof> {
    network += 1;
    const answer = await offerPassword(ctx, {
      side: name.includes('@') ? 'user' : 'administrator',
      name,
      password: PASSWORD,
      source: { kind: 'visitor', ip: `10.0.${network}.1` },
      ip: OPENING.ip,
      isPersonThere: false,
    });
    assert.equal(answer.at, 'proved');
    await ctx.transaction((tx) => answer.counted.succeeded(tx));
    return answer.proof;
  }
  const open = async (name: string, over: Partial<Opening> = {}): Promise<OpenedSession> =>
    signIn(ctx, await proofOf(name), { ...OPENING, ...over });
  const state = async ({ token }: { token: string }): Promise<string> => {
    const checked = await checkUserSession(ctx, token);
    return 'who' in checked ? 'holds' : checked.ended;
  };
  const actorOf = (userId: number) => ({ kind: 'user', userId, name: 'x@example.test', ip: '192.0.2.1' }) as const;

  test('is not opened by an imitation of a Proof', async () => {
    const imitation = {
      person: { kind: 'user', userId: world.cast.ada.id },
      methods: ['password'],
    } as unknown as Proof;
    await assert.rejects(openSession(ctx, imitation, OPENING), /opened by a Proof/);
    await assert.rejects(signIn(ctx, imitation, OPENING), /opened by a Proof/);
    assert.deepEqual(await sessionsOf(ctx, { userId: world.cast.ada.id }), []);
  });

  test('has a token of 256 random bits, kept as a hash only, another at each sign-in', async () => {
    const [one, two] = [await open('ada@example.test'), await open('ada@example.test')];
    assert.match(one.token, /^[\w-]{43}$/);
    assert.notEqual(one.token, two.token);
    const rows = JSON.stringify(await ctx.db.selectFrom('sessions').selectAll().execute());
    assert.ok(!rows.includes(one.token) && !rows.includes(two.token));
  });

  test('is one of a customer or of staff, never both: a token of one side is worth nothing on the other', async () => {
    const [user, staff] = [await open('ada@example.test'), await open('root')];
    assert.deepEqual(await checkAdministratorSession(ctx, user.token), { ended: 'unknown' });
    assert.deepEqual(await checkUserSession(ctx, staff.token), { ended: 'unknown' });
    for (const nonsense of ['', '\0', `${user.token} `, user.token.slice(1), "' or 1=1 --", 'x'.repeat(100_000)])
      assert.deepEqual(await checkUserSession(ctx, nonsense), { ended: 'unknown' });
  });

  test('ends when nobody clicked for so long, and not before, with no cleaner needed', async () => {
    const one = await open('ada@example.test');
    world.clock.turn(minutes(120) - 1);
    assert.equal(await state(one), 'holds');
    world.clock.turn(minutes(120) - 1);
    assert.equal(await state(one), 'holds', 'the look before counted as a click');
    world.clock.turn(minutes(120));
    assert.equal(await state(one), 'idle');
    assert.deepEqual(await sessionsOf(ctx, { userId: world.cast.ada.id }), []);
  });

  test('ends after its longest time, however often somebody clicks', async () => {
    const one = await open('ada@example.test');
    for (let hour = 0; hour < 23; hour += 1) {
      world.clock.turn(hours(1));
      assert.equal(await state(one), 'holds', `after ${hour + 1} hours`);
    }
    world.clock.turn(hours(1) - 1);
    assert.equal(await state(one), 'holds');
    world.clock.turn(1);
    assert.equal(await state(one), 'too-old');
  });

  test('of staff ends sooner, by its own two settings', async () => {
    const staffState = async ({ token }: OpenedSession): Promise<string> => {
      const checked = await checkAdministratorSession(ctx, token);
      return 'who' in checked ? 'holds' : checked.ended;
    };
    const idle = await open('root');
    world.clock.turn(minutes(60));
    assert.equal(await staffState(idle), 'idle');
    await changeSettings(ctx, SYSTEM, { 'admin-session-idle-minutes': '1440' });
    const old = await open('root');
    world.clock.turn(hours(12) - 1);
    assert.equal(await staffState(old), 'holds');
    world.clock.turn(1);
    assert.equal(await staffState(old), 'too-old');
    await changeSettings(ctx, SYSTEM, { 'admin-session-idle-minutes': '60' });
  });

  test('a shorter idle time holds at once, for those who are in too', async () => {
    const one = await open('ada@example.test');
    world.clock.turn(minutes(10));
    await changeSettings(ctx, SYSTEM, { 'session-idle-minutes': '10' });
    assert.equal(await state(one), 'idle');
    await changeSettings(ctx, SYSTEM, { 'session-idle-minutes': '120' });
  });

  test('is written at most once a minute, and one that has ended not at all', async () => {
    const one = await open('ada@example.test');
    const cost = async (): Promise<number> => {
      const before = ctx.statementCount();
      await checkUserSession(ctx, one.token);
      return ctx.statementCount() - before;
    };
    await cost();
    assert.equal(await cost(), 1);
    world.clock.turn(minutes(1));
    assert.equal(await cost(), 3, 'settings read anew, the check, the note');
    await signOut(ctx, actorOf(world.cast.ada.id), one.id);
    const seen = async () =>
      (await ctx.db.selectFrom('sessions').select('last_seen_at').where('id', '=', one.id).executeTakeFirst())
        ?.last_seen_at;
    const before = await seen();
    world.clock.turn(minutes(5));
    assert.equal(await state(one), 'signed-out');
    assert.equal(await seen(), before);
  });

  test('that is signed out is over, once, and that is written down once', async () => {
    const one = await open('ada@example.test');
    const count = async (): Promise<number> => (await auditLines(ctx, { event: 'user.logout' }, { limit: 100 })).length;
    const before = await count();
    await Promise.all(Array.from({ length: 5 }, () => signOut(ctx, actorOf(world.cast.ada.id), one.id)));
    assert.equal(await state(one), 'signed-out');
    assert.equal(await count(), before + 1);
  });

  test("is ended by its owner from elsewhere; another's is not found, like one that there is not", async () => {
    const { ada, eve } = world.cast;
    const one = await open('ada@example.test');
    const missing = { kind: 'not-found', code: 'session-not-found' };
    await assert.rejects(endOwnSession(ctx, actorOf(eve.id), { userId: eve.id }, one.id), missing);
    await assert.rejects(endOwnSession(ctx, actorOf(eve.id), { administratorId: ada.id }, one.id), missing);
    await assert.rejects(endOwnSession(ctx, actorOf(eve.id), { userId: eve.id }, 999_999), missing);
    assert.equal(await state(one), 'holds');
    await endOwnSession(ctx, actorOf(ada.id), { userId: ada.id }, one.id);
    assert.equal(await state(one), 'ended-elsewhere');
    await assert.rejects(endOwnSession(ctx, actorOf(ada.id), { userId: ada.id }, one.id), missing);
  });

  test('all but one end together, of that person alone', async () => {
    const { ada } = world.cast;
    const [here, there, eves] = [
      await open('ada@example.test'),
      await open('ada@example.test'),
      await open('eve@example.test'),
    ];
    await endOtherSessions(ctx, actorOf(ada.id), { userId: ada.id }, here.id);
    assert.deepEqual(await Promise.all([here, there, eves].map(state)), ['holds', 'ended-elsewhere', 'holds']);
    assert.deepEqual(
      (await sessionsOf(ctx, { userId: ada.id })).map((one) => one.id),
      [here.id],
    );
  });

  test('of staff is not ended by staff who may do less', async () => {
    const { root, sam } = world.cast;
    const one = await open('root');
    const bySam = { kind: 'administrator', administratorId: sam.id, name: 'sam', ip: '192.0.2.1' } as const;
    await assert.rejects(endStaffSessions(ctx, bySam, root.id, 0), { code: 'role-holds-more' });
    assert.ok('who' in (await checkAdministratorSession(ctx, one.token)));
    await changeAdministrator(ctx, SYSTEM, sam.id, { disabled: false });
  });

  test('that takes the place of another in a browser ends that one alone', async () => {
    const first = await open('ada@example.test');
    const eves = await open('eve@example.test');
    const second = await open('ada@example.test', { replaces: first.id });
    assert.equal(await state(first), 'replaced');
    assert.equal(await state(second), 'holds');
    assert.equal(await state(eves), 'holds');
  });

  test('keeps on under a new token, the old one dead, for one caller', async () => {
    const one = await open('ada@example.test');
    const fresh = await Promise.all(Array.from({ length: 10 }, () => renewToken(ctx, one.token)));
    const [token, ...more] = fresh.filter((given) => given !== undefined);
    assert.ok(token && more.length === 0);
    assert.equal(await state(one), 'unknown');
    assert.equal(await state({ token }), 'holds');
    await signOut(ctx, actorOf(world.cast.ada.id), one.id);
    assert.equal(await renewToken(ctx, token), undefined, 'one that has ended is not renewed');
  });

  test('is handed over to a browser once, within its time, and never when it was not meant to be', async () => {
    const opening = { ...OPENING, origin: 'handover' } as const;
    const plain = await open('ada@example.test');
    assert.equal(await signInByHandover(ctx, plain.token, opening), undefined);
    assert.equal(await state(plain), 'holds');

    const late = await open('ada@example.test', { origin: 'api', handoverMs: seconds(60) });
    world.clock.turn(seconds(60));
    assert.equal(await signInByHandover(ctx, late.token, opening), undefined);
    assert.equal(await state(late), 'holds', 'the session itself goes on');

    const program = await open('ada@example.test', { origin: 'api', handoverMs: seconds(60) });
    world.clock.turn(seconds(60) - 1);
    const browser = await signInByHandover(ctx, program.token, opening);
    assert.ok(browser);
    assert.equal(await state(program), 'handed-over');
    assert.equal(await state(browser), 'holds');
    assert.equal(await signInByHandover(ctx, program.token, opening), undefined);
    assert.equal(await signInByHandover(ctx, browser.token, opening), undefined, 'no chain of them');

    const staff = await open('root', { origin: 'api', handoverMs: seconds(60) });
    assert.equal(await signInByHandover(ctx, staff.token, opening), undefined, 'staff sign in by themselves');
    for (const nonsense of ['', '\0', 'x'.repeat(10_000)])
      assert.equal(await signInByHandover(ctx, nonsense, opening), undefined);
  });

  test('a renewed session is not handed over any more', async () => {
    const program = await open('ada@example.test', { origin: 'api', handoverMs: seconds(60) });
    const token = await renewToken(ctx, program.token);
    assert.equal(await signInByHandover(ctx, token ?? '', { ...OPENING, origin: 'handover' }), undefined);
  });

  test('keeps of a browser one short line', async () => {
    const one = await open('ada@example.test', { userAgent: `Evil\r\nbrowser\u202e${'x'.repeat(5000)}` });
    const listed = (await sessionsOf(ctx, { userId: world.cast.ada.id })).find((other) => other.id === one.id);
    assert.ok(listed && listed.userAgent.length <= 300);
    assert.match(listed.userAgent, /^Evil {2}browserx/);
  });

  test('is swept a month after it was over, not while it could still be told why it ended', async () => {
    const one = await open('eve@example.test');
    world.clock.turn(days(1) + days(30));
    await sweep.run(ctx);
    assert.notEqual(await state(one), 'unknown');
    world.clock.turn(1);
    await sweep.run(ctx);
    assert.equal(await state(one), 'unknown');
  });
});
