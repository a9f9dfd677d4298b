// The first step of every sign-in: what opens it, and that its refusals are one answer after the same work.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import type { Side } from '#domain/login/holder.ts';
import { requestPasswordLink } from '#domain/login/password-links.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import type { Source } from '#domain/login/tries.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser, setUserDisabled, storePassword, userWithHash } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { md5Hex } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const WRONG = 'wrong horse battery staple';

onBothDatabases('a name and a password', (database) => {
  let world: World;
  let ctx: Context;
  let network = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  /** Offers from a network of its own, so that no limit is met, unless told from where. */
  function offer(
    name: string,
    password: string,
    over: { side?: Side; source?: Source; canChoosePassword?: boolean } = {},
  ): Promise<PasswordAnswer> {
    network += 1;
    const ip = `10.${network >> 8}.${network & 255}.1`;
    return offerPassword(ctx, {
      side: over.side ?? (name.includes('@') ? 'user' : 'administrator'),
      name,
      password,
      source: over.source ?? { kind: 'visitor', ip },
      ip,
      canChoosePassword: over.canChoosePassword ?? true,
    });
  }

  /** Everybody that a stranger might ask for, of one side. */
  async function everybody(side: Side): Promise<Record<string, string>> {
    network += 1;
    const passwordHash = await sealedPassword();
    if (side === 'user') {
      const make = async (name: string, hash: string | undefined): Promise<number> =>
        addUser(ctx, SYSTEM, {
          firstName: name,
          lastName: 'X',
          email: `${name}${network}@example.test`,
          passwordHash: hash,
        });
      await make('ordinary', passwordHash);
      await make('nopassword', undefined);
      const weak = await make('weak', passwordHash);
      await storePassword(ctx, SYSTEM, weak, passwordHash, { event: 'test', mustChange: true });
      await setUserDisabled(ctx, SYSTEM, await make('disabled', passwordHash), true);
      const names = ['ordinary', 'nopassword', 'weak', 'disabled', 'nobody'];
      return {
        ...Object.fromEntries(names.map((name) => [name, `${name}${network}@example.test`])),
        factor: 'cleo@example.test',
      };
    }
    const roleId = (await listRoles(ctx))[1]?.id ?? 0;
    const make = (name: string, hash: string | undefined): Promise<number> =>
      addAdministrator(ctx, SYSTEM, {
        roleId,
        username: `${name}${network}`,
        firstName: name,
        lastName: 'X',
        email: `${name}${network}@staff.example.test`,
        passwordHash: hash,
      });
    await make('ordinary', passwordHash);
    await make('nopassword', undefined);
    await changeAdministrator(ctx, SYSTEM, await make('disabled', passwordHash), { disabled: true });
    return Object.fromEntries(
      ['ordinary', 'nopassword', 'disabled', 'nobody'].map((name) => [name, `${name}${network}`]),
    );
  }

  for (const side of ['user', 'administrator'] as const) {
    test(`refused to ${side}s: the same answer, the same hashes, the same statements, whoever is asked for`, async () => {
      const names = await everybody(side);
      await offer('warm@example.test', WRONG, { side }); // settings and statements are read once
      const costs = new Map<string, string>();
      for (const [who, name] of Object.entries(names)) {
        const [statements, hashes] = [ctx.statementCount(), ctx.passwords.hashes];
        const answer = await offer(name, WRONG, { side });
        assert.deepEqual(answer, { at: 'refused' }, who);
        costs.set(who, `${ctx.statementCount() - statements} statements, ${ctx.passwords.hashes - hashes} hashes`);
      }
      assert.equal(new Set(costs.values()).size, 1, JSON.stringify([...costs]));
      assert.match([...costs.values()][0] ?? '', / 1 hashes$/);
    });

    test(`right for a deactivated one of the ${side}s: refused like a wrong one, at the same cost`, async () => {
      const names = await everybody(side);
      const cost = async (password: string): Promise<string> => {
        const [statements, hashes] = [ctx.statementCount(), ctx.passwords.hashes];
        assert.deepEqual(await offer(names['disabled'] ?? '', password, { side }), { at: 'refused' });
        return `${ctx.statementCount() - statements} ${ctx.passwords.hashes - hashes}`;
      };
      assert.equal(await cost(PASSWORD), await cost(WRONG));
    });
  }

  test('asking for a link costs as many statements before its answer, whoever is asked for', async () => {
    const names = await everybody('user');
    const ip = (): string => {
      network += 1;
      return `10.${network >> 8}.${network & 255}.1`;
    };
    await requestPasswordLink(ctx, 'warm@example.test', ip());
    await new Promise((next) => setTimeout(next, 100));
    const costs = new Map<string, number>();
    for (const [who, name] of Object.entries(names)) {
      const statements = ctx.statementCount();
      await requestPasswordLink(ctx, name, ip());
      costs.set(who, ctx.statementCount() - statements);
      await new Promise((next) => setTimeout(next, 50)); // what follows the answer
    }
    assert.equal(new Set(costs.values()).size, 1, JSON.stringify([...costs]));
  });

  test('right opens the way, in whatever case the name is typed; near them opens nothing', async () => {
    for (const name of ['ada@example.test', ' ADA@Example.Test '])
      assert.equal((await offer(name, PASSWORD)).at, 'proved');
    assert.equal((await offer('root', PASSWORD)).at, 'proved');
    for (const near of [
      `${PASSWORD} `,
      ` ${PASSWORD}`,
      PASSWORD.toUpperCase(),
      '',
      '\0',
      `${PASSWORD}\0`,
      'x'.repeat(200_000),
    ])
      assert.equal((await offer('ada@example.test', near)).at, 'refused', JSON.stringify(near.slice(0, 40)));
    for (const name of ['', '\0', 'ada@example.test\n', "' or 1=1 --", 'x'.repeat(200_000), '%', '__proto__'])
      assert.equal(
        (await offer(name, PASSWORD, { side: 'user' })).at,
        name.trim() === 'ada@example.test' ? 'proved' : 'refused',
      );
  });

  test('of one side opens nothing on the other', async () => {
    assert.equal((await offer('root', PASSWORD, { side: 'user' })).at, 'refused');
    assert.equal((await offer('ada@example.test', PASSWORD, { side: 'administrator' })).at, 'refused');
  });

  test('do not open a session where a second factor or a new password is due', async () => {
    const names = await everybody('user');
    const before = await ctx.db.selectFrom('sessions').select('id').execute();
    const factor = await offer('cleo@example.test', PASSWORD);
    assert.equal(factor.at, 'second-factor');
    assert.equal((await offer(names['weak'] ?? '', PASSWORD)).at, 'new-password');
    assert.deepEqual(await ctx.db.selectFrom('sessions').select('id').execute(), before);
    assert.equal((await offer(names['weak'] ?? '', PASSWORD, { canChoosePassword: false })).at, 'proved');
    const rows = JSON.stringify(await ctx.db.selectFrom('login_attempts').selectAll().execute());
    assert.ok(!rows.includes(factor.attempt));
  });

  test('of an import are brought to the format of today by the first sign-in, and by no failed one', async () => {
    const id = await addUser(ctx, SYSTEM, {
      firstName: 'Old',
      lastName: 'Import',
      email: 'import@example.test',
      passwordHash: md5Hex(PASSWORD),
    });
    await offer('import@example.test', WRONG);
    assert.equal((await userWithHash(ctx, id)).hash, md5Hex(PASSWORD));
    const answer = await offer('import@example.test', PASSWORD);
    assert.equal(answer.at, 'proved');
    assert.match((await userWithHash(ctx, id)).hash ?? '', /^\$argon2id\$/);
    await signIn(ctx, answer.proof, { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' }, answer.counted);
    assert.equal((await auditLines(ctx, { userId: id, event: 'password.format_upgraded' }, { limit: 5 })).length, 1);
    const before = (await userWithHash(ctx, id)).hash;
    await offer('import@example.test', PASSWORD);
    assert.equal((await userWithHash(ctx, id)).hash, before, 'once is enough');
  });

  test('refused leave a line that names nobody who does not exist: people type their password into the wrong field', async () => {
    await offer('my secret passphrase', WRONG, { side: 'user' });
    const rows = JSON.stringify(await ctx.db.selectFrom('audit_log').selectAll().execute());
    assert.doesNotMatch(rows, /my secret passphrase/);
    assert.doesNotMatch(rows, /wrong horse/);
    const [line] = await auditLines(ctx, { event: 'user.login.failed' }, { limit: 1 });
    assert.equal(line?.description, 'A sign-in under an unknown name failed');
    assert.equal(line?.actorKind, 'stranger');
  });

  test('offered by a program count for its credential, not for the address that all its customers share', async () => {
    const source: Source = { kind: 'credential', id: 7 };
    for (let at = 0; at < 110; at += 11) {
      await Promise.all(
        Array.from({ length: 11 }, (_, n) => offer(`customer${at + n}@example.test`, WRONG, { source })),
      );
    }
    assert.equal((await offer('eve@example.test', PASSWORD, { source })).at, 'proved', 'after 110 failures of others');
    for (let at = 0; at < 9; at += 1) await offer('eve@example.test', WRONG, { source });
    await assert.rejects(offer('eve@example.test', PASSWORD, { source }), { kind: 'too-many' });
    const elsewhere: Source = { kind: 'credential', id: 8 };
    assert.equal((await offer('eve@example.test', PASSWORD, { source: elsewhere })).at, 'proved');
  });

  test('right in the end start the count anew, and the time does', async () => {
    const source: Source = { kind: 'visitor', ip: '198.51.100.1' };
    for (let at = 0; at < 9; at += 1) await offer('ben@example.test', WRONG, { source });
    const answer = await offer('ben@example.test', PASSWORD, { source });
    assert.equal(answer.at, 'proved');
    await signIn(ctx, answer.proof, { ip: '198.51.100.1', userAgent: 'Test', origin: 'login' }, answer.counted);
    for (let at = 0; at < 10; at += 1) assert.equal((await offer('ben@example.test', WRONG, { source })).at, 'refused');
    await assert.rejects(offer('ben@example.test', PASSWORD, { source }), { kind: 'too-many', retryAfterSeconds: 900 });
    world.clock.turn(minutes(15));
    assert.equal((await offer('ben@example.test', PASSWORD, { source })).at, 'proved');
  });

  test('may be tried as often as the setting says', async () => {
    await changeSettings(ctx, SYSTEM, { 'login-tries': '3' });
    const source: Source = { kind: 'visitor', ip: '198.51.101.1' };
    for (let at = 0; at < 3; at += 1) await offer('ben@example.test', WRONG, { source });
    await assert.rejects(offer('ben@example.test', WRONG, { source }), { kind: 'too-many' });
    await changeSettings(ctx, SYSTEM, { 'login-tries': '10' });
  });
});
