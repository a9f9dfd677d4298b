// What may happen once happens once, however many try at the same moment.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember, addOwner } from '#domain/access/member-changes.ts';
import { findMember, ownerIdOf } from '#domain/access/members.ts';
import { addAdministrator, listAdministrators } from '#domain/administrators/administrators.ts';
import { addRole, listRoles, removeRole } from '#domain/administrators/roles.ts';
import { offerSetup, setUp } from '#domain/administrators/setup.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { banAddress, banOf, listBans } from '#domain/guard/bans.ts';
import { chooseNeededPassword } from '#domain/login/needed-password.ts';
import { offerFactor } from '#domain/login/next-step.ts';
import { sendPasswordLink, setPasswordByLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn, signInByHandover } from '#domain/login/sign-in.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { createSsoToken, redeemSsoToken } from '#domain/sso/sso.ts';
import { addUser, storePassword } from '#domain/users/users.ts';
import { days, minutes } from '#kit/duration.ts';
import { atOnce } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, profile, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const VISITOR = { ip: '192.0.2.1', userAgent: 'Test' };
const FRESH = 'another good long password';

onBothDatabases('50 at once', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  async function owner(name: string): Promise<number> {
    return addUser(world.ctx, SYSTEM, {
      firstName: name,
      lastName: 'Racer',
      email: `${name}@example.test`,
      passwordHash: await sealedPassword(),
    });
  }

  const offer = (name: string) =>
    offerPassword(world.ctx, {
      side: 'user',
      name,
      password: PASSWORD,
      source: { kind: 'visitor', ip: VISITOR.ip },
      ip: VISITOR.ip,
      isPersonThere: true,
    });

  test('a single sign-on token signs in one browser', async () => {
    const { ctx, cast } = world;
    const made = await createSsoToken(ctx, SYSTEM, {
      clientId: cast.ada.clientId,
      userId: undefined,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('token' in made);
    const before = (await sessionsOf(ctx, { userId: cast.ada.id })).length;
    const { won, lost } = await atOnce(50, () => redeemSsoToken(ctx, made.token, VISITOR));
    assert.equal(lost.size, 0);
    assert.equal(won.filter((one) => 'session' in one).length, 1);
    assert.equal((await sessionsOf(ctx, { userId: cast.ada.id })).length, before + 1);
    const lines = await auditLines(ctx, { userId: cast.ada.id, event: 'sso.token.refused' }, { limit: 100 });
    assert.equal(lines.length, 49, 'each of the others is in the log');
  });

  test('a link for a password sets one', async () => {
    const { ctx } = world;
    const userId = await owner('linked');
    await ctx.transaction((tx) => sendPasswordLink(tx, SYSTEM, userId, 'asked'));
    const { link } = await world.letterTo('linked@example.test');
    const token = link.split('/').at(-1) ?? '';
    // Each hashes a password first; 50 do so in tests/attacks/entrance/reset-link.test.ts.
    const { won, lost } = await atOnce(12, () => setPasswordByLink(ctx, token, FRESH, VISITOR.ip));
    assert.deepEqual(won, ['user']);
    assert.deepEqual([...lost], [['not-allowed: password-link-over', 11]]);
    const changes = await auditLines(ctx, { userId, event: 'user.password.reset_completed' }, { limit: 100 });
    assert.equal(changes.length, 1);
  });

  test('a session that a program hands over moves into one browser, and its token is dead', async () => {
    const { ctx } = world;
    const userId = await owner('handed');
    const answer = await offer('handed@example.test');
    assert.equal(answer.at, 'proved');
    const program = await signIn(ctx, answer.proof, { ...VISITOR, origin: 'api', handoverMs: minutes(1) });
    const { won, lost } = await atOnce(50, () =>
      signInByHandover(ctx, program.token, { ...VISITOR, origin: 'handover' }),
    );
    assert.equal(lost.size, 0);
    assert.equal(won.filter((one) => one !== undefined).length, 1);
    assert.deepEqual(
      (await sessionsOf(ctx, { userId })).map((one) => one.origin),
      ['handover'],
    );
  });

  test('the code of a second factor opens the door once, and five tries are all there are', async () => {
    const { ctx, cast } = world;
    const answer = await offer(cast.cleo.email);
    assert.equal(answer.at, 'second-factor');
    const { won, lost } = await atOnce(50, () =>
      offerFactor(ctx, answer.attempt, undefined, { text: CODE, browser: '' }, VISITOR.ip),
    );
    assert.equal(lost.size, 0);
    assert.equal(won.filter((one) => one.at === 'proved').length, 1);
    assert.equal(won.filter((one) => one.at === 'over').length + won.filter((one) => one.at === 'wrong').length, 49);

    const again = await offer(cast.cleo.email);
    assert.equal(again.at, 'second-factor');
    const guesses = await atOnce(50, () =>
      offerFactor(ctx, again.attempt, undefined, { text: '000000', browser: '' }, VISITOR.ip),
    );
    assert.equal(guesses.won.filter((one) => one.at === 'wrong').length, 5, 'so many codes were looked at');
    assert.equal(guesses.won.filter((one) => one.at === 'over').length, 45);
  });

  test('a sign-in that waits for a new password takes one', async () => {
    const { ctx } = world;
    const userId = await owner('weak');
    await storePassword(ctx, SYSTEM, userId, await sealedPassword(), { event: 'test', mustChange: true });
    const answer = await offer('weak@example.test');
    assert.equal(answer.at, 'new-password');
    const { won, lost } = await atOnce(12, () => chooseNeededPassword(ctx, answer.attempt, FRESH, VISITOR.ip));
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['not-allowed: attempt-over', 11]]);
  });

  test('one ban of a range, however it is written', async () => {
    const { ctx } = world;
    const spellings = ['198.51.100.*', '198.51.100.0/24', '198.51.100.7/24', '::ffff:c633:6400/120'];
    const { won, lost } = await atOnce(50, (at) =>
      banAddress(ctx, SYSTEM, {
        range: spellings[at % spellings.length] ?? '',
        reason: 'flood',
        expiresAt: ctx.now() + days(1),
        source: 'manual',
      }),
    );
    assert.equal(lost.size, 0);
    assert.equal(new Set(won).size, 1);
    assert.deepEqual(
      (await listBans(ctx)).map((ban) => ban.range),
      ['198.51.100.0/24'],
    );
    assert.ok(await banOf(ctx, '198.51.100.200'));
  });

  test('one person of an address, however it is written', async () => {
    const { ctx } = world;
    const { won, lost } = await atOnce(50, (at) =>
      addUser(ctx, SYSTEM, {
        firstName: 'Twin',
        lastName: `${at}`,
        email: at % 2 ? 'twin@example.test' : ' TWIN@Example.TEST',
      }),
    );
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['conflict: email-taken', 49]]);
  });

  test('one account with one owner from a form that was sent many times', async () => {
    const { ctx } = world;
    const email = 'eager@example.test';
    const { won, lost } = await atOnce(20, () =>
      addClientWithOwner(ctx, SYSTEM, {
        profile: profile({ email }),
        owner: { kind: 'new', password: undefined },
        welcome: true,
      }),
    );
    assert.equal(won.length, 1);
    assert.equal(
      [...lost.values()].reduce((a, b) => a + b, 0),
      19,
    );
    for (const reason of lost.keys()) assert.match(reason, /^(invalid|conflict): email-taken$/);
    const made = await ctx.db.selectFrom('clients').select('id').where('email_key', '=', email).execute();
    assert.equal(made.length, 1, 'those who lost left no account behind');
  });

  test('one owner of an account', async () => {
    const { ctx } = world;
    const clientId = await addClient(ctx, SYSTEM, profile({ email: 'ownerless@example.test' }));
    const people: number[] = [];
    for (let at = 0; at < 10; at += 1) people.push(await owner(`candidate${at}`));
    const { won, lost } = await atOnce(50, (at) => addOwner(ctx, SYSTEM, people[at % 10] ?? 0, clientId));
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['conflict: client-has-owner', 49]]);
    assert.ok(people.includes((await ownerIdOf(ctx, clientId)) ?? 0));
    const lines = await auditLines(ctx, { clientId, event: 'access.owner_set' }, { limit: 100 });
    assert.equal(lines.length, 1);
  });

  test('one membership of a user', async () => {
    const { ctx, cast } = world;
    const { won, lost } = await atOnce(50, (at) =>
      addMember(ctx, SYSTEM, cast.ben.id, cast.eve.clientId, at % 2 ? ['tickets'] : ['invoices']),
    );
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['conflict: already-member', 49]]);
    assert.equal((await findMember(ctx, cast.ben.id, cast.eve.clientId))?.permissions.length, 1);
  });

  test('one administrator of a name, one role of a name', async () => {
    const { ctx } = world;
    const [full] = await listRoles(ctx);
    const staff = await atOnce(20, (at) =>
      addAdministrator(ctx, SYSTEM, {
        roleId: full?.id ?? 0,
        username: at % 2 ? 'twin' : 'TWIN',
        firstName: 'Twin',
        lastName: 'Staff',
        email: `twin${at}@staff.example.test`,
        passwordHash: undefined,
      }),
    );
    assert.equal(staff.won.length, 1);
    assert.deepEqual([...staff.lost], [['conflict: username-taken', 19]]);
    const roles = await atOnce(20, (at) =>
      addRole(ctx, SYSTEM, { name: at % 2 ? 'Billing' : 'ＢILLING', permissions: ['Main Homepage'] }),
    );
    assert.equal(roles.won.length, 1);
    assert.deepEqual([...roles.lost], [['conflict: role-name-taken', 19]]);
  });

  test('a role goes or is given, never both', async () => {
    const { ctx } = world;
    for (let round = 0; round < 10; round += 1) {
      const roleId = await addRole(ctx, SYSTEM, { name: `Fleeting ${round}`, permissions: ['Main Homepage'] });
      const [given, gone] = await Promise.allSettled([
        addAdministrator(ctx, SYSTEM, {
          roleId,
          username: `fleeting${round}`,
          firstName: 'Some',
          lastName: 'Body',
          email: `fleeting${round}@staff.example.test`,
          passwordHash: undefined,
        }),
        removeRole(ctx, SYSTEM, roleId),
      ]);
      assert.notEqual(given.status, gone.status);
      if (given.status === 'rejected') assert.match(String(given.reason), /not-found: role-not-found/);
      if (gone.status === 'rejected') assert.match(String(gone.reason), /conflict: role-in-use/);
    }
  });
});

