// Making people and accounts together: all or none.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findMember, peopleOf } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { setPasswordByLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import type { NewClient } from '#domain/signup/new-client.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { addUserWithPassword } from '#domain/signup/new-user.ts';
import { userOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';

onBothDatabases('an account with its owner', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  function add(over: Partial<NewClient> & { email?: string } = {}) {
    made += 1;
    const { email = `signup${made}@example.test`, ...rest } = over;
    return addClientWithOwner(ctx, SYSTEM, {
      profile: profile({ email }),
      owner: { kind: 'new', password: undefined },
      welcome: true,
      ...rest,
    });
  }
  const counts = async (): Promise<number[]> => {
    const rows = async (table: 'users' | 'clients' | 'members' | 'letters' | 'audit_log'): Promise<number> =>
      (
        await ctx.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n;
    return Promise.all(
      [rows('users'), rows('clients'), rows('members'), rows('letters'), rows('audit_log')].map(async (one) =>
        Number(await one),
      ),
    );
  };

  test('is owned by a new person, who chooses a password by the letter and is then let in', async () => {
    const { clientId, ownerId } = await add({ email: 'welcome@example.test' });
    assert.ok((await findMember(ctx, ownerId, clientId))?.isOwner);
    const token = (await world.letterTo('welcome@example.test')).link.split('/').at(-1) ?? '';
    await setPasswordByLink(ctx, token, FRESH, '192.0.2.1');
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: 'welcome@example.test',
      password: FRESH,
      source: { kind: 'visitor', ip: '192.0.2.1' },
      ip: '192.0.2.1',
      isPersonThere: true,
    });
    assert.equal(answer.at, 'proved');
  });

  test('given a password sends no link that would throw it away', async () => {
    const { ownerId } = await add({ owner: { kind: 'new', password: FRESH } });
    const kinds = (await letterHistory(ctx, { userId: ownerId }, { limit: 5 })).map((letter) => letter.kind);
    assert.ok(!kinds.includes('welcome') && !kinds.includes('set-password'), kinds.join());
    assert.equal((await userOf(ctx, ownerId)).hasPassword, true);
  });

  test('without a letter sends none', async () => {
    const { ownerId } = await add({ welcome: false });
    assert.deepEqual(await letterHistory(ctx, { userId: ownerId }, { limit: 5 }), []);
  });

  test('is owned by somebody who is here already, who gets no letter and keeps what they have', async () => {
    const { ben } = world.cast;
    const before = await userOf(ctx, ben.id);
    const { clientId, ownerId } = await add({ owner: { kind: 'existing', userId: ben.id }, email: 'ada@example.test' });
    assert.equal(ownerId, ben.id);
    assert.deepEqual(await userOf(ctx, ben.id), before);
    assert.equal((await peopleOf(ctx, clientId)).length, 1);
    assert.deepEqual(await letterHistory(ctx, { userId: ben.id }, { limit: 5 }), []);
  });

  test('that is refused leaves nothing behind: no person, no account, no letter, no line', async () => {
    const before = await counts();
    const cases: readonly [Partial<NewClient> & { email?: string }, object][] = [
      [{ email: 'ada@example.test' }, { kind: 'invalid', fields: { email: 'email-taken' } }],
      [{ email: 'nobody' }, { fields: { email: 'email-invalid' } }],
      [{ owner: { kind: 'existing', userId: 999_999 } }, { kind: 'not-found', code: 'owner-not-found' }],
      [{ owner: { kind: 'new', password: 'short' } }, { fields: { password: 'password-too-short' } }],
      [
        { profile: { ...profile({ email: 'group@example.test' }), groupId: 999 } },
        { fields: { groupId: 'group-not-found' } },
      ],
      [
        { profile: { ...profile({ email: 'money@example.test' }), currencyId: 999 } },
        { fields: { currency: 'currency-not-found' } },
      ],
    ];
    for (const [over, problem] of cases) await assert.rejects(add(over), problem, JSON.stringify(over));
    assert.deepEqual(await counts(), before);
  });

  test('without names is owned by somebody who can be called all the same', async () => {
    const nameless = profile({
      firstName: ' \u200b',
      lastName: '',
      companyName: 'Engines Ltd',
      email: 'nameless@example.test',
    });
    const { ownerId } = await add({ profile: nameless, lenient: true });
    const { firstName, lastName } = await userOf(ctx, ownerId);
    assert.deepEqual([firstName, lastName], ['Engines Ltd', '-']);
  });

  test('hashes no password for an address that is taken', async () => {
    const before = ctx.passwords.hashes;
    await assert.rejects(add({ email: 'ada@example.test', owner: { kind: 'new', password: FRESH } }), {
      kind: 'invalid',
    });
    const person = { firstName: 'A', lastName: 'B', email: 'ADA@example.test', password: FRESH };
    await assert.rejects(addUserWithPassword(ctx, SYSTEM, person), { kind: 'conflict', code: 'email-taken' });
    assert.equal(ctx.passwords.hashes, before);
  });
});
