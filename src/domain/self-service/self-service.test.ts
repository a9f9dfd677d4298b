// What people do with their own person: another address and its way back, a copy of their data, leaving for good.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMember, addOwner, changePermissions } from '#domain/access/member-changes.ts';
import { findMember, ownerIdOf } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { passwordLinkState, sendPasswordLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import {
  cancelEmailChange,
  confirmEmailChange,
  emailChangeState,
  pendingEmailChange,
  requestEmailChange,
} from '#domain/self-service/email-change.ts';
import { undoEmailChange, undoPageOf } from '#domain/self-service/email-undo.ts';
import { exportOwnData } from '#domain/self-service/own-data.ts';
import { deleteOwnPerson } from '#domain/self-service/own-deletion.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { openEmailUndos, withdrawEmailUndos } from '#domain/users/email-undos.ts';
import {
  addUser,
  changeUser,
  findUser,
  findUserByEmail,
  setUserDisabled,
  storePassword,
  userOf,
} from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Person } from '#tests/people.ts';
import { newPerson } from '#tests/people.ts';
import { atOnce, meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, sealedPassword, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');
const FRESH = 'a wholly different phrase';
const LINK_OVER = { kind: 'not-allowed', code: 'email-link-over' };
const UNDO_OVER = { kind: 'not-allowed', code: 'email-undo-over' };
const TAKEN = { kind: 'conflict', code: 'email-taken' };

onBothDatabases("one's own person", (database) => {
  let world: World;
  let ctx: Context;
  const made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const tokenTo = async (address: string, path: string): Promise<string | undefined> => {
    const letters = (await letterHistory(ctx, {}, { limit: 50 })).filter((letter) => letter.to === address);
    for (const { id } of letters) {
      const found = new RegExp(`${path}/([\\w-]{43})`).exec((await liveLetterOf(ctx, id)).text);
      if (found) return found[1];
    }
    return undefined;
  };
  /** The letter is written after the answer: waits for it, or for the time in which it would have come. */
  const confirmToken = async (address: string): Promise<string | undefined> => {
    for (let tries = 0; tries < 40; tries += 1) {
      const token = await tokenTo(address, '/user/email/confirm');
      if (token) return token;
      await sleep(5);
    }
    return undefined;
  };
  const undoToken = async (address: string): Promise<string> => (await tokenTo(address, '/email/undo')) ?? 'none';
  const ask = (who: Person, email: string): Promise<void> => requestEmailChange(ctx, who.actor, who.id, email);
  const signedIn = async (email: string, password = PASSWORD): Promise<{ id: number; token: string }> => {
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: email,
      password,
      source: { kind: 'visitor', ip: '192.0.2.1' },
      ip: '192.0.2.1',
      isPersonThere: true,
    });
    assert.equal(answer.at, 'proved');
    if (answer.at !== 'proved') throw new Error('not reached');
    return signIn(ctx, answer.proof, { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' });
  };
  const lives = async (token: string): Promise<boolean> => 'who' in (await checkUserSession(ctx, token));

  test('another address is theirs once its letter is answered: proved, the other sessions ended, the old one told', async () => {
    const who = await newPerson(ctx);
    const [here, elsewhere] = [await signedIn(who.email), await signedIn(who.email)];
    const fresh = `fresh-${who.email}`;
    await ask(who, ` ${fresh} `);
    assert.equal((await userOf(ctx, who.id)).email, who.email);
    assert.equal((await pendingEmailChange(ctx, who.id))?.email, fresh);
    const token = (await confirmToken(fresh)) ?? '';
    assert.deepEqual(await emailChangeState(ctx, who.id, token), { is: 'open', email: fresh });
    await confirmEmailChange(ctx, who.actor, { userId: who.id, sessionId: here.id }, token);
    const now = await userOf(ctx, who.id);
    assert.deepEqual([now.email, now.emailVerifiedAt], [fresh, ctx.now()]);
    assert.deepEqual([await lives(here.token), await lives(elsewhere.token)], [true, false]);
    assert.deepEqual(await checkUserSession(ctx, elsewhere.token), { ended: 'address-changed' });
    const told = await world.letterTo(who.email);
    assert.match(told.text, /was changed to f•••@example\.test/);
    assert.ok(!told.text.includes(fresh), 'the letter to the old address names the new one');
    const events = (await auditLines(ctx, { userId: who.id }, { limit: 9 })).map((line) => line.event);
    assert.ok(events.includes('user.email.change_requested') && events.includes('user.updated'), events.join());
  });

  test('nonsense, one’s own and locked addresses are refused', async () => {
    const who = await newPerson(ctx);
    await assert.rejects(ask(who, ''), { fields: { email: 'email-missing' } });
    for (const bad of ['nobody', 'a@b@c', 'x@example.test\nbcc: y@example.test', 'х\u202e@example.test'])
      await assert.rejects(ask(who, bad), { fields: { email: 'email-invalid' } }, bad);
    for (const own of [who.email, who.email.toUpperCase(), ` ${who.email}`])
      await assert.rejects(ask(who, own), { fields: { email: 'email-is-yours' } }, own);
    await changeSettings(ctx, STAFF, { 'locked-user-fields': 'email' });
    await assert.rejects(ask(who, 'x@example.test'), { kind: 'not-allowed', code: 'email-locked' });
    await changeSettings(ctx, STAFF, { 'locked-user-fields': '' });
  });

  test('a link works once, for 60 minutes, for the person who asked, and a newer wish ends it', async () => {
    const [who, thief] = [await newPerson(ctx), await newPerson(ctx)];
    const [one, two] = [`one-${who.email}`, `two-${who.email}`];
    await ask(who, one);
    const older = (await confirmToken(one)) ?? '';
    await ask(who, two);
    const newer = (await confirmToken(two)) ?? '';
    const as = (someone: Person, token: string): Promise<void> =>
      confirmEmailChange(ctx, someone.actor, { userId: someone.id, sessionId: 0 }, token);
    await assert.rejects(as(who, older), LINK_OVER);
    assert.equal((await emailChangeState(ctx, who.id, older)).is, 'unknown');
    await assert.rejects(as(thief, newer), LINK_OVER);
    assert.equal((await emailChangeState(ctx, thief.id, newer)).is, 'foreign');
    world.clock.turn(minutes(60));
    await assert.rejects(as(who, newer), LINK_OVER);
    assert.equal((await emailChangeState(ctx, who.id, newer)).is, 'expired');
    await ask(who, two);
    const third = (await confirmToken(two)) ?? '';
    const { won, lost } = await atOnce(50, () => as(who, third));
    assert.deepEqual([won.length, [...lost]], [1, [['not-allowed: email-link-over', 49]]]);
    assert.equal((await userOf(ctx, who.id)).email, two);
    assert.equal((await openEmailUndos(ctx, who.id)).length, 1);
  });

  for (const [what, act] of [
    ['dropped', (who) => cancelEmailChange(ctx, who.actor, who.id)],
    [
      'followed by another password',
      async (who) => storePassword(ctx, STAFF, who.id, await sealedPassword(), { event: 't' }),
    ],
    ['followed by another address', (who) => changeUser(ctx, STAFF, who.id, { email: `staff-${who.email}` })],
    ['followed by deactivation', (who) => setUserDisabled(ctx, STAFF, who.id, true)],
  ] as readonly [string, (who: Person) => Promise<void>][]) {
    test(`a wish that is ${what} opens nothing any more`, async () => {
      const who = await newPerson(ctx);
      const fresh = `fresh-${who.email}`;
      await ask(who, fresh);
      const token = (await confirmToken(fresh)) ?? '';
      await act(who);
      await assert.rejects(confirmEmailChange(ctx, who.actor, { userId: who.id, sessionId: 0 }, token), LINK_OVER);
      assert.notEqual((await userOf(ctx, who.id)).email, fresh);
      assert.equal(await pendingEmailChange(ctx, who.id), undefined);
    });
  }

  test('an address that somebody has: the same answer, no link, and a word to them once a day', async () => {
    const [who, holder] = [await newPerson(ctx), await newPerson(ctx)];
    for (const typed of [holder.email, holder.email.toUpperCase(), holder.email.replace('s', 'ｓ')])
      await ask(who, typed);
    assert.equal((await pendingEmailChange(ctx, who.id))?.email.toLowerCase().normalize('NFKC'), holder.email);
    assert.equal(await confirmToken(holder.email), undefined);
    const told = async (): Promise<number> =>
      (await letterHistory(ctx, { userId: holder.id }, { limit: 9 })).filter(({ kind }) => kind === 'address-wanted')
        .length;
    assert.equal(await told(), 1);
    assert.ok(!(await world.letterTo(holder.email)).text.includes(who.email), 'the letter says who asked');
    world.clock.turn(days(1));
    await ask(who, holder.email);
    for (let tries = 0; tries < 40 && (await told()) < 2; tries += 1) await sleep(5);
    assert.equal(await told(), 2);
    // Nor does what the person may see of themselves say it: their letters are those of one whose wish was free.
    assert.deepEqual(await letterHistory(ctx, { userId: who.id }, { limit: 9 }), []);
  });

  test('an address taken between the wish and the answer stays with whoever took it, and the wish opens nothing else', async () => {
    const who = await newPerson(ctx);
    const wanted = `wanted-${who.email}`;
    await ask(who, wanted);
    const token = (await confirmToken(wanted)) ?? '';
    await addUser(ctx, STAFF, { firstName: 'Quick', lastName: 'Er', email: wanted.toUpperCase() });
    await assert.rejects(confirmEmailChange(ctx, who.actor, { userId: who.id, sessionId: 0 }, token), TAKEN);
    assert.equal((await userOf(ctx, who.id)).email, who.email);
  });

  test('five wishes an hour, and five letters a day to one address from whomever', async () => {
    const who = await newPerson(ctx);
    for (let at = 0; at < 5; at += 1) await ask(who, `many${at}-${who.email}`);
    await assert.rejects(ask(who, `many9-${who.email}`), { kind: 'too-many' });
    const target = `target-${who.email}`;
    for (let at = 0; at < 5; at += 1) await ask(await newPerson(ctx), target);
    await assert.rejects(ask(await newPerson(ctx), target), { kind: 'too-many' });
  });

  test('whoever changes it, staff too, the old address gets the way back, which works once and sets a password', async () => {
    const who = await newPerson(ctx);
    const thief = `thief-${who.email}`;
    await changeUser(ctx, STAFF, who.id, { email: thief });
    const token = await undoToken(who.email);
    assert.equal((await undoPageOf(ctx, token)).is, 'open');
    await ctx.transaction((tx) => sendPasswordLink(tx, STAFF, who.id, 'asked'));
    const reset = (await tokenTo(thief, '/password/set')) ?? '';
    const session = await signedIn(thief);
    await assert.rejects(undoEmailChange(ctx, token, 'short', ''), { fields: { password: 'password-too-short' } });
    await undoEmailChange(ctx, token, FRESH, '192.0.2.7');
    const now = await userOf(ctx, who.id);
    assert.deepEqual([now.email, now.emailVerifiedAt], [who.email, ctx.now()]);
    assert.equal(await lives(session.token), false);
    assert.equal((await passwordLinkState(ctx, reset)).is, 'foreign'); // it went to the thief's address
    await signedIn(who.email, FRESH);
    const [line] = await auditLines(ctx, { userId: who.id, event: 'user.email.change_undone' }, { limit: 1 });
    assert.equal(line?.ip, '192.0.2.7');
    // The thief's address is told, but has no way back of its own.
    assert.match((await world.letterTo(thief)).subject, /was put back/);
    assert.equal(await undoToken(thief), 'none');
    assert.deepEqual(await openEmailUndos(ctx, who.id), []);
    await assert.rejects(undoEmailChange(ctx, token, FRESH, ''), UNDO_OVER);
    assert.equal((await undoPageOf(ctx, token)).is, 'used');
  });

  test('of 12 who put an address back at once one does, and its password is the one that holds', async () => {
    const who = await newPerson(ctx);
    await changeUser(ctx, STAFF, who.id, { email: `moved-${who.email}` });
    const token = await undoToken(who.email);
    const { won, lost } = await atOnce(12, async (at) => {
      await undoEmailChange(ctx, token, `${FRESH} ${at}`, '');
      return at;
    });
    assert.deepEqual([won.length, [...lost]], [1, [['not-allowed: email-undo-over', 11]]]);
    await signedIn(who.email, `${FRESH} ${won[0]}`);
  });

  test('a second change does not kill the way back, and the way back of the second dies with it', async () => {
    const who = await newPerson(ctx);
    const [second, third] = [`b-${who.email}`, `c-${who.email}`];
    await changeUser(ctx, STAFF, who.id, { email: second });
    await changeUser(ctx, STAFF, who.id, { email: third });
    const [first, later] = [await undoToken(who.email), await undoToken(second)];
    await undoEmailChange(ctx, first, FRESH, '');
    assert.equal((await userOf(ctx, who.id)).email, who.email);
    await assert.rejects(undoEmailChange(ctx, later, FRESH, ''), UNDO_OVER);
    assert.equal((await undoPageOf(ctx, later)).is, 'ended');
    assert.equal((await userOf(ctx, who.id)).email, who.email);
  });

  test('an address that staff put back themselves leaves the other address no way back', async () => {
    const who = await newPerson(ctx);
    const thief = `thief-${who.email}`;
    await changeUser(ctx, STAFF, who.id, { email: thief });
    await changeUser(ctx, STAFF, who.id, { email: who.email });
    assert.equal(await undoToken(thief), 'none');
    assert.deepEqual(await openEmailUndos(ctx, who.id), []);
  });

  test('while it can be put back nobody else gets the address; after seven days, or withdrawn by staff, anybody may', async () => {
    const [who, other] = [await newPerson(ctx), await newPerson(ctx)];
    await changeUser(ctx, STAFF, who.id, { email: `moved-${who.email}` });
    const newcomer = { firstName: 'New', lastName: 'Comer', email: who.email.toUpperCase() };
    await assert.rejects(addUser(ctx, STAFF, newcomer), TAKEN);
    await assert.rejects(changeUser(ctx, STAFF, other.id, { email: who.email }), TAKEN);
    await ask(other, who.email);
    assert.equal(await confirmToken(who.email), undefined);
    const token = await undoToken(who.email);
    world.clock.turn(days(7));
    assert.equal((await undoPageOf(ctx, token)).is, 'expired');
    await assert.rejects(undoEmailChange(ctx, token, FRESH, ''), UNDO_OVER);
    await addUser(ctx, STAFF, newcomer);
    await changeUser(ctx, STAFF, other.id, { email: `slip-${other.email}` });
    await withdrawEmailUndos(ctx, STAFF, other.id);
    await assert.rejects(undoEmailChange(ctx, await undoToken(other.email), FRESH, ''), UNDO_OVER);
    await assert.rejects(withdrawEmailUndos(ctx, STAFF, other.id), { kind: 'not-found' });
    await addUser(ctx, STAFF, { firstName: 'Next', lastName: 'One', email: other.email });
  });

  test('an address that nobody ever used here is told, and has no way back; one that only looks alike is another', async () => {
    const id = await addUser(ctx, STAFF, { firstName: 'Never', lastName: 'Used', email: 'never-used@example.test' });
    await changeUser(ctx, STAFF, id, { email: 'corrected@example.test' });
    assert.match((await world.letterTo('never-used@example.test')).subject, /another address/);
    assert.equal(await undoToken('never-used@example.test'), 'none');
    const fiona = await newPerson(ctx);
    await changeUser(ctx, STAFF, fiona.id, { email: 'fiona@example.test' });
    await changeUser(ctx, STAFF, fiona.id, { email: 'ﬁona@example.test' });
    assert.notEqual(await undoToken('fiona@example.test'), 'none');
    assert.equal((await userOf(ctx, fiona.id)).emailVerifiedAt, undefined);
  });

  test('a copy of one’s data holds oneself and no secret, and is given five times a day', async () => {
    const { ada } = world.cast;
    const actor: Actor = { kind: 'user', userId: ada.id, name: ada.email, ip: '192.0.2.55' };
    await ctx.transaction((tx) => sendPasswordLink(tx, STAFF, ada.id, 'asked'));
    const reset = (await tokenTo(ada.email, '/password/set')) ?? 'none';
    const session = await signedIn(ada.email);
    await changeUser(ctx, { ...STAFF, name: 'secret-staff-name', ip: '203.0.113.77' }, ada.id, { lastName: 'King' });
    const data = await exportOwnData(ctx, actor, ada.id);
    const text = JSON.stringify(data);
    const parts = [
      'from',
      'takenAt',
      'profile',
      'accounts',
      'accountsElsewhere',
      'sessions',
      'browsers',
      'activity',
      'letters',
    ];
    assert.deepEqual(Object.keys(data), parts);
    for (const there of [ada.email, 'Analytical Engines Ltd', '192.0.2.1', 'user.login.success'])
      assert.ok(text.includes(there), `${there} is missing`);
    const hash = (await ctx.db.selectFrom('users').select('password_hash').where('id', '=', ada.id).executeTakeFirst())
      ?.password_hash;
    for (const secret of [hash ?? '?', session.token, reset, 'secret-staff-name', '203.0.113.77', 'ben@example.test'])
      assert.ok(!text.includes(secret), `${secret} is there`);
    assert.equal((await auditLines(ctx, { userId: ada.id, event: 'user.data_exported' }, { limit: 5 })).length, 1);
    for (let at = 0; at < 4; at += 1) await exportOwnData(ctx, actor, ada.id);
    await assert.rejects(exportOwnData(ctx, actor, ada.id), { kind: 'too-many' });
    // What somebody else did to one says neither who nor from where.
    const { ben } = world.cast;
    await changePermissions(ctx, { ...actor, ip: '203.0.113.99' }, ben.id, ada.clientId, ['orders']);
    const bens: Actor = { kind: 'user', userId: ben.id, name: ben.email, ip: '192.0.2.56' };
    const copy = JSON.stringify(await exportOwnData(ctx, bens, ben.id));
    assert.ok(copy.includes('access.permissions_changed'));
    for (const other of ['203.0.113.99', ada.email]) assert.ok(!copy.includes(other), `${other} is there`);
  });

  test('nobody who owns an account that is open deletes themselves; closed, it stays without them', async () => {
    const who = await newPerson(ctx);
    const clientId = await addClient(ctx, STAFF, profile({ companyName: 'Kept Ltd' }));
    await addOwner(ctx, STAFF, who.id, clientId);
    const leave = (): Promise<void> => deleteOwnPerson(ctx, who.actor, who.id);
    await assert.rejects(leave(), { kind: 'conflict', code: 'owns-live-account', values: { account: 'Kept Ltd' } });
    assert.ok(await findUser(ctx, who.id));
    assert.equal(await ownerIdOf(ctx, clientId), who.id);
    await closeClient(ctx, STAFF, clientId);
    await leave();
    assert.equal(await findUser(ctx, who.id), undefined);
    assert.equal(await ownerIdOf(ctx, clientId), undefined);
  });

  test('leaving for good ends everything of the person, and takes their names and addresses out of what is kept', async () => {
    const who = await newPerson(ctx);
    const { ada } = world.cast;
    const session = await signedIn(who.email);
    await addMember(ctx, STAFF, who.id, ada.clientId, ['tickets']);
    await changeUser(ctx, STAFF, who.id, { email: `later-${who.email}` });
    await assert.rejects(deleteOwnPerson(ctx, who.actor, who.id), { code: 'address-changed-lately' });
    world.clock.turn(days(8));
    const later = await signedIn(`later-${who.email}`);
    const actor: Actor = { kind: 'user', userId: who.id, name: `later-${who.email}`, ip: '198.51.100.77' };
    const lineBefore = (await auditLines(ctx, { userId: who.id, event: 'user.login.success' }, { limit: 1 }))[0];
    assert.ok(lineBefore?.description.includes(who.email) && lineBefore.ip !== '');
    await deleteOwnPerson(ctx, actor, who.id);
    assert.equal(await findUser(ctx, who.id), undefined);
    assert.equal(await findUserByEmail(ctx, who.email), undefined);
    assert.equal(await findMember(ctx, who.id, ada.clientId), undefined);
    for (const { token } of [session, later]) assert.equal(await lives(token), false);
    assert.match((await world.letterTo(`later-${who.email}`)).subject, /deleted/);
    const lines = await auditLines(ctx, { userId: who.id }, { limit: 99 });
    const ofAccount = await auditLines(ctx, { clientId: ada.clientId }, { limit: 99 });
    assert.ok(lines.some((line) => line.event === 'user.deleted'));
    const details = await ctx.db.selectFrom('audit_log').select('details').where('user_id', '=', who.id).execute();
    const lineAfter = lines.find((line) => line.id === lineBefore?.id);
    assert.match(lineAfter?.description ?? '', new RegExp(`^user ${who.id} signed in`)); // what happened stays
    const kept = JSON.stringify([lines, ofAccount, details]);
    for (const word of [who.email, `Body${made}`, '198.51.100.77']) assert.ok(!kept.includes(word), `${word} is kept`);
    assert.deepEqual(await letterHistory(ctx, { userId: who.id }, { limit: 5 }), []);
    world.clock.turn(hours(1));
    await addUser(ctx, STAFF, { firstName: 'Some', lastName: 'Other', email: who.email }); // the address is free
  });

  test('somebody who is made an owner just now is not deleted, nor is somebody who is just being deleted made one', async () => {
    const [who, other] = [await newPerson(ctx), await newPerson(ctx)];
    const clientId = await addClient(ctx, STAFF, profile({ companyName: 'Contested' }));
    const kept = await meeting(
      ctx,
      (tx) => addOwner(tx, STAFF, who.id, clientId),
      () => deleteOwnPerson(ctx, who.actor, who.id),
    );
    assert.equal(kept.second.status, 'rejected');
    assert.equal(await ownerIdOf(ctx, clientId), who.id);
    const gone = await meeting(
      ctx,
      (tx) => deleteOwnPerson(tx, other.actor, other.id),
      () => addMember(ctx, STAFF, other.id, clientId, ['tickets']),
    );
    assert.deepEqual([gone.first.status, gone.second.status], ['fulfilled', 'rejected']);
    assert.equal(await findMember(ctx, other.id, clientId), undefined);
  });
});