onBothDatabases('the first administrator (Pocket ID, race in first admin set-up)', (database) => {
  test('50 who hold the printed link make one, and none without it', async (t) => {
    const world = await testWorld(database, { cast: false });
    t.after(() => world.close());
    const { ctx } = world;
    const older = await offerSetup(ctx);
    const token = await offerSetup(ctx);
    assert.ok(older && token);
    const passwordHash = await sealedPassword();
    const who = (at: number) => ({
      username: `first${at}`,
      firstName: 'First',
      lastName: 'Staff',
      email: `first${at}@staff.example.test`,
      passwordHash,
    });
    for (const wrong of [older, 'guess', '']) {
      await assert.rejects(setUp(ctx, wrong, who(0), VISITOR.ip), { code: 'setup-over' });
    }
    const { won, lost } = await atOnce(50, (at) => setUp(ctx, token, who(at), VISITOR.ip));
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['not-allowed: setup-over', 49]]);
    const staff = await listAdministrators(ctx);
    assert.deepEqual(
      staff.map((one) => [one.id, one.role.isFull]),
      [[won[0], true]],
    );
    assert.equal(await offerSetup(ctx), undefined, 'nothing is offered any more');
  });

  test('two starts at once leave one link that works', async (t) => {
    const world = await testWorld(database, { cast: false });
    t.after(() => world.close());
    const { ctx } = world;
    await atOnce(10, () => offerSetup(ctx));
    const rows = await ctx.db.selectFrom('setup_invitations').selectAll().where('used_at', 'is', null).execute();
    assert.equal(rows.length, 1);
  });
});
