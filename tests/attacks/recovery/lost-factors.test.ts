// The way back of somebody who lost their second factors, attacked: what must not end it, who must not vouch, what the
// letters must not carry, and what happens when two things meet.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addMember, addOwner } from '#domain/access/member-changes.ts';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { findHolderById } from '#domain/login/holder.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { goOn } from '#domain/login/steps.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import {
  approveRecovery,
  askRecovery,
  cancelRecovery,
  declineRecovery,
  finishRecovery,
  recoveryOf,
} from '#domain/recovery/recovery.ts';
import { recoveryKeyState } from '#domain/recovery/recovery-keys.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { addUser, changeUser, setUserDisabled, storePassword } from '#domain/users/users.ts';
import { days, hours } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import { giveApp } from '#tests/factors.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const IP = '192.0.2.1';

onBothDatabases('lost second factors, attacked', (database) => {
  let world: World;
  let ctx: Context;
  let root: Actor;
  let count = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    root = { kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: IP };
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(days(2)));

  type Someone = { readonly id: number; readonly email: string };
  async function someone(firstName = 'Lo'): Promise<Someone> {
    count += 1;
    const email = `lost${count}@example.test`;
    const passwordHash = await sealedPassword();
    return { id: await addUser(ctx, SYSTEM, { firstName, lastName: 'St', email, passwordHash }), email };
  }
  /** Somebody who has an app, and a way to show its codes. */
  async function guarded(firstName?: string) {
    const one = await someone(firstName);
    return { ...one, app: await giveApp(world, { kind: 'user', id: one.id }) };
  }
  const attempt = async ({ email }: Someone): Promise<string> => {
    count += 1;
    const ip = `10.2.${count}.1`;
    const source = { kind: 'visitor', ip } as const;
    const answer = await offerPassword(ctx, {
      side: 'user',
      name: email,
      password: PASSWORD,
      source,
      ip,
      isPersonThere: true,
    });
    return answer.at === 'second-factor' ? answer.attempt : assert.fail(`not asked but ${answer.at}`);
  };
  const ask = async (one: Someone): Promise<number> => {
    await askRecovery(ctx, await attempt(one), { reason: 'lost' }, IP);
    return (await recoveryOf(ctx, one.id))?.id ?? 0;
  };
  const approve = (id: number, by = root) => approveRecovery(ctx, by, id, { note: 'called' });
  const asUser = ({ id, email }: Someone): Actor => ({ kind: 'user', userId: id, name: email, ip: IP });
  const lettersTo = async (address: string): Promise<string[]> => {
    const found = (await letterHistory(ctx, {}, { limit: 50 })).filter(({ to }) => to === address);
    return Promise.all(found.map(async ({ id }) => (await liveLetterOf(ctx, id)).text));
  };
  /** The key in the newest letter to somebody that has one. */
  const keyOf = async ({ email }: Someone): Promise<string> => {
    const keys = (await lettersTo(email)).map((text) => /\/recovery\/finish\/([\w-]+)/.exec(text)?.[1]);
    return keys.find((key) => key !== undefined) ?? 'none';
  };
  const accountOf = async (owner: Someone, email = owner.email): Promise<number> => {
    const clientId = await addClient(ctx, SYSTEM, profile({ email }));
    await ctx.transaction((tx) => addOwner(tx, SYSTEM, owner.id, clientId));
    return clientId;
  };

  test('a browser that is remembered shows no factor anew: it takes the way back from nobody', async () => {
    const one = await guarded();
    const home: TestBrowser = world.browser();
    await home.post('/login', { email: one.email, password: PASSWORD, remember: '1' });
    await home.post('/login/code', { code: await one.app.next() });
    assert.ok(home.cookies.has('doorward-remember'));
    world.clock.turn(days(2)); // the session of then ran out; the phone was lost
    const id = await ask(one);
    await approve(id);
    assert.equal((await home.get('/user/profile')).statusCode, 200);
    assert.equal((await recoveryOf(ctx, one.id))?.id, id, 'still under way');
    // Whoever shows the factor itself has it.
    const found = world.browser();
    await found.signIn(one.email);
    await found.post('/login/code', { code: await one.app.next() });
    assert.equal(await recoveryOf(ctx, one.id), undefined);
  });

  test('a name that is a web address is no link in the letter to the owner', async () => {
    const owner = await someone();
    const clientId = await accountOf(owner);
    const one = await guarded('Verify at https://evil.example');
    await addMember(ctx, SYSTEM, one.id, clientId, ['tickets']);
    await ask(one);
    const [text = ''] = await lettersTo(owner.email);
    assert.match(text, /users\/\d+\/recovery/);
    assert.doesNotMatch(text, /evil\.example|https:\/\/evil/);
  });

  test('an owner who vouched and was deactivated since has vouched for nobody', async () => {
    const owner = await someone();
    const clientId = await accountOf(owner);
    const one = await guarded();
    await addMember(ctx, SYSTEM, one.id, clientId, ['tickets']);
    await approve(await ask(one), asUser(owner));
    await setUserDisabled(ctx, SYSTEM, owner.id, true);
    world.clock.turn(hours(25));
    await assert.rejects(finishRecovery(ctx, await attempt(one), await keyOf(one), IP), { code: 'recovery-not-ready' });
    assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: one.id }));
  });

  test('staff who vouched and were deactivated since have vouched for nobody; others still can', async () => {
    const one = await guarded();
    const id = await ask(one);
    const { sam } = world.cast;
    await approve(id, { kind: 'administrator', administratorId: sam.id, name: sam.username, ip: IP });
    await changeAdministrator(ctx, SYSTEM, sam.id, { disabled: true });
    world.clock.turn(hours(25));
    await assert.rejects(finishRecovery(ctx, await attempt(one), await keyOf(one), IP), { code: 'recovery-not-ready' });
    assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: one.id }));
    await approve(id);
    await assert.rejects(finishRecovery(ctx, await attempt(one), await keyOf(one), IP), { code: 'recovery-not-ready' });
    world.clock.turn(hours(24));
    assert.equal((await finishRecovery(ctx, await attempt(one), await keyOf(one), IP)).at, 'proved');
  });

  test('whichever letter is read first stops it: nobody hears that there is nothing to stop while it goes on', async () => {
    const link = /\/recovery\/cancel\/[\w-]+/;
    for (const which of [1, 0]) {
      const one = await guarded();
      const id = await ask(one);
      await approve(id);
      const letters = (await lettersTo(one.email)).filter((text) => link.test(text)); // the newest first
      assert.equal(letters.length, 2);
      const path = link.exec(letters[which] ?? '')?.[0] ?? '';
      const reader = world.browser();
      assert.equal((await reader.get(path)).statusCode, 200);
      await reader.post(path);
      assert.equal(await recoveryOf(ctx, one.id), undefined);
      for (const text of letters) assert.equal((await reader.get(link.exec(text)?.[0] ?? '')).statusCode, 410);
      world.clock.turn(days(2));
      const next = await ask(one); // what was written of one stops no other
      await approve(next);
      for (const text of letters) assert.equal((await reader.get(link.exec(text)?.[0] ?? '')).statusCode, 410);
      for (const forged of [
        `${next}-`,
        `${next}-${'A'.repeat(43)}`,
        String(next),
        path.split('/').at(-1)?.replace(/^\d+-/, `${next}-`),
      ])
        assert.notEqual((await reader.get(`/recovery/cancel/${forged}`)).statusCode, 200);
      assert.equal((await recoveryOf(ctx, one.id))?.id, next);
    }
  });

  test('what meets the end of a recovery comes before it or after it, never between: no session outlives what ends it', async () => {
    const other = await sealedPassword();
    const meets: readonly ((one: Someone, id: number, link: string) => Promise<unknown>)[] = [
      (one) =>
        ctx.transaction((tx) => storePassword(tx, SYSTEM, one.id, `${other} `, { event: 'user.password.changed' })),
      (one) => setUserDisabled(ctx, SYSTEM, one.id, true),
      (one) => changeUser(ctx, SYSTEM, one.id, { email: `moved${one.id}@example.test` }),
      (_, id) => declineRecovery(ctx, root, id),
      (_, __, link) => cancelRecovery(ctx, link, IP),
      (one) => giveApp(world, { kind: 'user', id: one.id }, 'Second'),
    ];
    let finished = 0;
    for (const meet of meets)
      for (let round = 0; round < 4; round += 1) {
        const one = await guarded();
        const id = await ask(one);
        await approve(id);
        const link = /\/recovery\/cancel\/([\w-]+)/.exec((await lettersTo(one.email))[0] ?? '')?.[1] ?? '';
        world.clock.turn(hours(24));
        const tokens = await Promise.all([attempt(one), attempt(one)]);
        const key = await keyOf(one);
        const walks = tokens.map(async (token) => {
          const step = await finishRecovery(ctx, token, key, IP);
          if (step.at !== 'proved') return undefined;
          return signIn(ctx, step.proof, { ip: IP, userAgent: 'x', origin: 'login' });
        });
        const [met, ...ends] = await Promise.allSettled([
          new Promise((go) => setTimeout(go, round)).then(() => meet(one, id, link)),
          ...walks,
        ]);
        for (const end of [met, ...ends])
          if (end.status === 'rejected') assert.ok(end.reason instanceof Problem, String(end.reason));
        const opened = ends.filter((end) => end.status === 'fulfilled' && end.value !== undefined).length;
        assert.ok(opened <= 1);
        finished += opened;
        const now = await sessionsOf(ctx, { userId: one.id });
        if (met.status === 'fulfilled' && meets.indexOf(meet) < 2) assert.deepEqual(now, []);
        assert.equal(await recoveryOf(ctx, one.id), undefined);
      }
    assert.ok(finished > 0, 'some were quicker');
  });

  /** Somebody whose recovery was vouched for and waited for; and a browser in which their password was typed. */
  const ripe = async (one: Someone): Promise<{ key: string; thief: TestBrowser }> => {
    await approve(await ask(one));
    world.clock.turn(hours(24));
    const thief = world.browser();
    await thief.signIn(one.email);
    return { key: await keyOf(one), thief };
  };
  /** Posted as a form of ours would be, so that it is the key that is refused. */
  const refused = async (browser: TestBrowser, path: string): Promise<void> => {
    const answer = await browser.post(path, {}, { from: '/login/recovery' });
    assert.ok([403, 404].includes(answer.statusCode), path);
    assert.match(answer.body, /cannot be finished yet|of no use any more/, path);
  };
  const isIn = async (browser: TestBrowser): Promise<boolean> =>
    (await browser.get('/user/profile')).statusCode === 200;

  test('a thief who knows the password finishes nothing that was vouched for its owner: it takes the mailbox, too', async () => {
    const one = await guarded();
    await accountOf(one, 'billing@example.test');
    const { key: ownKey } = await ripe(await guarded('Thief'));
    const { key, thief } = await ripe(one);
    const looked = await thief.get('/login/recovery');
    assert.match(looked.body, /l•••@example\.test/);
    assert.ok(!looked.body.includes(key));
    const stop = /\/recovery\/cancel\/([\w-]+)/.exec((await lettersTo(one.email))[0] ?? '')?.[1];
    for (const tried of [ownKey, stop, 'A'.repeat(43), key.slice(0, -1), `${key}A`, key.toLowerCase(), ' '])
      await refused(thief, `/recovery/finish/${encodeURIComponent(tried ?? '')}`);
    await thief.signIn(one.email);
    for (const act of ['finish', 'approve', '']) await thief.post('/login/recovery', { act, key: ownKey });
    assert.equal(await isIn(thief), false);
    assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: one.id }));
    // Told everywhere, but the key goes to one place; and we keep no more than its hash.
    assert.ok((await lettersTo('billing@example.test')).some((text) => /confirmed your request/.test(text)));
    for (const text of await lettersTo('billing@example.test')) assert.doesNotMatch(text, /recovery\/finish/);
    const tables = [ctx.db.selectFrom('recoveries').selectAll(), ctx.db.selectFrom('letters').selectAll()];
    const logged = ctx.db.selectFrom('audit_log').selectAll();
    for (const kept of [...tables, logged])
      assert.ok(!JSON.stringify(await kept.execute()).includes(key), 'neither the row nor the history holds it');
    await thief.signIn(one.email); // the owner by now
    await thief.post(`/recovery/finish/${key}`);
    assert.equal(await isIn(thief), true);
    assert.equal((await world.browser().get(`/recovery/finish/${key}`)).statusCode, 410);
  });

  test('who reads the mailbox and knows no password is at the sign-in page, and looking spends nothing', async () => {
    const one = await guarded();
    const { key } = await ripe(one);
    const reader = world.browser();
    for (let round = 0; round < 3; round += 1) {
      const page = await reader.get(`/recovery/finish/${key}`);
      assert.equal(page.statusCode, 200);
      assert.match(page.body, /href="\/login\?goto=%2Frecovery%2Ffinish%2F/);
      assert.ok(!page.body.includes(one.email));
    }
    const csrf = csrfOf(await reader.get('/login')); // a form to post from
    const posted = await reader.postRaw(`/recovery/finish/${key}`, { csrf }, { 'sec-fetch-site': 'same-origin' });
    assert.match(String(posted.headers.location), /^\/login\?goto=/);
    assert.equal(await isIn(reader), false);
    assert.ok(await recoveryOf(ctx, one.id));
  });

  test('a fresh key ends the older, goes to the same mailbox, and five a day are all that anybody can ask', async () => {
    const one = await guarded();
    const { key, thief } = await ripe(one);
    const answers: number[] = [];
    for (let round = 0; round < 7; round += 1)
      answers.push((await thief.post('/login/recovery', { act: 'send' })).statusCode);
    assert.deepEqual(answers, [303, 303, 303, 303, 303, 429, 429]);
    const newest = await keyOf(one);
    assert.notEqual(newest, key);
    assert.equal((await thief.get(`/recovery/finish/${key}`)).statusCode, 404);
    await refused(thief, `/recovery/finish/${key}`);
    const back = world.browser();
    await back.get(`/recovery/finish/${newest}`);
    const signedIn = await back.post('/login', {
      email: one.email,
      password: PASSWORD,
      goto: `/recovery/finish/${newest}`,
    });
    assert.equal(signedIn.headers.location, `/recovery/finish/${newest}`, 'not asked for what was lost');
    assert.equal(await isIn(back), false, 'nor in by looking');
    await back.post(`/recovery/finish/${newest}`);
    assert.equal(await isIn(back), true);
  });

  test('before somebody vouched no key is sent; before its time, and after another address, it opens nothing', async () => {
    const one = await guarded();
    const id = await ask(one);
    const early = world.browser();
    await early.signIn(one.email);
    assert.equal((await early.post('/login/recovery', { act: 'send' })).statusCode, 403);
    assert.equal(await keyOf(one), 'none');
    await approve(id);
    const key = await keyOf(one);
    assert.match((await early.get(`/recovery/finish/${key}`)).body, /waiting time/i);
    await refused(early, `/recovery/finish/${key}`);
    await changeUser(ctx, SYSTEM, one.id, { email: `elsewhere${one.id}@example.test` });
    world.clock.turn(hours(24));
    const moved = { id: one.id, email: `elsewhere${one.id}@example.test` };
    await assert.rejects(finishRecovery(ctx, await attempt(moved), key, IP), { code: 'recovery-not-ready' });
    assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: one.id }));
  });

  test('fifty who hold the key at once, by one sign-in and by many: one is let on, once', async () => {
    const one = await guarded();
    await approve(await ask(one));
    world.clock.turn(hours(24));
    const [key, first] = [await keyOf(one), await attempt(one)];
    const holder = await findHolderById(ctx, { kind: 'user', userId: one.id });
    assert.ok(holder);
    const many = Array.from({ length: 25 }, async () => {
      const shown = { methods: ['password'], ip: IP, remember: false };
      const begun = await goOn(ctx, holder, shown, { isPersonThere: true });
      return begun.at === 'second-factor' ? begun.attempt : assert.fail(begun.at);
    });
    const tokens = [...(await Promise.all(many)), ...Array.from({ length: 25 }, () => first)];
    const ends = await Promise.allSettled(tokens.map((token) => finishRecovery(ctx, token, key, IP)));
    assert.equal(ends.filter((end) => end.status === 'fulfilled' && end.value.at === 'proved').length, 1);
    for (const end of ends) if (end.status === 'rejected') assert.ok(end.reason instanceof Problem, String(end.reason));
    const lines = await auditLines(ctx, { userId: one.id, event: 'user.2fa.disabled_by_recovery' }, { limit: 10 });
    assert.equal(lines.length, 1);
    assert.equal((await recoveryKeyState(ctx, key)).is, 'over');
  });

  test('the key of what was declined, or stopped, or whose approval was taken back and given anew, opens nothing', async () => {
    const { sam } = world.cast;
    const bySam: Actor = { kind: 'administrator', administratorId: sam.id, name: sam.username, ip: IP };
    await changeAdministrator(ctx, SYSTEM, sam.id, { disabled: false });
    const ends: readonly ((id: number, one: Someone) => Promise<unknown>)[] = [
      (id) => declineRecovery(ctx, root, id),
      async (_, { email }) => {
        const texts = await lettersTo(email);
        const links = texts.map((text) => /\/recovery\/cancel\/([\w-]+)/.exec(text)?.[1]);
        await cancelRecovery(ctx, links.find((link) => link !== undefined) ?? '', IP);
      },
      async (id) => {
        await changeAdministrator(ctx, SYSTEM, sam.id, { disabled: true });
        await approve(id);
      },
    ];
    for (const end of ends) {
      const one = await guarded();
      const id = await ask(one);
      await approve(id, bySam);
      const key = await keyOf(one);
      await end(id, one);
      world.clock.turn(hours(25));
      const late = await attempt(one);
      await assert.rejects(finishRecovery(ctx, late, key, IP), { code: 'recovery-not-ready' });
      assert.notEqual((await world.browser().get(`/recovery/finish/${key}`)).statusCode, 200);
      assert.ok(await hasSecondFactor(ctx, { kind: 'user', id: one.id }));
    }
  });
});
