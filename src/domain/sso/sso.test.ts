// Single sign-on: who gets a token, what it opens, and everything that makes it worthless.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { removeMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import type { SsoRefusal, SsoRequest, SsoToken } from '#domain/sso/sso.ts';
import { createSsoToken, redeemSsoToken, SSO_TOKEN_MS } from '#domain/sso/sso.ts';
import sweep from '#domain/sso/sweep-sso.job.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import { days, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { newAccount, newMember, newPerson } from '#tests/people.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Billing');
const VISITOR = { ip: '192.0.2.1', userAgent: 'Test' };

onBothDatabases('single sign-on', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const ask = (over: Partial<SsoRequest>): Promise<SsoToken | SsoRefusal> =>
    createSsoToken(ctx, SYSTEM, {
      clientId: undefined,
      userId: undefined,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
      ...over,
    });
  async function tokenFor(over: Partial<SsoRequest>): Promise<string> {
    const answer = await ask(over);
    assert.ok('token' in answer, JSON.stringify(answer));
    return answer.token;
  }
  const redeem = (token: string, over: object = {}) => redeemSsoToken(ctx, token, { ...VISITOR, ...over });
  const refused = { refused: true };
  const newestRefusal = async () => (await auditLines(ctx, { event: 'sso.token.refused' }, { limit: 1 }))[0];

  test('refuses by the documented reasons, and makes no token then', async () => {
    const { ada, ben, eve } = world.cast;
    const { clientId: closed } = await newAccount(ctx);
    await closeClient(ctx, SYSTEM, closed);
    const cases: readonly [Partial<SsoRequest>, object][] = [
      [{}, { refused: 'nobody-named' }],
      [{ clientId: 999_999 }, { refused: 'invalid-client' }],
      [{ clientId: 0 }, { refused: 'invalid-client' }],
      [{ clientId: -1 }, { refused: 'invalid-client' }],
      [{ clientId: closed }, { refused: 'invalid-client' }],
      [{ userId: 999_999 }, { refused: 'invalid-user' }],
      [{ clientId: ada.clientId, userId: 999_999 }, { refused: 'invalid-user' }],
      [{ clientId: eve.clientId, userId: ben.id }, { refused: 'invalid-user-for-client' }],
      [{ clientId: ada.clientId, userId: eve.id }, { refused: 'invalid-user-for-client' }],
      [{ clientId: ada.clientId, destination: 'nonsense' }, { refused: 'invalid-destination' }],
      [{ clientId: ada.clientId, destination: 'clientarea:invoices' }, { refused: 'invalid-destination' }],
      [{ clientId: ada.clientId, destination: 'sso:custom_redirect' }, { refused: 'invalid-destination' }],
      [
        { clientId: ada.clientId, destination: 'sso:custom_redirect', redirectPath: '//evil.example' },
        { refused: 'invalid-destination' },
      ],
    ];
    const count = async (): Promise<number> =>
      (await ctx.db.selectFrom('sso_tokens').select('token_hash').execute()).length;
    const before = await count();
    for (const [request, answer] of cases) assert.deepEqual(await ask(request), answer, JSON.stringify(request));
    assert.equal(await count(), before);
  });

  test('is for the owner when no user is named, and for the one account of a user who has one', async () => {
    const { ada, ben } = world.cast;
    const owner = await redeem(await tokenFor({ clientId: ada.clientId }));
    assert.ok('session' in owner);
    assert.deepEqual(
      [owner.session.person, owner.target],
      [{ kind: 'user', userId: ada.id }, `/account/${ada.clientId}`],
    );
    const member = await redeem(await tokenFor({ userId: ben.id }));
    assert.ok('session' in member);
    assert.equal(member.target, `/account/${ada.clientId}`);
    const { id: userId } = await newPerson(ctx);
    const nobodys = await redeem(await tokenFor({ userId }));
    assert.ok('session' in nobodys);
    assert.equal(nobodys.target, '/');
  });

  test('has a token of 160 random bits in hex, kept as a hash only', async () => {
    const { ada } = world.cast;
    const answer = await ask({ clientId: ada.clientId });
    assert.ok('token' in answer);
    assert.match(answer.token, /^[0-9a-f]{40}$/);
    assert.equal(answer.redirectUrl, `http://localhost:8080/oauth/singlesignon.php?access_token=${answer.token}`);
    for (const table of ['sso_tokens', 'audit_log'] as const) {
      assert.ok(!JSON.stringify(await ctx.db.selectFrom(table).selectAll().execute()).includes(answer.token));
    }
  });

  test('opens one new session by `sso`, says so in the log twice over, and its token is spent', async () => {
    const { ada } = world.cast;
    const token = await tokenFor({ clientId: ada.clientId });
    const answer = await redeem(token);
    assert.ok('session' in answer);
    const checked = await checkUserSession(ctx, answer.session.token);
    assert.ok('who' in checked);
    assert.deepEqual(checked.who.methods, ['sso']);
    assert.deepEqual(await redeem(token), refused);
    assert.equal(
      (await newestRefusal())?.description,
      `Unable to authenticate with Single Sign-On token for User ID: ${ada.clientId}`,
    );
    const events = (await auditLines(ctx, { userId: ada.id }, { limit: 3 })).map((line) => line.event);
    assert.deepEqual(events, ['sso.token.refused', 'sso.token.redeemed', 'user.login.success']);
  });

  test('ends the session that the browser had before', async () => {
    const { ada, eve } = world.cast;
    const first = await redeem(await tokenFor({ clientId: ada.clientId }));
    assert.ok('session' in first);
    await redeem(await tokenFor({ clientId: eve.clientId }), { replaces: first.session.id });
    assert.deepEqual(await checkUserSession(ctx, first.session.token), { ended: 'replaced' });
  });

  test('holds 60 seconds, with no cleaner needed', async () => {
    const { ada } = world.cast;
    const [early, late] = [await tokenFor({ clientId: ada.clientId }), await tokenFor({ clientId: ada.clientId })];
    world.clock.turn(SSO_TOKEN_MS - 1);
    assert.ok('session' in (await redeem(early)));
    world.clock.turn(1);
    assert.deepEqual(await redeem(late), refused);
    world.clock.turn(days(1));
    await sweep.run(ctx);
    assert.ok((await ctx.db.selectFrom('sso_tokens').select('token_hash').execute()).length > 0);
    world.clock.turn(1);
    await sweep.run(ctx);
    assert.deepEqual(await ctx.db.selectFrom('sso_tokens').select('token_hash').execute(), []);
  });

  test('looks again at what changed since it was made, in the documented words', async () => {
    const changes: readonly [
      why: string,
      change: (userId: number, clientId: number) => Promise<unknown>,
      words: (userId: number, clientId: number) => string,
    ][] = [
      [
        'closed',
        (_, clientId) => closeClient(ctx, SYSTEM, clientId),
        (_, clientId) => `Single Sign-On authentication denied for "Closed" User ID: ${clientId}`,
      ],
      [
        'switched off',
        (_, clientId) => changeClient(ctx, SYSTEM, clientId, { allowSso: false }),
        (_, clientId) => `Single Sign-On authentication denied per configuration for User ID: ${clientId}`,
      ],
      [
        'deactivated',
        (userId) => setUserDisabled(ctx, SYSTEM, userId, true),
        (userId) => `Unable to authenticate with Single Sign-On token for User ID: ${userId}`,
      ],
      [
        'removed',
        (userId, clientId) => removeMember(ctx, SYSTEM, userId, clientId),
        (_, clientId) => `Unable to authenticate with Single Sign-On token for User ID: ${clientId}`,
      ],
    ];
    for (const [why, change, words] of changes) {
      const { clientId } = await newAccount(ctx);
      const { id: userId } = await newMember(ctx, clientId, ['tickets']);
      const token = await tokenFor({ clientId, userId });
      await change(userId, clientId);
      assert.deepEqual(await redeem(token), refused, why);
      assert.equal((await newestRefusal())?.description, words(userId, clientId));
      assert.deepEqual(await sessionsOf(ctx, { userId }), [], why);
    }
  });

  test('blocked by an account is refused for it, and for a person all of whose accounts block it', async () => {
    const { clientId, owner } = await newAccount(ctx);
    const userId = owner.id;
    await changeClient(ctx, SYSTEM, clientId, { allowSso: false });
    assert.deepEqual(await ask({ clientId }), { refused: 'blocked', clientId });
    assert.deepEqual(await ask({ userId }), { refused: 'blocked', clientId });
    await setUserDisabled(ctx, SYSTEM, userId, true);
    assert.deepEqual(await ask({ userId }), { refused: 'invalid-user' });
    assert.deepEqual(await ask({ clientId }), { refused: 'invalid-user' });
  });

  test('a token that nobody has opens nothing, whatever it looks like, and a flood of them does not fill the log', async () => {
    for (const nonsense of ['', '\0', 'x'.repeat(100_000), "' or 1=1 --"])
      assert.deepEqual(await redeem(nonsense), refused);
    const count = async (): Promise<number> =>
      (await auditLines(ctx, { event: 'sso.token.refused' }, { limit: 1000 })).length;
    world.clock.turn(minutes(20));
    const before = await count();
    for (let time = 0; time < 130; time += 1) await redeem(`guess ${time}`, { ip: '203.0.113.9' });
    assert.equal((await count()) - before, 100);
    const { ada } = world.cast;
    assert.ok(
      'session' in (await redeem(await tokenFor({ clientId: ada.clientId }), { ip: '203.0.113.9' })),
      'a good one still opens',
    );
    world.clock.turn(minutes(15));
    await redeem('guess', { ip: '203.0.113.9' });
    assert.equal((await count()) - before, 101);
  });

  test('an account that is closed at the moment of redeeming leaves a token spent and a person who can act there no more', async () => {
    const { clientId } = await newAccount(ctx);
    const token = await tokenFor({ clientId });
    const [answer] = await Promise.all([redeem(token), closeClient(ctx, SYSTEM, clientId)]);
    assert.deepEqual(await redeem(token), refused);
    if ('session' in answer) assert.ok('who' in (await checkUserSession(ctx, answer.session.token)));
  });
});
