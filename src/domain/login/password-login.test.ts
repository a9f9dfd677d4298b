// The first step of every sign-in: what opens it, and that its refusals are one answer after the same work.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { requestPasswordLink } from '#domain/login/forgotten-password.ts';
import type { Side } from '#domain/login/holder.ts';
import { findHolder } from '#domain/login/holder.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import type { Source } from '#domain/login/tries.ts';
import { countTry } from '#domain/login/tries.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser, findUserByEmail, setUserDisabled, storePassword, userWithHash } from '#domain/users/users.ts';
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
    over: { side?: Side; source?: Source; isPersonThere?: boolean } = {},
  ): Promise<PasswordAnswer> {
    network += 1;
    const ip = `10.${network >> 8}.${network & 255}.1`;
    return offerPassword(ctx, {
      side: over.side ?? (name.includes('@') ? 'user' : 'administrator'),
      name,
      password,
      source: over.source ?? { kind: 'visitor', ip },
      ip,
      isPersonThere: over.isPersonThere ?? true,
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
    /** What follows the answer is over. */
    const quiet = async (): Promise<void> => {
      for (let seen = -1; seen !== ctx.statementCount(); ) {
        seen = ctx.statementCount();
        await new Promise((next) => setTimeout(next, 100));
      }
    };
    await requestPasswordLink(ctx, 'warm@example.test', ip());
    await quiet();
    const costs = new Map<string, number>();
    for (const [who, name] of Object.entries(names)) {
      const statements = ctx.statementCount();
      await requestPasswordLink(ctx, name, ip());
      costs.set(who, ctx.statementCount() - statements);
      await quiet();
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
    assert.equal((await offer(names['weak'] ?? '', PASSWORD, { isPersonThere: false })).at, 'proved');
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
    for (let at = 0; at < 4; at += 1) await offer('eve@example.test', WRONG, { source });
    await assert.rejects(offer('eve@example.test', PASSWORD, { source }), { kind: 'too-many' });
    const elsewhere: Source = { kind: 'credential', id: 8 };
    assert.equal((await offer('eve@example.test', PASSWORD, { source: elsewhere })).at, 'proved');
  });

  test('right in the end start the count anew, and the time does', async () => {
    const source: Source = { kind: 'visitor', ip: '198.51.100.1' };
    for (let at = 0; at < 4; at += 1) await offer('ben@example.test', WRONG, { source });
    const answer = await offer('ben@example.test', PASSWORD, { source });
    assert.equal(answer.at, 'proved');
    await signIn(ctx, answer.proof, { ip: '198.51.100.1', userAgent: 'Test', origin: 'login' }, answer.counted);
    for (let at = 0; at < 5; at += 1) assert.equal((await offer('ben@example.test', WRONG, { source })).at, 'refused');
    await assert.rejects(offer('ben@example.test', PASSWORD, { source }), { kind: 'too-many', retryAfterSeconds: 60 });
    world.clock.turn(minutes(1));
    assert.equal((await offer('ben@example.test', PASSWORD, { source })).at, 'proved');
  });

  for (const who of ['somebody', 'nobody'] as const)
    test(`wrong again and again cost a longer pause each time, for ${who}, and never more than a quarter of an hour`, async () => {
      const name = who === 'somebody' ? ((await everybody('user'))['ordinary'] ?? '') : 'never-there@example.test';
      const source: Source = { kind: 'visitor', ip: who === 'somebody' ? '198.51.102.1' : '198.51.103.1' };
      for (let at = 0; at < 5; at += 1) await offer(name, WRONG, { source });
      for (const wait of [1, 2, 4, 8, 15, 15, 15]) {
        await assert.rejects(offer(name, PASSWORD, { source }), { retryAfterSeconds: wait * 60 });
        world.clock.turn(minutes(wait) - 1);
        await assert.rejects(offer(name, PASSWORD, { source }), { retryAfterSeconds: 1 });
        world.clock.turn(1);
        assert.equal((await offer(name, WRONG, { source })).at, 'refused', 'one is looked at, the next waits');
      }
      world.clock.turn(minutes(15));
      assert.equal((await offer(name, PASSWORD, { source })).at, who === 'somebody' ? 'proved' : 'refused');
    });

  test('of a new password have no failures of the old one against them: the letter with the link is always a way back', async () => {
    const { ordinary: name = '' } = await everybody('user');
    const source: Source = { kind: 'visitor', ip: '198.51.104.1' };
    for (let at = 0; at < 12; at += 1) await offer(name, WRONG, at < 5 ? { source } : {}).catch(() => {});
    await assert.rejects(offer(name, PASSWORD, { source }), { kind: 'too-many' });
    await assert.rejects(offer(name, PASSWORD), { kind: 'too-many' }, 'from a network never seen before');
    const user = await findUserByEmail(ctx, name);
    await storePassword(ctx, SYSTEM, user?.id ?? 0, await ctx.passwords.seal(PASSWORD), { event: 'test' });
    assert.equal((await offer(name, PASSWORD, { source })).at, 'proved');
  });

  test('on a device that signed in as this person before are not held up by what others get wrong, and are counted apart', async () => {
    const { ordinary: name = '' } = await everybody('user');
    const holder = await findHolder(ctx, 'user', name);
    const source: Source = { kind: 'visitor', ip: '198.51.105.1' };
    const from = (device?: string) => countTry(ctx, 'user', name, source, holder, device);
    for (let at = 0; at < 5; at += 1) await from();
    await assert.rejects(from(), { kind: 'too-many' });
    await (await from('desk')).notLookedAt();
    for (let at = 0; at < 5; at += 1) await from('desk');
    await assert.rejects(from('desk'), { kind: 'too-many', retryAfterSeconds: 60 }, 'a stolen cookie is no oracle');
    const phone = await from('phone');
    await ctx.transaction((tx) => phone.succeeded(tx));
    await assert.rejects(from('desk'), { kind: 'too-many' }, 'a success on one device forgives none of another');
  });

  test('right in the end take the slips before from the count of everywhere, and none of a stranger', async () => {
    const { ordinary: name = '' } = await everybody('user');
    const holder = await findHolder(ctx, 'user', name);
    const from = (ip: string) => countTry(ctx, 'user', name, { kind: 'visitor', ip }, holder);
    for (let at = 0; at < 5; at += 1) await from('198.51.106.1'); // a stranger
    for (let at = 0; at < 3; at += 1) await from('198.51.107.1');
    const right = await from('198.51.107.1');
    await ctx.transaction((tx) => right.succeeded(tx));
    for (let at = 0; at < 5; at += 1) await from('198.51.108.1');
    await assert.rejects(from('198.51.109.1'), { retryAfterSeconds: 60 }, 'ten of strangers');
  });

  test('may be tried as often as the setting says', async () => {
    await changeSettings(ctx, SYSTEM, { 'login-tries': '3' });
    const source: Source = { kind: 'visitor', ip: '198.51.101.1' };
    for (let at = 0; at < 3; at += 1) await offer('by-the-setting@example.test', WRONG, { source });
    await assert.rejects(offer('by-the-setting@example.test', WRONG, { source }), { kind: 'too-many' });
    await changeSettings(ctx, SYSTEM, { 'login-tries': '5' });
  });
});
