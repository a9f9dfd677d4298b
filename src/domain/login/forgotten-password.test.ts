// The way back: dead links told apart and sent afresh, strangers answered alike, staff by name, and a new password asked for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import {
  requestAdministratorPasswordLink,
  requestPasswordLink,
  sendFreshPasswordLink,
} from '#domain/login/forgotten-password.ts';
import { findHolderById } from '#domain/login/holder.ts';
import { chooseNeededPassword } from '#domain/login/needed-password.ts';
import { requireNewAdministratorPassword, requireNewPassword } from '#domain/login/new-password-needed.ts';
import {
  passwordLinkState,
  sendAdministratorPasswordLink,
  sendPasswordLink,
  setPasswordByLink,
} from '#domain/login/password-links.ts';
import { goOn } from '#domain/login/steps.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { openSession } from '#domain/sessions/opening.ts';
import type { Person } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addUser, changeUser, setUserDisabled, storePassword, userOf } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import type { Context } from '#src/context.ts';
import { atOnce } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'another good long password';
const OVER = { kind: 'not-allowed', code: 'password-link-over' };

onBothDatabases('the way back', (database) => {
  let world: World;
  let ctx: Context;
  let count = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  async function someone(passwordHash?: string): Promise<{ id: number; email: string }> {
    count += 1;
    const email = `back${count}@example.test`;
    const hash = passwordHash ?? (await sealedPassword());
    return { id: await addUser(ctx, SYSTEM, { firstName: 'Ba', lastName: 'Ck', email, passwordHash: hash }), email };
  }
  const from = (): string => {
    count += 1;
    return `10.9.${count % 250}.1`;
  };
  const tokenTo = async (email: string): Promise<string> =>
    /password\/set\/([\w-]{43})/.exec((await world.letterTo(email)).text)?.[1] ?? '';
  const linkFor = async ({ id, email }: { id: number; email: string }): Promise<string> => {
    await sendPasswordLink(ctx, SYSTEM, id, 'asked');
    return tokenTo(email);
  };
  const kindsTo = async (address: string): Promise<string[]> =>
    (await letterHistory(ctx, {}, { limit: 100 })).filter(({ to }) => to === address).map(({ kind }) => kind);
  /** What is done after the answer was given is done after a while. */
  const soon = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 300; tries += 1) {
      if (await holds()) return;
      await sleep(10);
    }
    throw new Error('it never came');
  };

  test('a dead link says which way it died, and to which mailbox a fresh one can go', async () => {
    const one = await someone();
    const masked = 'b•••@example.test';
    const used = await linkFor(one);
    await setPasswordByLink(ctx, used, FRESH, '192.0.2.1');
    const dead = { side: 'user', whose: one.id, fresh: masked };
    assert.deepEqual(await passwordLinkState(ctx, used), { is: 'used', ...dead });
    const replaced = await linkFor(one);
    const overtaken = await linkFor(one);
    assert.deepEqual(await passwordLinkState(ctx, replaced), { is: 'replaced', ...dead });
    await ctx.transaction(async (tx) => storePassword(tx, SYSTEM, one.id, await sealedPassword(), { event: 'test' }));
    assert.deepEqual(await passwordLinkState(ctx, overtaken), { is: 'overtaken', ...dead });
    for (const token of [used, replaced, overtaken])
      await assert.rejects(setPasswordByLink(ctx, token, 'a third good long password', '192.0.2.1'), OVER);
    const expired = await linkFor(one);
    world.clock.turn(minutes(60));
    assert.deepEqual(await passwordLinkState(ctx, expired), { is: 'expired', ...dead });
    assert.equal(await sendFreshPasswordLink(ctx, expired, '', from()), masked);
    const fresh = await tokenTo(one.email);
    assert.equal((await passwordLinkState(ctx, fresh)).is, 'open');
    assert.equal((await passwordLinkState(ctx, expired)).is, 'replaced');
    await assert.rejects(sendFreshPasswordLink(ctx, fresh, '', from()), OVER, 'one that works needs none');
  });

  test('a link to an address that is not theirs any more sends nothing anywhere, whatever else it was', async () => {
    const one = await someone();
    const old = await linkFor(one);
    await changeUser(ctx, SYSTEM, one.id, { email: `moved-${one.email}` });
    assert.deepEqual(await passwordLinkState(ctx, old), { is: 'foreign', side: 'user', address: 'b•••@example.test' });
    await assert.rejects(sendFreshPasswordLink(ctx, old, '', from()), OVER);
    const again = await linkFor({ id: one.id, email: `moved-${one.email}` });
    await setPasswordByLink(ctx, again, FRESH, '192.0.2.1');
    await changeUser(ctx, SYSTEM, one.id, { email: one.email });
    const state = await passwordLinkState(ctx, again);
    assert.ok(state.is === 'used' && state.fresh === undefined);
    await assert.rejects(sendFreshPasswordLink(ctx, again, '', from()), OVER);
  });

  test('no fresh link for whoever is deactivated, for an unknown token, or too often', async () => {
    const one = await someone();
    const token = await linkFor(one);
    await setUserDisabled(ctx, SYSTEM, one.id, true);
    await assert.rejects(sendFreshPasswordLink(ctx, token, '', from()), OVER);
    await setUserDisabled(ctx, SYSTEM, one.id, false);
    for (const nonsense of ['', 'x'.repeat(43), '\0']) {
      await assert.rejects(sendFreshPasswordLink(ctx, nonsense, '', from()), OVER);
    }
    const { won, lost } = await atOnce(20, () => sendFreshPasswordLink(ctx, token, '', from()));
    assert.equal(won.length, 5);
    assert.deepEqual([...lost], [['too-many: too-many-tries', 15]]);
    const open = await ctx.db
      .selectFrom('password_links')
      .select('token_hash')
      .where('user_id', '=', one.id)
      .where('ended_at', 'is', null)
      .execute();
    assert.equal(open.length, 1);
    world.clock.turn(hours(1));
  });

  test('a first link that is too old is sent afresh as a first one, which holds longer', async () => {
    count += 1;
    const email = `first${count}@example.test`;
    const id = await addUser(ctx, SYSTEM, { firstName: 'Fi', lastName: 'Rst', email });
    await sendPasswordLink(ctx, SYSTEM, id, 'welcome');
    const token = await tokenTo(email);
    world.clock.turn(hours(72));
    await sendFreshPasswordLink(ctx, token, '', from());
    assert.deepEqual((await kindsTo(email)).slice(0, 1), ['welcome']);
    world.clock.turn(hours(71));
    assert.equal((await passwordLinkState(ctx, await tokenTo(email))).is, 'open');
  });

  test('an address that nobody signs in with gets one letter a day that says so', async () => {
    const address = 'Not.Here@example.test';
    await requestPasswordLink(ctx, address, from());
    await soon(async () => (await kindsTo(address)).length === 1);
    assert.deepEqual(await kindsTo(address), ['no-account']);
    const { text } = await world.letterTo(address);
    assert.doesNotMatch(text, /password\/set/);
    await requestPasswordLink(ctx, ` ${address.toLowerCase()} `, from());
    world.clock.turn(days(1) - 1);
    await requestPasswordLink(ctx, address, from());
    await laterDone();
    assert.deepEqual(await kindsTo(address), ['no-account']);
    world.clock.turn(1);
    await requestPasswordLink(ctx, address, from());
    await soon(async () => (await kindsTo(address)).length === 2);
  });

  test('staff ask by user name or address, unless it is switched off; nobody else gets a letter by it', async () => {
    const roleId = (await listRoles(ctx))[0]?.id ?? 0;
    const given = { roleId, username: 'wanda', firstName: 'Wa', lastName: 'Nda', email: 'wanda@staff.example.test' };
    const id = await addAdministrator(ctx, SYSTEM, { ...given, passwordHash: await sealedPassword() });
    const letters = async (): Promise<number> => (await kindsTo(given.email)).length;
    await requestAdministratorPasswordLink(ctx, 'WANDA', from());
    await soon(async () => (await letters()) === 1);
    const first = await tokenTo(given.email);
    await requestAdministratorPasswordLink(ctx, 'Wanda@Staff.example.test', from());
    await soon(async () => (await letters()) === 2);
    const second = await tokenTo(given.email);
    assert.equal((await passwordLinkState(ctx, first)).is, 'replaced');
    await changeSettings(ctx, SYSTEM, { 'staff-password-reset': '' });
    await requestAdministratorPasswordLink(ctx, 'wanda', from());
    world.clock.turn(minutes(60));
    const off = await passwordLinkState(ctx, second);
    assert.ok(off.is === 'expired' && off.fresh === undefined, 'a dead link is no way round the setting');
    await assert.rejects(sendFreshPasswordLink(ctx, second, '', from()), OVER);
    await changeSettings(ctx, SYSTEM, { 'staff-password-reset': 'on' });
    assert.equal(await sendFreshPasswordLink(ctx, second, '', from()), 'w•••@staff.example.test');
    await changeAdministrator(ctx, SYSTEM, id, { disabled: true });
    await requestAdministratorPasswordLink(ctx, 'wanda', from());
    for (const nobody of ['nobody', 'nobody@staff.example.test', world.cast.ada.email])
      await requestAdministratorPasswordLink(ctx, nobody, from());
    await laterDone();
    assert.equal(await letters(), 3);
    assert.deepEqual(await kindsTo('nobody@staff.example.test'), []);
    assert.deepEqual(await kindsTo(world.cast.ada.email), []);
    for (let time = 0; time < 4; time += 1) await requestAdministratorPasswordLink(ctx, 'someone', from());
    await requestAdministratorPasswordLink(ctx, 'SomeOne', from());
    await assert.rejects(requestAdministratorPasswordLink(ctx, 'someone', from()), { kind: 'too-many' });
  });

  const attemptOf = async (person: Person): Promise<string> => {
    const holder = await findHolderById(ctx, person);
    assert.ok(holder);
    const shown = { methods: ['password'], ip: '192.0.2.1', remember: false };
    const step = await goOn(ctx, holder, shown, { isPersonThere: true });
    assert.equal(step.at, 'new-password');
    return 'attempt' in step ? step.attempt : '';
  };

  test('a new password required of a user ends their sessions, is told, and is asked for at the next sign-in', async () => {
    const one = await someone();
    const person = { kind: 'user', userId: one.id } as const;
    const opening = { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' } as const;
    const { token } = await ctx.transaction((tx) => openSession(tx, makeProof(person, ['password']), opening));
    await requireNewPassword(ctx, SYSTEM, one.id);
    assert.deepEqual(await checkUserSession(ctx, token), { ended: 'ended-by-staff' });
    assert.equal((await userOf(ctx, one.id)).mustChangePassword, true);
    assert.deepEqual(await kindsTo(one.email), ['new-password-needed']);
    const lines = await auditLines(ctx, { userId: one.id }, { limit: 5 });
    assert.ok(lines.some(({ event }) => event === 'user.password.change_required'));
    const attempt = await attemptOf(person);
    const choose = (password: string) => chooseNeededPassword(ctx, attempt, password, '192.0.2.1');
    await assert.rejects(choose('short'), { fields: { password: 'password-too-short' } });
    await assert.rejects(choose(PASSWORD), { fields: { password: 'password-same' } });
    const { won, lost } = await atOnce(10, (at) => choose(`${FRESH} ${at}`));
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['not-allowed: attempt-over', 9]]);
    assert.equal(won[0]?.at, 'proved');
    assert.equal((await userOf(ctx, one.id)).mustChangePassword, false);
    assert.deepEqual((await kindsTo(one.email))[0], 'password-changed');
  });

  test('a new password required of staff likewise, by those alone who may; of whoever has none there is none to change', async () => {
    const { root, sam } = world.cast;
    const bySam = { kind: 'administrator', administratorId: sam.id, name: 'sam', ip: '' } as const;
    const byRoot = { kind: 'administrator', administratorId: root.id, name: 'root', ip: '' } as const;
    await assert.rejects(requireNewAdministratorPassword(ctx, bySam, root.id), { code: 'role-holds-more' });
    await assert.rejects(requireNewAdministratorPassword(ctx, byRoot, root.id), { code: 'administrator-is-yourself' });
    await requireNewAdministratorPassword(ctx, byRoot, sam.id);
    assert.deepEqual(await kindsTo('sam@staff.example.test'), ['new-password-needed']);
    const attempt = await attemptOf({ kind: 'administrator', administratorId: sam.id });
    await assert.rejects(chooseNeededPassword(ctx, attempt, PASSWORD, ''), { fields: { password: 'password-same' } });
    assert.equal((await chooseNeededPassword(ctx, attempt, FRESH, '192.0.2.1')).at, 'proved');
    await sendAdministratorPasswordLink(ctx, SYSTEM, sam.id);
    const id = await addUser(ctx, SYSTEM, { firstName: 'No', lastName: 'Ne', email: 'none-yet@example.test' });
    await assert.rejects(requireNewPassword(ctx, SYSTEM, id), { code: 'no-password-yet' });
    assert.equal((await userOf(ctx, id)).mustChangePassword, false);
    await assert.rejects(requireNewPassword(ctx, SYSTEM, 999_999), { kind: 'not-found' });
  });
});
