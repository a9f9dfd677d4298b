// A first factor that was right a moment ago, and what became due since: a second factor set up in another browser, a new
// password that staff asked for, a factor that the operator asks of everybody. Whoever knows only the password must not slip
// through between the step and the session. And sessions that nobody proved anything in are no way round asking again.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { findHolderById } from '#domain/login/holder.ts';
import { requireNewPassword } from '#domain/login/new-password-needed.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { goOn } from '#domain/login/steps.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser, storePassword } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import { giveApp } from '#tests/factors.ts';
import { newPerson } from '#tests/people.ts';
import { staffWith } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const IP = '192.0.2.44';

onBothDatabases('a proof that was outlived', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(minutes(61)));

  /** The password was right, and nothing was due when it was looked at. */
  const proved = async (name: string, isPersonThere: boolean) => {
    const source = { kind: 'visitor', ip: IP } as const;
    const answer = await offerPassword(world.ctx, {
      side: 'user',
      name,
      password: PASSWORD,
      source,
      ip: IP,
      isPersonThere,
    });
    if (answer.at !== 'proved') throw new Error(`not proved but ${answer.at}`);
    return answer.proof;
  };
  const opening = (origin: 'login' | 'api') => ({ ip: IP, userAgent: 'Thief', origin });
  const REFUSED = { kind: 'not-allowed', code: 'login-refused' };

  for (const origin of ['login', 'api'] as const)
    test(`the factor set up between the password and the session is due (${origin})`, async () => {
      const one = await newPerson(world.ctx);
      const proof = await proved(one.email, origin === 'login');
      await giveApp(world, { kind: 'user', id: one.id });
      await assert.rejects(signIn(world.ctx, proof, opening(origin)), REFUSED);
      assert.deepEqual(await sessionsOf(world.ctx, { userId: one.id }), []);
    });

  test('the first password of somebody who had none ends what was shown before, as any change of it does', async () => {
    const { ctx } = world;
    const names = { firstName: 'No', lastName: 'Password', email: `none-${database}@example.test` };
    const id = await addUser(ctx, SYSTEM, names);
    const holder = (await findHolderById(ctx, { kind: 'user', userId: id })) ?? assert.fail('nobody');
    const shown = async () => {
      const step = await goOn(ctx, holder, { methods: ['passkey'], ip: IP, remember: false }, { isPersonThere: true });
      return step.at === 'proved' ? step.proof : assert.fail(step.at);
    };
    assert.ok(await signIn(ctx, await shown(), opening('login')));
    const proof = await shown();
    const hash = await sealedPassword();
    await ctx.transaction((tx) => storePassword(tx, SYSTEM, id, hash, { event: 'user.password.reset_completed' }));
    await assert.rejects(signIn(ctx, proof, opening('login')), REFUSED);
    assert.deepEqual(await sessionsOf(ctx, { userId: id }), []);
  });

  test('the new password that staff ask for meanwhile is due, and so is the factor that the operator does', async () => {
    const one = await newPerson(world.ctx);
    const first = await proved(one.email, true);
    await requireNewPassword(world.ctx, SYSTEM, one.id);
    await assert.rejects(signIn(world.ctx, first, opening('login')), REFUSED);
    const two = await newPerson(world.ctx);
    const second = await proved(two.email, true);
    await changeSettings(world.ctx, SYSTEM, { 'second-factor-required-users': 'on', 'second-factor-grace-days': '0' });
    await assert.rejects(signIn(world.ctx, second, opening('login')), REFUSED);
    await changeSettings(world.ctx, SYSTEM, { 'second-factor-required-users': '', 'second-factor-grace-days': '7' });
    assert.deepEqual(await sessionsOf(world.ctx, { userId: two.id }), []);
  });

  test('a stolen session of staff that proved nothing lately moves no address and no destination by another page', async () => {
    const { ada } = world.cast;
    const staff = await staffWith(world, ['Manage Users', 'View Clients Summary', 'Configure General Settings']);
    world.clock.turn(minutes(16));
    for (const path of [
      `/admin/clients/${ada.clientId}/owner-match/to-owner`,
      '/admin/destinations/clientarea:homepage',
    ])
      assert.match(leadsTo(await staff.get(path)), /^\/admin\/confirm-identity\?goto=/, path);
  });
});
