// Attacker registers victim's address and waits: with a passkey of their own on it. The victim sets a password by letter.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { Authenticator, askedIn } from '#tests/authenticator.ts';
import { leadsTo } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const FRESH = 'nine paper boats drifting';
const ALONE = '/login/passkey-sign-in';

onBothDatabases('a passkey from before', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  /** Sets up a passkey as this person; answers what signs in by it alone, and how that went. */
  const enrolled = async (email: string) => {
    const key = new Authenticator(await publicOrigin(world.ctx));
    const browser = world.browser();
    await browser.signIn(email);
    const page = '/user/security/passkeys/new';
    const asked = askedIn((await browser.get(page)).body);
    assert.equal((await browser.post(page, { token: asked.token, response: key.make(asked) })).statusCode, 303);
    return async (): Promise<number> => {
      const at = world.browser();
      const offered = askedIn((await at.get(ALONE)).body);
      const fields = { csrf: offered.csrf, token: offered.token, response: key.answer(offered) };
      return (await at.postRaw(ALONE, fields, { 'sec-fetch-site': 'same-origin' })).statusCode;
    };
  };
  const reset = async (userId: number, email: string): Promise<void> => {
    await sendPasswordLink(world.ctx, systemActor('Test'), userId, 'asked');
    const link = new URL((await world.letterTo(email)).link).pathname;
    assert.equal(leadsTo(await world.browser().post(link, { password: FRESH })), '/login');
  };

  test('it opens nothing alone any more, and is asked for beside the new password all the same', async () => {
    const { id, email } = world.cast.eve; // whose address nobody proved
    const alone = await enrolled(email);
    assert.equal(await alone(), 303);
    await reset(id, email);
    assert.equal(await alone(), 422);
    assert.ok(await hasSecondFactor(world.ctx, { kind: 'user', id }), 'a reset takes no factor');
    assert.match(leadsTo(await world.browser().signIn(email, FRESH)), /^\/login\/passkey/);
  });

  test('of somebody whose address was proved it opens the door as before', async () => {
    const { id, email } = world.cast.ada;
    await world.ctx.db
      .updateTable('users')
      .set({ email_verified_at: world.clock.now() })
      .where('id', '=', id)
      .execute();
    const alone = await enrolled(email);
    await reset(id, email);
    assert.equal(await alone(), 303);
  });
});
