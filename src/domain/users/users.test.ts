// People: what they must be made of, what a change of them ends.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { passwordLinkState, sendPasswordLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import {
  addUser,
  changeUser,
  findUser,
  findUserByEmail,
  removeUser,
  setUserDisabled,
  storePassword,
  upgradeHash,
  userFaults,
  userOf,
  userWithHash,
} from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import { newPerson } from '#tests/people.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

describe("the faults of a person's names and address", () => {
  const good = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.test' };
  const cases: readonly [why: string, over: Partial<typeof good>, faults: Record<string, string>][] = [
    ['none', {}, {}],
    [
      'everything missing',
      { firstName: '', lastName: '', email: '' },
      { firstName: 'first-name-missing', lastName: 'last-name-missing', email: 'email-missing' },
    ],
    [
      'spaces for names',
      { firstName: ' \t', lastName: '\u00a0' },
      { firstName: 'first-name-missing', lastName: 'last-name-missing' },
    ],
    [
      'signs that show nothing',
      { firstName: '\u200b', lastName: '\u202e\0' },
      { firstName: 'first-name-missing', lastName: 'last-name-missing' },
    ],
    [
      'too long, and the other missing',
      { firstName: 'x'.repeat(201), lastName: '' },
      { firstName: 'too-long', lastName: 'last-name-missing' },
    ],
    [
      'too long, all of it',
      { firstName: 'x'.repeat(201), lastName: 'x'.repeat(201), email: `${'x'.repeat(300)}@example.test` },
      { firstName: 'too-long', lastName: 'too-long', email: 'email-invalid' },
    ],
    ['200 letters are not', { firstName: 'x'.repeat(200) }, {}],
    ['no address', { email: 'ada' }, { email: 'email-invalid' }],
    ['spaces around an address are not', { email: ' ada@example.test ' }, {}],
  ];
  for (const [why, over, faults] of cases) {
    test(`${why}: in the order of the form`, () => {
      const found = userFaults({ ...good, ...over });
      assert.deepEqual(Object.entries(found), Object.entries(faults));
    });
  }
});

