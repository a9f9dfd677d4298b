// A sign-in that meets what should end it: whoever is first, no session outlives it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteUser } from '#domain/access/deletion.ts';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { offerFactor } from '#domain/login/next-step.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn, signInByHandover } from '#domain/login/sign-in.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkAdministratorSession, checkUserSession } from '#domain/sessions/signed-in.ts';
import { createSsoToken, redeemSsoToken } from '#domain/sso/sso.ts';
import { changeUser, setUserDisabled, storePassword } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { md5Hex } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import { newPerson } from '#tests/people.ts';
import { meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const OPENING = { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' } as const;

onBothDatabases('a sign-in', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function answerTo(name: string, side: 'user' | 'administrator' = 'user'): Promise<PasswordAnswer> {
    made += 1;
    return offerPassword(ctx, {
      side,
      name,
      password: PASSWORD,
      source: { kind: 'visitor', ip: `192.0.${made % 250}.1` },
      ip: OPENING.ip,
      isPersonThere: true,
    });
  }

  async function proofOf(name: string, side: 'user' | 'administrator' = 'user'): Promise<Proof> {
    const answer = await answerTo(name, side);
    assert.equal(answer.at, 'proved');
    return answer.proof;
  }

  const newHash = async (): Promise<string> => ctx.passwords.seal('quite another password');
  const refused = { name: 'Problem', code: 'login-refused' };

  test('that is not committed yet when the person is deactivated is ended with the others', async () => {
    const who = await newPerson(ctx);
    const proof = await proofOf(who.email);
    const { first, second } = await meeting(
      ctx,
      (tx) => signIn(tx, proof, OPENING),
      () => setUserDisabled(ctx, SYSTEM, who.id, true),
    );
    assert.equal(first.status, 'fulfilled');
    assert.equal(second.status, 'fulfilled');
    await setUserDisabled(ctx, SYSTEM, who.id, false); // or the session would come alive again here
    assert.deepEqual(await checkUserSession(ctx, first.value.token), { ended: 'deactivated' });
  });

  test('that comes while the person is being deactivated is refused', async () => {
    const who = await newPerson(ctx);
    const proof = await proofOf(who.email);
    const { second } = await meeting(
      ctx,
      (tx) => setUserDisabled(tx, SYSTEM, who.id, true),
      () => signIn(ctx, proof, OPENING),
    );
    assert.equal(second.status, 'rejected');
    assert.throws(() => {
      throw second.reason;
    }, refused);
    await setUserDisabled(ctx, SYSTEM, who.id, false);
    assert.deepEqual(await sessionsOf(ctx, { userId: who.id }), []);
  });

  test('by a password that was changed a moment ago opens nothing', async () => {
    const who = await newPerson(ctx);
    const proof = await proofOf(who.email);
    await storePassword(ctx, SYSTEM, who.id, await newHash(), { event: 'test' });
    await assert.rejects(signIn(ctx, proof, OPENING), refused);
  });

  test('that is not committed yet when the password changes is ended with the others', async () => {
    const who = await newPerson(ctx);
    const [proof, hash] = [await proofOf(who.email), await newHash()];
    const { first } = await meeting(
      ctx,
      (tx) => signIn(tx, proof, OPENING),
      () => storePassword(ctx, SYSTEM, who.id, hash, { event: 'test' }),
    );
    assert.equal(first.status, 'fulfilled');
    assert.deepEqual(await checkUserSession(ctx, first.value.token), { ended: 'password-changed' });
  });

  test('that comes while the password is being changed is refused', async () => {
    const who = await newPerson(ctx);
    const [proof, hash] = [await proofOf(who.email), await newHash()];
    const { second } = await meeting(
      ctx,
      (tx) => storePassword(tx, SYSTEM, who.id, hash, { event: 'test' }),
      () => signIn(ctx, proof, OPENING),
    );
    assert.equal(second.status, 'rejected');
    assert.deepEqual(await sessionsOf(ctx, { userId: who.id }), []);
  });

  test('of somebody who is deleted is refused, not a fault', async () => {
    const who = await newPerson(ctx);
    const proof = await proofOf(who.email);
    const { second } = await meeting(
      ctx,
      (tx) => deleteUser(tx, SYSTEM, who.id),
      () => signIn(ctx, proof, OPENING),
    );
    assert.equal(second.status, 'rejected');
    assert.throws(() => {
      throw second.reason;
    }, refused);
  });

  test('of an administrator who is being disabled is refused, and one not committed yet is ended', async () => {
    const proof = await proofOf('sam', 'administrator');
    const disable = (tx: Context, disabled: boolean): Promise<void> =>
      changeAdministrator(tx, SYSTEM, world.cast.sam.id, { disabled });
    const late = await meeting(
      ctx,
      (tx) => disable(tx, true),
      () => signIn(ctx, proof, OPENING),
    );
    assert.equal(late.second.status, 'rejected');
    await disable(ctx, false);
    const early = await meeting(
      ctx,
      (tx) => signIn(tx, proof, OPENING),
      () => disable(ctx, true),
    );
    await disable(ctx, false);
    assert.equal(early.first.status, 'fulfilled');
    assert.deepEqual(await checkAdministratorSession(ctx, early.first.value.token), { ended: 'deactivated' });
  });

  test('half through, before its second factor, ends with a password that is being changed', async () => {
    const { cleo } = world.cast;
    const hash = await newHash();
    const answer = await answerTo(cleo.email);
    assert.equal(answer.at, 'second-factor');
    const { second } = await meeting(
      ctx,
      (tx) => storePassword(tx, SYSTEM, cleo.id, hash, { event: 'test' }),
      () => offerFactor(ctx, answer.attempt, undefined, { text: CODE, browser: '' }, OPENING.ip),
    );
    assert.equal(second.status, 'fulfilled');
    assert.notEqual(second.value.at, 'proved');
    await storePassword(ctx, SYSTEM, cleo.id, await sealedPassword(), { event: 'test' });
    assert.deepEqual(await sessionsOf(ctx, { userId: cleo.id }), []);
  });

  test('whose password was right does not begin to wait for a code after the password was changed', async () => {
    const { cleo } = world.cast;
    // The password is checked while its change is under way; the attempt would be kept after the change has ended them all.
    const hash = await newHash();
    const { second } = await meeting(
      ctx,
      async (tx) => {
        await storePassword(tx, SYSTEM, cleo.id, hash, { event: 'test' });
        await new Promise((next) => setTimeout(next, 100)); // longer than a check takes
      },
      () => answerTo(cleo.email),
    );
    assert.equal(second.status, 'fulfilled');
    const left = await ctx.db.selectFrom('login_attempts').selectAll().where('user_id', '=', cleo.id).execute();
    assert.deepEqual(left, []);
    await storePassword(ctx, SYSTEM, cleo.id, await sealedPassword(), { event: 'test' });
  });

  test('by a single sign-on token of somebody who is being deactivated is refused, and written down', async () => {
    const { ada } = world.cast;
    const token = await createSsoToken(ctx, SYSTEM, {
      clientId: ada.clientId,
      userId: undefined,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('token' in token);
    const { second } = await meeting(
      ctx,
      (tx) => setUserDisabled(tx, SYSTEM, ada.id, true),
      () => redeemSsoToken(ctx, token.token, OPENING),
    );
    assert.deepEqual(second, { status: 'fulfilled', value: { refused: true } });
    await setUserDisabled(ctx, SYSTEM, ada.id, false);
    assert.deepEqual(await sessionsOf(ctx, { userId: ada.id }), []);
    assert.deepEqual(await redeemSsoToken(ctx, token.token, OPENING), { refused: true }, 'it was spent all the same');
  });

  test('handed over while the person is deactivated, or the password changed, is ended or refused', async () => {
    for (const end of [
      (tx: Context, id: number) => setUserDisabled(tx, SYSTEM, id, true),
      async (tx: Context, id: number) => storePassword(tx, SYSTEM, id, await sealedPassword(), { event: 'test' }),
      (tx: Context, id: number) => changeUser(tx, SYSTEM, id, { email: `moved${id}@example.test` }),
    ]) {
      const handover = async () => {
        const who = await newPerson(ctx);
        const opening = { ...OPENING, origin: 'api', handoverMs: minutes(1) } as const;
        return { who, program: await signIn(ctx, await proofOf(who.email), opening) };
      };
      const late = await handover();
      const refusedOne = await meeting(
        ctx,
        (tx) => end(tx, late.who.id),
        () => signInByHandover(ctx, late.program.token, { ...OPENING, origin: 'handover' }),
      );
      assert.deepEqual(refusedOne.second, { status: 'fulfilled', value: undefined });

      const early = await handover();
      const endedOne = await meeting(
        ctx,
        (tx) => signInByHandover(tx, early.program.token, { ...OPENING, origin: 'handover' }),
        () => end(ctx, early.who.id),
      );
      assert.equal(endedOne.first.status, 'fulfilled');
      assert.ok('ended' in (await checkUserSession(ctx, endedOne.first.value?.token ?? '')));
    }
  });

  test('many at once of one person, each with its own session, while an old format is being renewed', async () => {
    const who = await newPerson(ctx);
    await ctx.db
      .updateTable('users')
      .set({ password_hash: md5Hex(PASSWORD) })
      .where('id', '=', who.id)
      .execute();
    const sessions = await Promise.all(
      Array.from({ length: 4 }, async () => signIn(ctx, await proofOf(who.email), OPENING)),
    );
    for (const { token } of sessions) assert.ok('who' in (await checkUserSession(ctx, token)));
    const row = await ctx.db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', who.id)
      .executeTakeFirstOrThrow();
    assert.match(row.password_hash ?? '', /^\$argon2id\$/);
  });
});
