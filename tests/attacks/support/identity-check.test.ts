// The identity check for a support call: guessing, replaying and answering in place of somebody (attacks.md: second factors,
// single use under a race, authorization).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { answerIdentity, askIdentity } from '#domain/support/identity-checks.ts';
import { comparePin, ownPin } from '#domain/support/pins.ts';
import sweep from '#domain/support/sweep-support.job.ts';
import { addUser, setUserDisabled } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import { signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('the identity check for a support call', (database) => {
  let world: World;
  let root: TestBrowser;
  let ada: TestBrowser;
  let check: string;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    check = `/admin/users/${world.cast.ada.id}/identity-check`;
  });
  after(() => world.close());

  const staffActor = (administratorId = world.cast.root.id): StaffActor => ({
    kind: 'administrator',
    administratorId,
    name: 'root',
    ip: '192.0.2.9',
  });
  const pinOf = async (userId: number): Promise<string> => {
    const pin = await ownPin(world.ctx, userId);
    assert.equal(pin.is, 'holds');
    return pin.pin;
  };
  const wrong = (pin: string): string => String((Number(pin) + 1) % 1_000_000).padStart(6, '0');
  const freshPin = async (): Promise<string> => {
    world.clock.turn(hours(1)); // past every limit
    await relogin();
    await ada.post('/user/support-pin');
    return pinOf(world.cast.ada.id);
  };
  /** Sessions are shorter than the clock's turns. */
  const relogin = async (): Promise<void> => {
    if ((await ada.get('/user/support-pin')).statusCode !== 200) {
      ada.cookies.clear();
      await ada.signIn(world.cast.ada.email);
    }
    if ((await root.get('/admin')).statusCode !== 200) await root.signIn('root');
  };

  test('a PIN is shown to its person alone, matches once, and both sides find it in their log', async () => {
    assert.match(wordsOf(await ada.get('/user/support-pin')), /There is no PIN now/);
    await ada.post('/user/support-pin');
    const pin = await pinOf(world.cast.ada.id);
    assert.match(pin, /^\d{6}$/);
    assert.match(wordsOf(await ada.get('/user/support-pin')), new RegExp(`${pin.slice(0, 3)} ${pin.slice(3)}`));
    const answer = await root.post(check, { pin: `${pin.slice(0, 3)} ${pin.slice(3)}` });
    assert.equal(leadsTo(answer), check);
    assert.match(wordsOf(await root.get(check)), /The PIN matches/);
    const again = await root.post(check, { pin });
    assert.equal(again.statusCode, 422);
    assert.match(wordsOf(again), /No match/);
    assert.match(wordsOf(await ada.get('/user/support-pin')), /Your PIN was used/);
    const activity = wordsOf(await ada.get('/user/activity'));
    for (const words of ['A support PIN was made', 'The support PIN was right', 'A wrong support PIN was tried'])
      assert.ok(activity.includes(words), words);
    assert.match((await root.get('/admin/log')).body, /root compared a support PIN of ada@example\.test: match/);
  });

  test('no match says the same whether there is a PIN, was one, or none ever was; nor does the page', async () => {
    const pin = await freshPin();
    const shapes = [];
    for (const [userId, given] of [
      [world.cast.ada.id, wrong(pin)],
      [world.cast.ben.id, '123456'],
      [world.cast.eve.id, pin],
    ] as const) {
      const answer = await root.post(`/admin/users/${userId}/identity-check`, { pin: given });
      assert.deepEqual(wrongFields(answer), ['pin']);
      shapes.push([answer.statusCode, /No match[^<]*/.exec(answer.body)?.[0]]);
    }
    assert.deepEqual(new Set(shapes.map((one) => JSON.stringify(one))).size, 1);
    assert.equal(await pinOf(world.cast.ada.id), pin, 'another user’s PIN is no try of hers');
  });

  test('a PIN of another user, an older one, and one whose time is over match nothing', async () => {
    const older = await freshPin();
    const eve = world.browser();
    await eve.signIn(world.cast.eve.email);
    await eve.post('/user/support-pin');
    const eves = await pinOf(world.cast.eve.id);
    await ada.post('/user/support-pin');
    const adas = await pinOf(world.cast.ada.id);
    for (const pin of [older, eves].filter((one) => one !== adas))
      assert.equal(await comparePin(world.ctx, staffActor(), world.cast.ada.id, pin), false);
    world.clock.turn(minutes(10));
    assert.equal(await comparePin(world.ctx, staffActor(), world.cast.ada.id, adas), false);
    assert.deepEqual(await ownPin(world.ctx, world.cast.ada.id), { is: 'none' });
  });

  test('used by two at once it matches one', async () => {
    const pin = await freshPin();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => comparePin(world.ctx, staffActor(), world.cast.ada.id, pin)),
    );
    assert.equal(answers.filter(Boolean).length, 1);
  });

  test('however many guesses of however many administrators are five', async () => {
    const { ctx, cast } = world;
    const pin = await freshPin();
    const roles = await ctx.db.selectFrom('admin_roles').select('id').orderBy('id').execute();
    const ids: number[] = [];
    const email = (name: string) => `${name}@guess.example.test`;
    for (const letter of 'abcdefghij') {
      const username = `guesser${letter}`;
      const given = { roleId: roles[0]?.id ?? 0, username, firstName: 'G', lastName: 'G', email: email(username) };
      ids.push(await addAdministrator(ctx, SYSTEM, { ...given, passwordHash: undefined }));
    }
    let tried = 0;
    let tooMany = 0;
    // Each has twenty tries an hour: after those nothing is compared at all, however many follow.
    for (let round = 0; round < 25; round += 1) {
      for (const id of ids) {
        try {
          tried += 1;
          assert.equal(await comparePin(ctx, staffActor(id), cast.ada.id, wrong(pin)), false);
        } catch (error) {
          assert.equal((error as { kind?: string }).kind, 'too-many');
          tooMany += 1;
        }
      }
    }
    assert.deepEqual([tried, tooMany], [250, 50]);
    const row = await ctx.db
      .selectFrom('support_pins')
      .select('tries')
      .where('user_id', '=', cast.ada.id)
      .executeTakeFirst();
    assert.equal(row?.tries, 5, 'the rest were compared with nothing');
    assert.equal(await comparePin(ctx, staffActor(), cast.ada.id, pin), false, 'the right one comes too late');
    assert.match(wordsOf(await ada.get('/user/support-pin')), /tried too often/);
  });

  test('five guesses at once are five, and no more', async () => {
    const pin = await freshPin();
    const guesses = Array.from({ length: 12 }, () =>
      comparePin(world.ctx, staffActor(), world.cast.ada.id, wrong(pin)),
    );
    await Promise.all(guesses);
    assert.deepEqual(await ownPin(world.ctx, world.cast.ada.id), { is: 'dead' });
  });

  test('a stolen database tells neither PIN nor number', async () => {
    const pin = await freshPin();
    await root.post(check, { act: 'ask' });
    const number = /dw-spoken"><bdi dir="ltr">(\d\d)</.exec((await root.get(check)).body)?.[1] ?? '';
    assert.match(number, /^[1-9]\d$/);
    const { db } = world.ctx;
    const pins = await db.selectFrom('support_pins').selectAll().execute();
    const checks = await db.selectFrom('identity_checks').select('number_sealed').execute();
    assert.ok(!JSON.stringify(pins.map(({ pin_mac, pin_sealed }) => [pin_mac, pin_sealed])).includes(pin));
    assert.ok(checks.every(({ number_sealed }) => number_sealed.length > 30));
    // Sealed for its person: moved to another row it opens nothing.
    await db
      .updateTable('support_pins')
      .set({ pin_sealed: pins.find((one) => one.user_id === world.cast.ada.id)?.pin_sealed ?? '' })
      .where('user_id', '=', world.cast.eve.id)
      .execute();
    assert.notEqual((await ownPin(world.ctx, world.cast.eve.id)).is, 'holds');
  });

  test('asked on their screen: the number typed there is a yes, once; any other number is a no', async () => {
    const { cast } = world;
    world.clock.turn(hours(1));
    await relogin();
    const other = world.browser();
    await other.signIn(cast.ada.email);
    const ask = async (): Promise<string> => {
      await root.post(check, { act: 'ask' });
      return /dw-spoken"><bdi dir="ltr">(\d\d)</.exec((await root.get(check)).body)?.[1] ?? '';
    };
    const number = await ask();
    assert.match(wordsOf(await root.get(check)), /No answer yet/);
    const late = world.browser();
    await late.signIn(cast.ada.email);
    assert.ok(
      !(await late.get('/user/profile')).body.includes('/user/support-question'),
      'who signs in later is not asked',
    );
    await late.post('/user/support-question', { number }, { from: '/user/profile' });
    assert.match(wordsOf(await root.get(check)), /No answer yet/, 'and has no say');
    for (const browser of [ada, other]) {
      const page = await browser.get(`/account/${cast.ada.clientId}`);
      assert.match(page.body, /href="\/user\/support-question"/);
      assert.ok(!page.body.includes(`>${number}<`), 'the number is told by voice alone');
    }
    const answers = await Promise.all([
      other.post('/user/support-question', { number }),
      ada.post('/user/support-question', { answer: 'no' }),
    ]);
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [303, 303],
    );
    const lines = await auditLines(world.ctx, { userId: cast.ada.id }, { limit: 20 });
    assert.equal(lines.filter(({ event }) => /identity_check\.(confirmed|declined)/.test(event)).length, 1);
    assert.ok(!(await ada.get('/user/profile')).body.includes('/user/support-question'), 'nobody is asked any more');

    const second = await ask();
    const guess = second === '10' ? '11' : '10';
    await ada.post('/user/support-question', { number: guess });
    assert.match(wordsOf(await root.get(check)), /It is not them/);
    await ada.post('/user/support-question', { number: second }, { from: '/user/profile' });
    assert.match(wordsOf(await root.get(check)), /It is not them/, 'there is one try');
    const third = await ask();
    assert.equal((await ada.post('/user/support-question', { number: '4' })).statusCode, 422, 'a slip is no answer');
    await ada.post('/user/support-question', { number: third });
    assert.match(wordsOf(await root.get(check)), /It is them/);
    assert.match((await root.get('/admin/log')).body, /confirmed that it is they who speak to support/);
  });

  test('nobody else answers: not another user, not after its time, not a newer question’s asker, not who was not asked', async () => {
    const { ctx, cast } = world;
    world.clock.turn(hours(1));
    await relogin();
    await root.post(check, { act: 'ask' });
    const eve = world.browser();
    await eve.signIn(cast.eve.email);
    await eve.post('/user/support-question', { answer: 'no' }, { from: '/user/profile' });
    assert.match(wordsOf(await root.get(check)), /No answer yet/);
    const actor = { kind: 'user', userId: cast.ada.id, name: 'ada', ip: '' } as const;
    const unasked = { userId: cast.ada.id, isAsked: false };
    assert.equal(await answerIdentity(ctx, actor, unasked, { is: 'declined' }), 'over');
    await askIdentity(ctx, staffActor(cast.sam.id), cast.ada.id);
    assert.match(wordsOf(await root.get(check)), /Nobody answered in time/, 'sam’s took its place');
    await ada.post('/user/support-question', { answer: 'no' });
    assert.match(wordsOf(await root.get(check)), /Nobody answered in time/, 'and the answer is sam’s');
    world.clock.turn(hours(1));
    await relogin();
    await root.post(check, { act: 'ask' });
    world.clock.turn(minutes(5));
    assert.equal(
      await answerIdentity(ctx, actor, { userId: cast.ada.id, isAsked: true }, { is: 'confirmed', number: '10' }),
      'over',
    );
    assert.match(wordsOf(await ada.get('/user/support-question')), /Nobody is asking you anything/);
  });

  test('whoever is not signed in, or may not sign in, is not asked, and no page says more than that', async () => {
    const { ctx } = world;
    const passwordHash = await sealedPassword();
    const given = { firstName: 'Nobody', lastName: 'There', email: 'nobody@example.test', passwordHash };
    const id = await addUser(ctx, SYSTEM, given);
    await relogin();
    const answer = await root.post(`/admin/users/${id}/identity-check`, { act: 'ask' });
    assert.equal(answer.statusCode, 409);
    const browser = world.browser();
    await browser.signIn(given.email, PASSWORD);
    await browser.post('/user/support-pin');
    const pin = await pinOf(id);
    await setUserDisabled(ctx, SYSTEM, id, true);
    assert.equal(await comparePin(ctx, staffActor(), id, pin), false);
    await assert.rejects(askIdentity(ctx, staffActor(), id), { code: 'support-nobody-there' });
  });

  test('nobody is asked until they press anything', async () => {
    const { ctx, cast } = world;
    world.clock.turn(hours(1));
    await relogin();
    for (let time = 0; time < 5; time += 1) await askIdentity(ctx, staffActor(), cast.ada.id);
    await assert.rejects(askIdentity(ctx, staffActor(cast.sam.id), cast.ada.id), { kind: 'too-many' });
  });

  test('staff in a person’s place see no PIN, make none, and answer nothing for them', async () => {
    const { cast } = world;
    world.clock.turn(hours(1));
    await relogin();
    await root.post(`/admin/users/${cast.ada.id}/acting`, { reason: 'Ticket', write: '1' });
    await root.post(check, { act: 'ask' });
    const home = await root.get(`/account/${cast.ada.clientId}`);
    assert.ok(home.body.includes('dw-staff-bar') && !home.body.includes('href="/user/support-question"'));
    for (const path of ['/user/support-pin', '/user/support-question']) {
      assert.equal((await root.get(path)).statusCode, 403);
      assert.equal((await root.post(path, { answer: 'no' }, { from: '/user/profile' })).statusCode, 403);
    }
    assert.match(wordsOf(await root.get(check)), /No answer yet/);
    await root.post('/acting/leaving', {}, { from: '/user/profile' });
  });

  test('who lacks the permission is refused, and who has it alone sees nothing else of the person', async () => {
    const lacking: Permission[] = ['List Users', 'Manage Users', 'Reset User Credentials'];
    const less = await staffWith(world, lacking);
    assert.equal((await less.get(check)).statusCode, 403);
    assert.equal((await less.post(check, { act: 'ask' }, { from: '/admin' })).statusCode, 403);
    assert.ok(!(await less.get(`/admin/users/${world.cast.ada.id}`)).body.includes('identity-check'));
    const alone = await staffWith(world, ['Verify Identity']);
    const page = await alone.get(check);
    assert.equal(page.statusCode, 200);
    assert.doesNotMatch(page.body, /ada@example\.test|127\.0\.0\.1|Test browser|Analytical/);
  });

  test('what is long over is swept', async () => {
    world.clock.turn(days(2));
    await sweep.run(world.ctx);
    for (const table of ['support_pins', 'identity_checks'] as const)
      assert.deepEqual(await world.ctx.db.selectFrom(table).select('user_id').execute(), []);
  });
});