onBothDatabases('people', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function signedIn(email: string): Promise<{ id: number; token: string }> {
    made += 1;
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: email,
      password: PASSWORD,
      source: { kind: 'visitor', ip: `192.0.2.${made}` },
      ip: '192.0.2.1',
      isPersonThere: true,
    });
    assert.equal(answer.at, 'proved');
    return signIn(ctx, answer.proof, { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' });
  }
  async function linkOf(id: number, email: string): Promise<string> {
    await ctx.transaction((tx) => sendPasswordLink(tx, SYSTEM, id, 'asked'));
    return (await world.letterTo(email)).link.split('/').at(-1) ?? '';
  }
  const waitingLetters = async (userId: number): Promise<number> =>
    (await letterHistory(ctx, { userId, state: 'waiting' }, { limit: 10 })).length;

  test('an address belongs to one person, in whatever case and form it is typed', async () => {
    const { email, id } = await newPerson(ctx);
    for (const typed of [email, email.toUpperCase(), ` ${email} `, email.replace('s', 'ｓ')]) {
      const twin = { firstName: 'Twin', lastName: 'One', email: typed };
      await assert.rejects(addUser(ctx, SYSTEM, twin), { kind: 'conflict', code: 'email-taken' }, typed);
      assert.equal((await findUserByEmail(ctx, typed))?.id, id);
    }
    await assert.rejects(changeUser(ctx, SYSTEM, world.cast.ben.id, { email: email.toUpperCase() }), {
      kind: 'conflict',
      code: 'email-taken',
    });
  });

  test('a text with a zero byte is an address that nobody has, not a fault of the database', async () => {
    assert.equal(await findUserByEmail(ctx, 'ada@example.test\0'), undefined);
    assert.equal(await findUserByEmail(ctx, '\0'), undefined);
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: 'ada@example.test\0',
      password: PASSWORD,
      source: { kind: 'visitor', ip: '198.51.100.1' },
      ip: '198.51.100.1\0',
      isPersonThere: true,
    });
    assert.equal(answer.at, 'refused');
  });

  test('names are kept on one line without signs that turn or hide', async () => {
    const id = await addUser(ctx, SYSTEM, {
      firstName: ' Ada\r\nBcc: eve\0 ',
      lastName: '\u202eecalevoL\u200b',
      email: 'lines@example.test',
    });
    const { firstName, lastName } = await userOf(ctx, id);
    assert.equal(firstName, 'Ada  Bcc: eve');
    assert.equal(lastName, 'ecalevoL');
  });

  test('a change says which fields, and one of nothing says nothing', async () => {
    const { id } = await newPerson(ctx);
    const { lastName } = await userOf(ctx, id);
    await changeUser(ctx, SYSTEM, id, { firstName: 'Newname', lastName });
    const [line] = await auditLines(ctx, { userId: id, event: 'user.updated' }, { limit: 5 });
    assert.match(line?.description ?? '', /changed: first_name$/);
    await changeUser(ctx, SYSTEM, id, { firstName: 'Newname' });
    assert.equal((await auditLines(ctx, { userId: id, event: 'user.updated' }, { limit: 5 })).length, 1);
  });

  test('a person who was taken over without a name can be changed elsewhere, but not to have none', async () => {
    const { id } = await newPerson(ctx);
    await ctx.db.updateTable('users').set({ last_name: '' }).where('id', '=', id).execute();
    await changeUser(ctx, SYSTEM, id, { language: 'english' });
    assert.equal((await userOf(ctx, id)).language, 'english');
    await assert.rejects(changeUser(ctx, SYSTEM, id, { lastName: ' ' }), { fields: { lastName: 'last-name-missing' } });
  });

  test('a person who is not there cannot be changed, deactivated, removed, or given a password', async () => {
    const gone = { kind: 'not-found', code: 'user-not-found' };
    for (const id of [0, -1, 999_999]) {
      await assert.rejects(changeUser(ctx, SYSTEM, id, { firstName: 'X' }), gone);
      await assert.rejects(setUserDisabled(ctx, SYSTEM, id, true), gone);
      await assert.rejects(removeUser(ctx, SYSTEM, id), gone);
      await assert.rejects(storePassword(ctx, SYSTEM, id, 'hash', { event: 'test' }), gone);
      await assert.rejects(userWithHash(ctx, id), gone);
      assert.equal(await findUser(ctx, id), undefined);
    }
  });

  test('another address ends the sessions, the links on their way, and the verification; the same in capitals does not', async () => {
    const { id, email } = await newPerson(ctx);
    await ctx.db.updateTable('users').set({ email_verified_at: 1 }).where('id', '=', id).execute();
    const { token } = await signedIn(email);
    const link = await linkOf(id, email);
    await changeUser(ctx, SYSTEM, id, { email: email.toUpperCase() });
    assert.ok('who' in (await checkUserSession(ctx, token)));
    assert.equal((await passwordLinkState(ctx, link)).is, 'open');
    assert.equal((await userOf(ctx, id)).emailVerifiedAt, 1);

    await changeUser(ctx, SYSTEM, id, { email: `moved-${email}` });
    assert.deepEqual(await checkUserSession(ctx, token), { ended: 'address-changed' });
    assert.equal((await passwordLinkState(ctx, link)).is, 'foreign');
    assert.equal((await userOf(ctx, id)).emailVerifiedAt, undefined);
    const waiting = await letterHistory(ctx, { userId: id, state: 'waiting' }, { limit: 10 });
    const kinds = waiting.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['address-changed'], 'the link to the old address is not sent any more, but it is told');
  });

  test('whoever changes their own address keeps the session they did it with', async () => {
    const { id, email } = await newPerson(ctx);
    const [here, elsewhere] = [await signedIn(email), await signedIn(email)];
    const actor = { kind: 'user', userId: id, name: email, ip: '192.0.2.1' } as const;
    await changeUser(ctx, actor, id, { email: `own-${email}` }, { keepSessionId: here.id });
    assert.ok('who' in (await checkUserSession(ctx, here.token)));
    assert.ok('ended' in (await checkUserSession(ctx, elsewhere.token)));
  });

  test('a new password ends the sessions but for one, and every link', async () => {
    const { id, email } = await newPerson(ctx);
    const [here, elsewhere] = [await signedIn(email), await signedIn(email)];
    const link = await linkOf(id, email);
    await storePassword(ctx, SYSTEM, id, await sealedPassword(), { event: 'test', keepSessionId: here.id });
    assert.ok('who' in (await checkUserSession(ctx, here.token)));
    assert.deepEqual(await checkUserSession(ctx, elsewhere.token), { ended: 'password-changed' });
    assert.equal((await passwordLinkState(ctx, link)).is, 'overtaken');
  });

  test('whoever is deactivated is out at once and stays out of old sessions when they are back', async () => {
    const { id, email } = await newPerson(ctx);
    const { token } = await signedIn(email);
    const link = await linkOf(id, email);
    await setUserDisabled(ctx, SYSTEM, id, true);
    assert.deepEqual(await checkUserSession(ctx, token), { ended: 'deactivated' });
    await setUserDisabled(ctx, SYSTEM, id, true);
    await setUserDisabled(ctx, SYSTEM, id, false);
    assert.deepEqual(await checkUserSession(ctx, token), { ended: 'deactivated' });
    assert.equal((await passwordLinkState(ctx, link)).is, 'overtaken');
    const events = await auditLines(ctx, { userId: id }, { limit: 50 });
    assert.equal(events.filter((line) => line.event === 'user.disabled').length, 1, 'twice is no second event');
  });

  test('what must end ends in the same transaction: when that is undone, nothing has ended', async () => {
    const { id, email } = await newPerson(ctx);
    const { token } = await signedIn(email);
    const link = await linkOf(id, email);
    for (const work of [
      (tx: Context) => setUserDisabled(tx, SYSTEM, id, true),
      (tx: Context) => storePassword(tx, SYSTEM, id, 'another hash', { event: 'test' }),
      (tx: Context) => changeUser(tx, SYSTEM, id, { email: 'undone@example.test' }),
    ]) {
      const undone = ctx.transaction(async (tx) => {
        await work(tx);
        throw new Error('undone');
      });
      await assert.rejects(undone, /undone/);
      assert.ok('who' in (await checkUserSession(ctx, token)));
      assert.equal((await passwordLinkState(ctx, link)).is, 'open');
      assert.equal(await waitingLetters(id), 1);
    }
  });

  test('when what must end cannot end, the change is undone too', async () => {
    const { id, email } = await newPerson(ctx);
    const { token } = await signedIn(email);
    const bus = {
      toldOutside: [],
      announce: async () => {
        throw new Error('the sessions could not be ended');
      },
    };
    await assert.rejects(
      setUserDisabled(
        { ...ctx, transaction: (work) => ctx.transaction((tx) => work({ ...tx, bus })) },
        SYSTEM,
        id,
        true,
      ),
      /could not be ended/,
    );
    assert.equal((await userOf(ctx, id)).disabledAt, undefined);
    assert.ok('who' in (await checkUserSession(ctx, token)));
  });

  test('a removed person takes sessions, links and waiting letters along; the log stays', async () => {
    const { id, email } = await newPerson(ctx);
    const { token } = await signedIn(email);
    const link = await linkOf(id, email);
    await ctx.transaction((tx) => removeUser(tx, SYSTEM, id));
    assert.deepEqual(await checkUserSession(ctx, token), { ended: 'unknown' });
    assert.equal((await passwordLinkState(ctx, link)).is, 'unknown');
    assert.equal(await waitingLetters(id), 0);
    const events = (await auditLines(ctx, { userId: id }, { limit: 50 })).map((line) => line.event);
    assert.ok(events.includes('user.created') && events.includes('user.deleted'));
  });

  test('a better hash of the same password takes the place of the one it was made of, and of no other', async () => {
    const { id } = await newPerson(ctx);
    const { hash } = await userWithHash(ctx, id);
    assert.equal(await upgradeHash(ctx, id, 'another hash', 'better'), false);
    assert.equal((await userWithHash(ctx, id)).hash, hash);
    assert.equal(await upgradeHash(ctx, id, hash ?? '', 'better'), true);
    assert.equal((await userWithHash(ctx, id)).hash, 'better');
  });

  test('a person as everybody else sees them holds no hash', async () => {
    const { id } = await newPerson(ctx);
    assert.doesNotMatch(JSON.stringify(await userOf(ctx, id)), /argon2/);
  });
});
