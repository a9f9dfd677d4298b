// What may still be due after the password: a code, a new password.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { chooseNeededPassword } from '#domain/login/needed-password.ts';
import { offerFactor, waitingSide } from '#domain/login/next-step.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { ATTEMPT_MS, ATTEMPT_TRIES } from '#domain/login/steps.ts';
import sweep from '#domain/login/sweep-login.job.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { addUser, setUserDisabled, storePassword, userOf } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const IP = '192.0.2.1';
const FRESH = 'another good long password';

onBothDatabases('the step after the password', (database) => {
  let world: World;
  let ctx: Context;
  let network = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function offer(name: string): Promise<PasswordAnswer> {
    network += 1;
    const ip = `10.0.${network}.1`;
    return offerPassword(ctx, {
      side: 'user',
      name,
      password: PASSWORD,
      source: { kind: 'visitor', ip },
      ip,
      isPersonThere: true,
    });
  }
  async function attemptOf(name: string, at: 'second-factor' | 'new-password'): Promise<string> {
    const answer = await offer(name);
    assert.equal(answer.at, at);
    return answer.attempt;
  }
  async function someoneWeak(): Promise<{ id: number; email: string }> {
    network += 1;
    const email = `weak${network}@example.test`;
    const passwordHash = await sealedPassword();
    const id = await addUser(ctx, SYSTEM, {
      firstName: 'We',
      lastName: 'Ak',
      email,
      passwordHash,
      mustChangePassword: true,
    });
    return { id, email };
  }
  const over = { kind: 'not-allowed', code: 'attempt-over' };

  test('takes five codes, wrong ones counted before they are looked at, and then not even the right one', async () => {
    const attempt = await attemptOf('cleo@example.test', 'second-factor');
    for (let tries = 0; tries < ATTEMPT_TRIES; tries += 1)
      assert.deepEqual(await offerFactor(ctx, attempt, undefined, { text: '000000', browser: '' }, IP), {
        at: 'wrong',
      });
    assert.equal(await waitingSide(ctx, 'second-factor', attempt), undefined);
    assert.deepEqual(await offerFactor(ctx, attempt, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
    assert.deepEqual(await sessionsOf(ctx, { userId: world.cast.cleo.id }), []);
  });

  test('gives no more guesses by beginning again: they are counted for the person, wherever they come from', async () => {
    world.clock.turn(hours(1));
    let looked = 0;
    let refused = 0;
    for (let begun = 0; begun < 8; begun += 1) {
      const attempt = await attemptOf('cleo@example.test', 'second-factor');
      for (let tries = 0; tries < ATTEMPT_TRIES; tries += 1) {
        const answer = await offerFactor(
          ctx,
          attempt,
          undefined,
          { text: '000000', browser: '' },
          `10.9.${begun}.${tries}`,
        ).catch((error: unknown) => error);
        if (answer instanceof Error) refused += 1;
        else looked += 1;
      }
    }
    assert.deepEqual([looked, refused], [20, 20]);
    world.clock.turn(hours(1));
  });

  test('waits ten minutes, with no cleaner needed', async () => {
    const attempt = await attemptOf('cleo@example.test', 'second-factor');
    world.clock.turn(ATTEMPT_MS - 1);
    assert.equal(await waitingSide(ctx, 'second-factor', attempt), 'user');
    world.clock.turn(1);
    assert.equal(await waitingSide(ctx, 'second-factor', attempt), undefined);
    assert.deepEqual(await offerFactor(ctx, attempt, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
    await sweep.run(ctx);
    assert.deepEqual(await ctx.db.selectFrom('login_attempts').selectAll().execute(), []);
  });

  test('is known by its own token: one of another step, or none, opens nothing', async () => {
    const attempt = await attemptOf('cleo@example.test', 'second-factor');
    assert.equal(await waitingSide(ctx, 'new-password', attempt), undefined);
    await assert.rejects(chooseNeededPassword(ctx, attempt, FRESH, IP), over);
    const weak = await someoneWeak();
    const password = await attemptOf(weak.email, 'new-password');
    assert.deepEqual(await offerFactor(ctx, password, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
    for (const nonsense of ['', '\0', 'x'.repeat(100_000)]) {
      assert.deepEqual(await offerFactor(ctx, nonsense, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
      assert.equal(await waitingSide(ctx, 'second-factor', nonsense), undefined);
      await assert.rejects(chooseNeededPassword(ctx, nonsense, FRESH, IP), over);
    }
  });

  test('is over when the person is deactivated or gets another password meanwhile, or another address', async () => {
    const { cleo } = world.cast;
    const first = await attemptOf(cleo.email, 'second-factor');
    await setUserDisabled(ctx, SYSTEM, cleo.id, true);
    assert.deepEqual(await offerFactor(ctx, first, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
    await setUserDisabled(ctx, SYSTEM, cleo.id, false);
    assert.deepEqual(await offerFactor(ctx, first, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });

    const second = await attemptOf(cleo.email, 'second-factor');
    await storePassword(ctx, SYSTEM, cleo.id, await sealedPassword(), { event: 'test' });
    assert.deepEqual(await offerFactor(ctx, second, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
  });

  test('with the right code gives a Proof of both, once, for one attempt', async () => {
    const [one, two] = [
      await attemptOf('cleo@example.test', 'second-factor'),
      await attemptOf('cleo@example.test', 'second-factor'),
    ];
    const answer = await offerFactor(ctx, one, undefined, { text: CODE, browser: '' }, IP);
    assert.equal(answer.at, 'proved');
    assert.deepEqual(answer.proof.methods, ['password', 'test-factor']);
    assert.deepEqual(answer.proof.person, { kind: 'user', userId: world.cast.cleo.id });
    assert.deepEqual(await offerFactor(ctx, one, undefined, { text: CODE, browser: '' }, IP), { at: 'over' });
    assert.deepEqual(
      await offerFactor(ctx, two, undefined, { text: CODE, browser: '' }, IP),
      { at: 'wrong' },
      'the code is spent',
    );
    const session = await signIn(ctx, answer.proof, { ip: IP, userAgent: 'Test', origin: 'login' });
    const checked = await checkUserSession(ctx, session.token);
    assert.ok('who' in checked && checked.who.methods.join() === 'password,test-factor');
  });

  test('takes a new password by the rule, keeps the attempt through a slip, and signs in with it alone', async () => {
    const weak = await someoneWeak();
    const attempt = await attemptOf(weak.email, 'new-password');
    for (const bad of ['', 'short', weak.email, 'password1234', 'x'.repeat(100_000)])
      await assert.rejects(chooseNeededPassword(ctx, attempt, bad, IP), { kind: 'invalid' }, bad.slice(0, 20));
    const answer = await chooseNeededPassword(ctx, attempt, FRESH, IP);
    assert.ok(answer.at === 'proved');
    const { proof } = answer;
    const { token } = await signIn(ctx, proof, { ip: IP, userAgent: 'Test', origin: 'login' });
    assert.ok('who' in (await checkUserSession(ctx, token)));
    assert.equal((await userOf(ctx, weak.id)).mustChangePassword, false);
    assert.deepEqual(await offer(weak.email), { at: 'refused' }, 'the old one is worth nothing');
    await assert.rejects(chooseNeededPassword(ctx, attempt, 'a third good long password', IP), over);
    const told = await letterHistory(ctx, { userId: weak.id }, { limit: 5 });
    assert.deepEqual(
      told.map((letter) => letter.kind),
      ['password-changed'],
    );
  });
});
