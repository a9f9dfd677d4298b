// Passwords by the pages and by the API: the way back for customers and staff, a dead link's page, security questions, a new
// password asked for, the strength that an operator wants.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { listQuestions } from '#domain/credentials/security-questions.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import { newPerson } from '#tests/people.ts';
import { fieldValue, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FRESH = 'a wholly different phrase';

onBothDatabases('passwords', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(minutes(61)));

  const pathTo = async (email: string): Promise<string> =>
    /\/password\/set\/[\w-]{43}/.exec((await world.letterTo(email)).text)?.[0] ?? '';
  const kindsTo = async (address: string): Promise<string[]> =>
    (await letterHistory(world.ctx, {}, { limit: 100 })).filter(({ to }) => to === address).map(({ kind }) => kind);
  const nextLetter = async (address: string, before: number): Promise<string> => {
    for (let tries = 0; tries < 300; tries += 1) {
      const kinds = await kindsTo(address);
      if (kinds.length > before) return kinds[0] ?? '';
      await sleep(10);
    }
    throw new Error(`no letter to ${address}`);
  };
  const staff = async (): Promise<TestBrowser> => {
    const browser = world.browser();
    await browser.signIn('root');
    return browser;
  };

  test('every page of a new password says the rule, lets managers help, and carries the meter', async () => {
    const one = await newPerson(world.ctx);
    await sendPasswordLink(world.ctx, SYSTEM, one.id, 'asked');
    const signedIn = world.browser();
    await signedIn.signIn(one.email);
    const root = await staff();
    for (const page of [
      await world.browser().get(await pathTo(one.email)),
      await signedIn.get('/user/password'),
      await root.get('/admin/account/password'),
      await root.get(`/admin/users/${one.id}/password`),
    ]) {
      assert.equal(page.statusCode, 200);
      const [field = ''] = /<input[^>]*autocomplete="new-password"[^>]*>/.exec(page.body) ?? [];
      assert.match(field, /type="password"/);
      assert.match(field, /passwordrules="minlength: 12;"/);
      assert.doesNotMatch(field, /onpaste|readonly|autocomplete="off"/);
      assert.match(page.body, /data-strength="field-password"[^>]*data-minimum="12"[^>]*data-needed="0"/);
      assert.match(page.body, /<script type="module" src="\/assets\/password-strength\.js\?v=/);
      assert.match(page.body, /<meter [^>]*aria-label="How hard it is to guess"/);
      assert.match(page.body, /role="status"/);
    }
    const script = await world.browser().get('/assets/zxcvbn.min.js');
    assert.match(String(script.headers['cache-control']), /immutable/);
  });

  test('the strength that an operator takes over from elsewhere is asked for beside our own rule, never instead', async () => {
    const one = await newPerson(world.ctx);
    await sendPasswordLink(world.ctx, SYSTEM, one.id, 'asked');
    const link = await pathTo(one.email);
    const browser = world.browser();
    await changeSettings(world.ctx, SYSTEM, { 'required-password-strength': '100' });
    const weak = await browser.post(link, { password: 'summerholiday' });
    assert.equal(weak.statusCode, 422);
    assert.match(weak.body, /too easy to guess/);
    for (const common of ['Password1234', 'aA1!aA1!'])
      assert.equal((await browser.post(link, { password: common })).statusCode, 422, common);
    await changeSettings(world.ctx, SYSTEM, { 'required-password-strength': '40' });
    assert.equal(leadsTo(await browser.post(link, { password: 'summerholiday' })), '/login');
    await changeSettings(world.ctx, SYSTEM, { 'required-password-strength': '0' });
    await assert.rejects(changeSettings(world.ctx, SYSTEM, { 'required-password-strength': '101' }));
  });

  test('a dead link offers a fresh one by a button, to the mailbox that got it', async () => {
    const one = await newPerson(world.ctx);
    await sendPasswordLink(world.ctx, SYSTEM, one.id, 'asked');
    const link = await pathTo(one.email);
    world.clock.turn(minutes(60));
    const browser = world.browser();
    const dead = await browser.get(link);
    assert.equal(dead.statusCode, 410);
    assert.match(wordsOf(dead), /This link is too old.*Send a new link to p•••@example\.test/);
    assert.equal((await browser.get(`${link}/fresh`)).statusCode, 200);
    assert.equal((await kindsTo(one.email)).length, 1, 'looking sends nothing');
    const sent = await browser.post(`${link}/fresh`);
    assert.equal(leadsTo(sent), '/login');
    assert.match((await browser.get('/login')).body, /A letter with a new link is on its way to p•••@example\.test/);
    const fresh = await pathTo(one.email);
    assert.notEqual(fresh, link);
    assert.match(wordsOf(await browser.get(link)), /There is a newer link/);
    assert.equal(leadsTo(await browser.post(fresh, { password: FRESH })), '/login');
    assert.match(wordsOf(await browser.get(link)), /newer link/);
    assert.equal(leadsTo(await browser.get('/password/set/nonsense/fresh')), '/password/set/nonsense');
  });

  test('whoever is signed in as another reads whose link it is, and signs out or goes on', async () => {
    const one = await newPerson(world.ctx);
    await sendPasswordLink(world.ctx, SYSTEM, one.id, 'asked');
    const link = await pathTo(one.email);
    const browser = world.browser();
    await browser.signIn(world.cast.eve.email);
    const other = await browser.get(link);
    assert.match(wordsOf(other), /sets the password of p•••@example\.test.*signed in as eve@example\.test/);
    assert.doesNotMatch(other.body, /name="password"/);
    assert.match((await browser.get(`${link}?go-on`)).body, /name="password"/);
    assert.equal(leadsTo(await browser.post(`${link}/signing-out`, {}, { from: link })), link);
    assert.match(leadsTo(await browser.get('/user/profile')), /^\/login/);
    assert.equal(leadsTo(await browser.post(link, { password: FRESH })), '/login');
    const own = world.browser();
    await own.signIn(one.email, FRESH);
    await sendPasswordLink(world.ctx, SYSTEM, one.id, 'asked');
    assert.match((await own.get(await pathTo(one.email))).body, /name="password"/);
  });

  test('staff who forgot ask at their own door, and come in with what they chose', async () => {
    const browser = world.browser();
    assert.match((await browser.get('/admin/login')).body, /href="\/admin\/password\/reset"/);
    const before = (await kindsTo('sam@staff.example.test')).length;
    assert.equal(leadsTo(await browser.post('/admin/password/reset', { name: 'sam' })), '/admin/password/reset/sent');
    assert.equal((await browser.get('/admin/password/reset/sent')).statusCode, 200);
    assert.equal(await nextLetter('sam@staff.example.test', before), 'set-password');
    const link = await pathTo('sam@staff.example.test');
    assert.equal(leadsTo(await browser.post(link, { password: FRESH })), '/admin/login');
    assert.equal(leadsTo(await browser.signIn('sam', FRESH)), '/admin');
    await changeSettings(world.ctx, SYSTEM, { 'staff-password-reset': '' });
    assert.doesNotMatch((await world.browser().get('/admin/login')).body, /password\/reset/);
    const off = await world.browser().get('/admin/password/reset');
    assert.match(wordsOf(off), /Not by a letter/);
    assert.doesNotMatch(off.body, /name="name"/);
    await changeSettings(world.ctx, SYSTEM, { 'staff-password-reset': 'on' });
  });

  test('staff require a new password of a user: out everywhere, told, and asked at the next sign-in', async () => {
    const one = await newPerson(world.ctx);
    const theirs = world.browser();
    await theirs.signIn(one.email);
    const root = await staff();
    assert.match((await root.get(`/admin/users/${one.id}`)).body, new RegExp(`/admin/users/${one.id}/new-password"`));
    assert.match(wordsOf(await root.get(`/admin/users/${one.id}/new-password`)), /signed out of 1 session/);
    assert.equal(leadsTo(await root.post(`/admin/users/${one.id}/new-password`)), `/admin/users/${one.id}`);
    assert.match(wordsOf(await root.get(`/admin/users/${one.id}`)), /Must be changed at the next sign-in/);
    assert.match(leadsTo(await theirs.get('/user/profile')), /^\/login/);
    assert.deepEqual(await kindsTo(one.email), ['new-password-needed']);
    assert.equal(leadsTo(await theirs.signIn(one.email)), '/login/new-password');
    const same = await theirs.post('/login/new-password', { password: PASSWORD });
    assert.equal(same.statusCode, 422);
    assert.match(same.body, /This is the password you have/);
    assert.equal(leadsTo(await theirs.post('/login/new-password', { password: FRESH })), '/');
    const lines = await auditLines(world.ctx, { userId: one.id }, { limit: 20 });
    assert.ok(lines.some(({ event, actorName }) => event === 'user.password.change_required' && actorName === 'root'));
  });

  test('staff require a new password of staff, who choose it at their own door', async () => {
    const root = await staff();
    const sam = `/admin/administrators/${world.cast.sam.id}`;
    assert.match((await root.get(sam)).body, new RegExp(`${sam}/new-password"`));
    assert.equal(leadsTo(await root.post(`${sam}/new-password`)), sam);
    assert.match(wordsOf(await root.get(sam)), /Must be changed at the next sign-in/);
    const theirs = world.browser();
    assert.equal(leadsTo(await theirs.signIn('sam', FRESH)), '/admin/login/new-password');
    assert.equal(leadsTo(await theirs.get('/login/new-password')), '/login', 'not at the door of customers');
    const again = world.browser();
    await again.signIn('sam', FRESH);
    assert.equal((await again.post('/admin/login/new-password', { password: FRESH })).statusCode, 422);
    assert.equal(leadsTo(await again.post('/admin/login/new-password', { password: `${FRESH} 2` })), '/admin');
    assert.equal(leadsTo(await world.browser().signIn('sam', FRESH)), '(422)');
  });

  test('a password that staff set is good for one sign-in', async () => {
    const one = await newPerson(world.ctx);
    const root = await staff();
    await root.post(`/admin/users/${one.id}/password`, { password: 'said on the telephone' });
    const theirs = world.browser();
    assert.equal(leadsTo(await theirs.signIn(one.email, 'said on the telephone')), '/login/new-password');
    assert.equal((await userOf(world.ctx, one.id)).mustChangePassword, true);
  });

  test('security questions: listed by the operator, chosen by a customer, asked before the letter and at a change', async () => {
    const root = await staff();
    const list = '/admin/security-questions';
    assert.match(wordsOf(await root.get(list)), /Only for those who need them.*They are switched off.*No questions/);
    assert.equal(leadsTo(await root.post(`${list}/new`, { question: 'What was your first pet called?' })), list);
    const twice = await root.post(`${list}/new`, { question: 'What was your first pet called?' });
    assert.equal(twice.statusCode, 422);
    const one = await newPerson(world.ctx);
    const theirs = world.browser();
    await theirs.signIn(one.email);
    assert.match(wordsOf(await theirs.get('/user/security-question')), /no security questions here/);
    assert.doesNotMatch((await theirs.get('/user/password')).body, /security-question/);
    assert.doesNotMatch((await theirs.get('/user/security')).body, /security-question/);
    await changeSettings(world.ctx, SYSTEM, { 'security-questions': 'on' });
    assert.match(wordsOf(await theirs.get('/user/security')), /Security question.*Off/);
    const [question] = await listQuestions(world.ctx);
    assert.match((await theirs.get('/user/password')).body, /href="\/user\/security-question"/);
    const chosen = { question: String(question?.id), answer: 'Rex', answerAgain: 'Rex' };
    const differs = await theirs.post('/user/security-question', { ...chosen, answerAgain: 'Max' });
    assert.equal(differs.statusCode, 422);
    assert.equal(fieldValue(differs, 'answer') ?? '', '', 'answers are not drawn again');
    assert.equal(leadsTo(await theirs.post('/user/security-question', chosen)), '/user/security-question');
    assert.match(wordsOf(await root.get(list)), /In use/);
    assert.match((await root.get('/admin/users')).body, /dw-mark-set/);

    const change = { current: PASSWORD, password: FRESH };
    const wrong = await theirs.post('/user/password', { ...change, answer: 'Max' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wordsOf(wrong), /not the answer to the question/);
    assert.equal(leadsTo(await theirs.post('/user/password', { ...change, answer: ' REX! ' })), '/user/password');

    const stranger = world.browser({ ip: '192.0.2.44' });
    const asked = await stranger.post('/password/reset', { email: one.email });
    assert.match(wordsOf(asked), /What was your first pet called\?/);
    const before = (await kindsTo(one.email)).length;
    const answer = async (text: string) =>
      stranger.post('/password/reset/question', { email: one.email, answer: text }, { from: '/password/reset' });
    assert.equal(leadsTo(await answer('Max')), '/password/reset/sent');
    assert.equal(await nextLetter(one.email, before), 'wrong-security-answer');
    assert.doesNotMatch((await world.letterTo(one.email)).text, /password\/set/);
    assert.equal(leadsTo(await answer('rex')), '/password/reset/sent');
    assert.equal(await nextLetter(one.email, before + 1), 'set-password');

    const user = `/admin/users/${one.id}`;
    assert.match((await root.get(user)).body, new RegExp(`${user}/security-question"`));
    assert.doesNotMatch((await root.get(`${user}/security-question`)).body, /first pet/);
    assert.equal(leadsTo(await root.post(`${user}/security-question`)), user);
    assert.equal(await nextLetter(one.email, before + 2), 'security-question-changed');
    assert.doesNotMatch((await root.get(user)).body, new RegExp(`${user}/security-question"`));
    const removal = `${list}/${question?.id}/removal`;
    assert.match(wordsOf(await root.get(removal)), /It is the last one/);
    assert.equal(leadsTo(await root.post(removal)), list);
    assert.equal(leadsTo(await stranger.post('/password/reset', { email: one.email })), '/password/reset/sent');
    await changeSettings(world.ctx, SYSTEM, { 'security-questions': '' });
  });

  test('ResetPassword by id or address, in the documented words; AddClient takes a security question', async () => {
    const one = await newPerson(world.ctx);
    const refused = async (values: Record<string, string>) =>
      (await world.api('ResetPassword', values)).body['message'];
    for (const values of [{}, { id: '0' }])
      assert.equal(await refused(values), 'Please enter the email address or provide the id');
    assert.equal(await refused({ email: 'nowhere' }), 'Please provide a valid email address');
    for (const values of [
      { email: 'nobody@example.test' },
      { id: '999999' },
      { id: 'x' },
      { id: '999999', email: one.email },
    ])
      assert.equal(await refused(values), 'User Not Found', JSON.stringify(values));
    assert.deepEqual((await world.api('ResetPassword', { id: one.id })).body, { result: 'success' });
    const first = await pathTo(one.email);
    const { body } = await world.api('ResetPassword', { id: 0, email: one.email.toUpperCase() });
    assert.deepEqual(body, { result: 'success' });
    assert.equal((await world.browser().get(first)).statusCode, 410);
    assert.equal((await world.browser().get(await pathTo(one.email))).statusCode, 200);

    const root = await staff();
    await root.post('/admin/security-questions/new', { question: 'Where were you born?' });
    const id = String((await listQuestions(world.ctx)).at(-1)?.id);
    const client = (email: string, more: Record<string, string>) =>
      world.api('AddClient', {
        firstname: 'Robin',
        lastname: 'Sample',
        email,
        address1: '1 Road',
        city: 'Town',
        state: 'Shire',
        postcode: '1',
        country: 'GB',
        phonenumber: '+44.2079460000',
        password2: 'seven brave teapots',
        ...more,
      });
    const made = await client('q1@example.test', { securityqid: id, securityqans: 'Sampletown' });
    assert.equal(made.body['result'], 'success');
    assert.equal(made.body['warnings'], undefined);
    const row = await world.ctx.db
      .selectFrom('security_answers')
      .selectAll()
      .where('user_id', '=', Number(made.body['owner_id']))
      .executeTakeFirst();
    assert.equal(String(row?.question_id), id);
    for (const [email, more, says] of [
      ['q2@example.test', { securityqid: '999', securityqans: 'x' }, /no security question of this securityqid/],
      ['q3@example.test', { securityqid: id }, /securityqans is missing/],
    ] as const) {
      const answer = await client(email, more);
      assert.equal(answer.body['result'], 'success');
      assert.match(String(answer.body['warnings']), says);
    }
    world.clock.turn(hours(1));
  });
});
