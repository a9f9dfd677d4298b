// Attacker registers victim's address and waits: with a passkey of their own on it. The victim sets a password by letter. And
// the thief of an account who leaves ways in behind, before its owner takes it back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { checkAnswer } from '#domain/credentials/passkeys.ts';
import { insertIdentity } from '#domain/login/federation/identities.table.ts';
import { linkedIdentitiesOf } from '#domain/login/federation/linked-accounts.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { changeUser } from '#domain/users/users.ts';
import { Authenticator, askedIn } from '#tests/authenticator.ts';
import { offer } from '#tests/sign-in-providers.ts';
import { leadsTo } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
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
    return async (meanwhile?: () => Promise<void>): Promise<number> => {
      const at = world.browser();
      const offered = askedIn((await at.get(ALONE)).body);
      const fields = { csrf: offered.csrf, token: offered.token, response: key.answer(offered) };
      if (meanwhile) return looked(at, fields, meanwhile);
      return (await at.postRaw(ALONE, fields, { 'sec-fetch-site': 'same-origin' })).statusCode;
    };
  };
  /** The same steps, and something happens once the answer was found right and before it is spent. */
  const looked = async (
    at: TestBrowser,
    { token, response }: { readonly token: string; readonly response: string },
    meanwhile: () => Promise<void>,
  ): Promise<number> => {
    const visit = [...at.cookies].find(([name]) => name.endsWith('-visit'))?.[1] ?? '';
    const browser = world.ctx.seal.sign('browser', visit);
    const asking = { purpose: 'sign-in', side: 'user', whose: undefined, browser } as const;
    const checked = await checkAnswer(world.ctx, asking, token, response);
    await meanwhile();
    if (checked.is !== 'right') return 400;
    return (await world.ctx.transaction((tx) => checked.spend(tx))) ? 303 : 422;
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
    assert.equal(await alone(async () => undefined), 303);
    assert.equal(await alone(() => reset(id, email)), 422, 'nor when it was shown the moment before');
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

  test('a thief links an account and a passkey and moves the address: whoever puts it back leaves neither open', async () => {
    const { id, email } = world.cast.ben;
    const alone = await enrolled(email);
    const provider = await offer(world, 'openid', 'thiefs', { name: 'There', issuer: 'https://thief.example' });
    const linked = await insertIdentity(world.ctx, {
      side: 'user',
      user_id: id,
      administrator_id: null,
      provider_id: provider,
      issuer: 'https://thief.example',
      subject: 'thief',
      email: 'thief@example.test',
      linked_at: world.clock.now(),
      last_used_at: null,
    });
    assert.ok(linked);
    // Shown to be read: the address that is left behind was proved, and so is the thief's.
    await changeUser(world.ctx, systemActor('Test'), id, { email: 'thief@example.test' }, { verified: true });
    const [told] = (await letterHistory(world.ctx, {}, { limit: 20 })).filter(({ to }) => to === email);
    const text = (await liveLetterOf(world.ctx, told?.id ?? 0)).text;
    const undo = /\/email\/undo\/[\w-]{43}/.exec(text)?.[0] ?? '';
    await world.browser().post(undo, { password: FRESH });
    assert.deepEqual(await linkedIdentitiesOf(world.ctx, { kind: 'user', id }), []);
    assert.equal(await alone(), 422);
    assert.ok(await hasSecondFactor(world.ctx, { kind: 'user', id }), 'no factor is taken');
    assert.match(leadsTo(await world.browser().signIn(email, FRESH)), /^\/login\/passkey/);
    const letters = (await letterHistory(world.ctx, {}, { limit: 20 })).filter(({ to }) => to === email);
    assert.ok(
      letters.some(({ kind }) => kind === 'account-unlinked'),
      'they are told what was there',
    );
  });
});
