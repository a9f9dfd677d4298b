// The way back for whoever forgot a password, attacked: other methods than the letter, made-up tokens, addresses that tell,
// questions that tell, forged origins, and what was begun before the reset.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '#domain/audit/actor.ts';
import { addQuestion, sealAnswer, storeAnswer } from '#domain/credentials/security-questions.ts';
import { requireNewPassword } from '#domain/login/new-password-needed.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { changeUser, setUserDisabled } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import { csrfOf, leadsTo, seen } from '#tests/attacks/entrance/posted.ts';
import { newPerson } from '#tests/people.ts';
import { staffWith } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'a wholly different phrase';
const OWN = { 'sec-fetch-site': 'same-origin' };

onBothDatabases('the way back, attacked', (database) => {
  let world: World;
  let question = 0;
  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.northwind.test' } });
    question = await addQuestion(world.ctx, SYSTEM, 'What was your first pet called?');
    await addQuestion(world.ctx, SYSTEM, 'In which street did you grow up?');
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(minutes(61)));

  const linkFor = async ({ id, email }: { id: number; email: string }): Promise<string> => {
    await sendPasswordLink(world.ctx, SYSTEM, id, 'asked');
    return new URL((await world.letterTo(email)).link).pathname;
  };
  const lettersTo = async (address: string) =>
    (await letterHistory(world.ctx, {}, { limit: 100 })).filter(({ to }) => to === address);
  const withQuestions = async (work: () => Promise<void>): Promise<void> => {
    await changeSettings(world.ctx, SYSTEM, { 'security-questions': 'on' });
    try {
      await work();
    } finally {
      await changeSettings(world.ctx, SYSTEM, { 'security-questions': '' });
    }
  };

  test('Drive the reset flow through every "other method" branch without the mailed token: never reach set-password', async () => {
    const one = await newPerson(world.ctx);
    await world.ctx.transaction(async (tx) =>
      storeAnswer(tx, SYSTEM, one.id, { questionId: question, answerHash: await sealedPassword() }),
    );
    const link = await linkFor(one);
    const doors: readonly (readonly [string, Record<string, string>])[] = [
      ['/password/reset', { email: one.email, answer: 'x', password: FRESH }],
      ['/password/reset/question', { email: one.email, answer: '', password: FRESH }],
      ['/password/reset/sent', { email: one.email, password: FRESH }],
      ['/password/set/fresh', { password: FRESH }],
      [`/password/set/${'A'.repeat(43)}`, { password: FRESH }],
      [`/password/set/${'A'.repeat(43)}/fresh`, { answer: 'x', password: FRESH }],
      [`/password/set/${'A'.repeat(43)}/signing-out`, { password: FRESH }],
      [`${link}/fresh`, { answer: '', password: FRESH }],
      [`${link}/signing-out`, { password: FRESH }],
      ['/admin/password/reset', { name: one.email, password: FRESH }],
      ['/login/new-password', { password: FRESH }],
      ['/admin/login/new-password', { password: FRESH }],
      ['/login/confirm', { password: FRESH }],
      ['/user/password', { current: '', password: FRESH }],
      ['/user/security-question', { question: String(question), answer: 'x', answerAgain: 'x' }],
    ];
    const asked = async (): Promise<void> => {
      for (const [door, fields] of doors) {
        const browser = world.browser({ ip: '192.0.2.200' });
        const csrf = csrfOf(await browser.get('/login'));
        const answer = await browser.postRaw(door, { csrf, ...fields }, OWN);
        assert.ok(![...browser.cookies.keys()].some((name) => name.endsWith('-session')), door);
        if (door !== `${link}/fresh`) assert.doesNotMatch(answer.body, /name="password"[^>]*new-password/, door);
      }
    };
    await asked();
    await withQuestions(asked);
    assert.equal(leadsTo(await world.browser().signIn(one.email, PASSWORD)), '/');
    assert.equal((await world.browser().signIn(one.email, FRESH)).statusCode, 422);
  });

  test("Attacker registers victim's address and waits; victim resets: attacker's waiting page, cookie and password all stay dead", async () => {
    const one = await newPerson(world.ctx); // made by the attacker, with a password that the attacker knows
    await changeSettings(world.ctx, SYSTEM, {
      'email-verification': 'on',
      'email-verification-needed': 'before-login',
    });
    const waiting = world.browser();
    assert.equal(leadsTo(await waiting.signIn(one.email)), '/login/confirm');
    await changeSettings(world.ctx, SYSTEM, { 'email-verification': '', 'email-verification-needed': 'never' });
    const inside = world.browser();
    assert.equal(leadsTo(await inside.signIn(one.email)), '/');
    await requireNewPassword(world.ctx, SYSTEM, one.id);
    const halfway = world.browser();
    assert.equal(leadsTo(await halfway.signIn(one.email)), '/login/new-password');
    const older = await linkFor(one);
    const link = await linkFor(one);
    assert.equal(leadsTo(await world.browser().post(link, { password: FRESH })), '/login');
    assert.match(leadsTo(await inside.get('/user/profile')), /^\/login/);
    assert.match(leadsTo(await waiting.get('/login/confirm')), /^\/login(?:\?|$)/);
    const csrf = csrfOf(await halfway.get('/login'));
    const late = await halfway.postRaw('/login/new-password', { csrf, password: 'what the attacker wants' }, OWN);
    assert.notEqual(leadsTo(late), '/');
    assert.equal((await world.browser().get(older)).statusCode, 410);
    for (const known of [PASSWORD, 'what the attacker wants'])
      assert.equal((await world.browser().signIn(one.email, known)).statusCode, 422);
    assert.equal(leadsTo(await world.browser().signIn(one.email, FRESH)), '/');
  });

  test('Send reset with hostile Host, Forwarded, X-Forwarded-*: fresh links and those of staff have the configured origin too', async () => {
    const evil = {
      host: 'evil.example',
      forwarded: 'host=evil.example;proto=http',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '8443',
      'x-forwarded-prefix': '/evil',
    };
    const one = await newPerson(world.ctx);
    const link = await linkFor(one);
    world.clock.turn(minutes(60));
    await world.browser().post(`${link}/fresh`, {}, { headers: evil });
    assert.equal(new URL((await world.letterTo(one.email)).link).origin, 'https://my.northwind.test');
    await world.browser().post('/admin/password/reset', { name: 'root' }, { headers: evil });
    for (let tries = 0; tries < 200 && (await lettersTo('root@staff.example.test')).length === 0; tries += 1)
      await sleep(10);
    assert.equal(new URL((await world.letterTo('root@staff.example.test')).link).origin, 'https://my.northwind.test');
  });

  test('Guess reset tokens on every route: same limit, same status and body for valid and invalid format', async () => {
    const tokens = ['A'.repeat(43), 'x', "'--", 'A'.repeat(44), 'ünïcode'];
    const shown: unknown[] = [];
    const posted: unknown[] = [];
    for (const token of tokens) {
      const browser = world.browser({ ip: '203.0.113.77' });
      const at = `/password/set/${encodeURIComponent(token)}`;
      shown.push(seen(await browser.get(at), [at]));
      const csrf = csrfOf(await browser.get('/login'));
      posted.push(seen(await browser.postRaw(at, { csrf, password: FRESH }, OWN), [at]));
      assert.equal(leadsTo(await browser.get(`${at}/fresh`)).startsWith('/password/set/'), true);
    }
    for (const one of shown) assert.deepEqual(one, shown[0]);
    for (const one of posted) assert.deepEqual(one, posted[0]);
    const browser = world.browser({ ip: '203.0.114.78' });
    const csrf = csrfOf(await browser.get('/login'));
    const statuses: number[] = [];
    for (let guess = 0; guess < 62; guess += 1) {
      const token = guess % 2 === 0 ? 'x' : 'A'.repeat(43);
      statuses.push((await browser.postRaw(`/password/set/${token}`, { csrf, password: FRESH }, OWN)).statusCode);
    }
    assert.equal(statuses.indexOf(429), 60);
  });

  test('Complete reset on an MFA account, by a fresh link: second factor still asked; factors unchanged', async () => {
    const { cleo } = world.cast;
    const link = await linkFor(cleo);
    world.clock.turn(minutes(60));
    await world.browser().post(`${link}/fresh`);
    const browser = world.browser();
    await browser.post(new URL((await world.letterTo(cleo.email)).link).pathname, { password: FRESH });
    assert.equal(leadsTo(await browser.signIn(cleo.email, FRESH)), '/login/code');
    assert.ok(![...browser.cookies.keys()].some((name) => name.endsWith('-session')));
    await browser.post('/login/code', { code: CODE });
    assert.ok([...browser.cookies.keys()].some((name) => name.endsWith('-session')));
  });

  test('security questions tell nothing: the same pages for those who have one, those who do not, and nobody', async () => {
    const asked = await newPerson(world.ctx);
    const answerHash = await sealAnswer(world.ctx, 'Rex the dog');
    await world.ctx.transaction((tx) => storeAnswer(tx, SYSTEM, asked.id, { questionId: question, answerHash }));
    const unasked = await newPerson(world.ctx);
    const gone = await newPerson(world.ctx);
    await setUserDisabled(world.ctx, SYSTEM, gone.id, true);
    const addresses = [asked.email, unasked.email, gone.email, 'not-here@example.test'];
    await withQuestions(async () => {
      const pages: unknown[] = [];
      const answers: unknown[] = [];
      for (const email of addresses) {
        const browser = world.browser({ ip: `198.51.100.${pages.length + 10}` });
        const page = await browser.post('/password/reset', { email });
        assert.match(page.body, /first pet|street/);
        const drawn = ['What was your first pet called?', 'In which street did you grow up?'];
        pages.push(seen(page, [email, ...drawn]));
        const wrong = await browser.post('/password/reset/question', { email, answer: 'wrong' }, { from: '/login' });
        answers.push(seen(wrong, [email]));
      }
      for (const page of pages) assert.deepEqual(page, pages[0]);
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      await laterDone();
      assert.deepEqual(
        (await lettersTo(asked.email)).map(({ kind }) => kind),
        ['wrong-security-answer'],
        'the mailbox alone learns that it was wrong',
      );
      const refusals: number[] = [];
      for (const email of [asked.email, 'not-here@example.test']) {
        const browser = world.browser({ ip: '198.51.100.99' });
        const csrf = csrfOf(await browser.get('/login'));
        for (let tries = 1; tries < 30; tries += 1) {
          const answer = await browser.postRaw('/password/reset/question', { csrf, email, answer: `x${tries}` }, OWN);
          if (answer.statusCode !== 429) continue;
          refusals.push(tries);
          break;
        }
      }
      assert.deepEqual(refusals, [5, 5], 'one each was used above');
    });
  });

  test('the answer to a security question cannot be guessed from many networks, nor through the button of a dead link', async () => {
    const one = await newPerson(world.ctx);
    const answerHash = await sealAnswer(world.ctx, 'Rex the dog');
    await world.ctx.transaction((tx) => storeAnswer(tx, SYSTEM, one.id, { questionId: question, answerHash }));
    const link = await linkFor(one);
    world.clock.turn(minutes(60));
    await withQuestions(async () => {
      const statuses = new Map<number, number>();
      for (let guess = 0; guess < 12; guess += 1) {
        const browser = world.browser({ ip: `203.0.${guess}.5` });
        const { statusCode } = await browser.post(`${link}/fresh`, { answer: `guess ${guess}` });
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      }
      assert.deepEqual(
        [...statuses],
        [
          [422, 5],
          [429, 7],
        ],
      );
      const right = await world.browser({ ip: '203.0.200.5' }).post(`${link}/fresh`, { answer: 'rex the dog' });
      assert.equal(right.statusCode, 429, 'and then not even the right one, for an hour');
      assert.equal((await lettersTo(one.email)).length, 1);
      world.clock.turn(hours(1));
      assert.equal(leadsTo(await world.browser().post(`${link}/fresh`, { answer: 'rex the dog' })), '/login');
    });
  });

  test('a dead link moves nothing to another mailbox and tells no address but masked, to whoever has it', async () => {
    const one = await newPerson(world.ctx);
    const link = await linkFor(one);
    await changeUser(world.ctx, SYSTEM, one.id, { email: `secret-${one.email}` });
    const page = await world.browser().get(link);
    assert.equal(page.statusCode, 410);
    assert.match(page.body, /p•••@example\.test/);
    assert.doesNotMatch(page.body, /secret-|s•••|prey\d/);
    const browser = world.browser();
    const csrf = csrfOf(await browser.get('/login'));
    const answer = await browser.postRaw(`${link}/fresh`, { csrf }, OWN);
    assert.notEqual(answer.statusCode, 200);
    assert.doesNotMatch(answer.body, /secret-/);
    assert.equal(
      (await lettersTo(`secret-${one.email}`)).some(({ kind }) => kind === 'set-password'),
      false,
    );
  });

  test('of 30 presses of the button at once few letters go out, and one link opens', async () => {
    const one = await newPerson(world.ctx);
    const link = await linkFor(one);
    world.clock.turn(minutes(60));
    const browser = world.browser();
    const csrf = csrfOf(await browser.get(`${link}/fresh`));
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => browser.postRaw(`${link}/fresh`, { csrf }, OWN)),
    );
    assert.equal(answers.filter(({ statusCode }) => statusCode === 303).length, 5);
    const letters = await lettersTo(one.email);
    assert.equal(letters.filter(({ state }) => state === 'waiting').length, 1);
    const opened = await Promise.all(
      letters.map(async ({ id }) => {
        const path = /\/password\/set\/[\w-]{43}/.exec((await liveLetterOf(world.ctx, id)).text)?.[0];
        return path === undefined ? 0 : (await world.browser().get(path)).statusCode;
      }),
    );
    assert.equal(opened.filter((status) => status === 200).length, 1);
  });

  test('staff names are not told by asking for a link, in page, status or number of tries', async () => {
    const answers: unknown[] = [];
    const tries: number[] = [];
    for (const name of ['root', 'nobodyhere', 'root@staff.example.test', 'nobody@staff.example.test']) {
      const browser = world.browser({ ip: `198.18.${answers.length}.1` });
      const csrf = csrfOf(await browser.get('/admin/password/reset'));
      const before = world.ctx.passwords.hashes;
      answers.push(seen(await browser.postRaw('/admin/password/reset', { csrf, name }, OWN), [name]));
      assert.equal(world.ctx.passwords.hashes, before);
      let asked = 1;
      while ((await browser.postRaw('/admin/password/reset', { csrf, name }, OWN)).statusCode !== 429) asked += 1;
      tries.push(asked);
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(new Set(tries).size, 1);
    await laterDone();
  });

  test('whoever lacks the permission asks no new password of anybody, takes no question away, and edits no list', async () => {
    const one = await newPerson(world.ctx);
    const answerHash = await sealAnswer(world.ctx, 'Rex the dog');
    await world.ctx.transaction((tx) => storeAnswer(tx, SYSTEM, one.id, { questionId: question, answerHash }));
    const looker = await staffWith(world, [
      'List Users',
      'View Clients Summary',
      'Manage Users',
      'Configure General Settings',
    ]);
    const csrf = csrfOf(await looker.get('/admin/account/sessions'));
    for (const path of [
      `/admin/users/${one.id}/new-password`,
      `/admin/users/${one.id}/security-question`,
      `/admin/users/${one.id}/password`,
      `/admin/administrators/${world.cast.sam.id}/new-password`,
      '/admin/security-questions/new',
      `/admin/security-questions/${question}/removal`,
    ]) {
      assert.equal((await looker.get(path)).statusCode, 403, path);
      const answer = await looker.postRaw(path, { csrf, question: 'Mine?', password: FRESH }, OWN);
      assert.equal(answer.statusCode, 403, path);
    }
    assert.equal((await looker.get('/admin/security-questions')).statusCode, 403);
    const configurer = await staffWith(world, ['Configure Administrators']);
    const root = `/admin/administrators/${world.cast.root.id}/new-password`;
    const refused = await configurer.post(root, {}, { from: '/admin/account/sessions' });
    assert.equal(refused.statusCode, 403, 'whose role holds more is not theirs to lock out');
    assert.equal(leadsTo(await world.browser().signIn('root')), '/admin');
  });
});
