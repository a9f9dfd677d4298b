// Ways round what the door of a forgotten password asks for: its second page, other spellings, what a token in an address holds.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { addQuestion } from '#domain/credentials/security-questions.ts';
import { setUserPassword } from '#domain/login/own-password.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const OWN = { 'sec-fetch-site': 'same-origin' };

onBothDatabases('side doors of a forgotten password', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
    await addQuestion(world.ctx, SYSTEM, 'What was your first pet called?');
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(minutes(61)));

  const letters = async () => (await letterHistory(world.ctx, {}, { limit: 100 })).length;

  for (const asked of ['', 'on'])
    test(`the captcha is not passed by the page of the question, which is asked${asked ? '' : ' of nobody'}`, async () => {
      await changeSettings(world.ctx, SYSTEM, { 'captcha-protection': 'always', 'security-questions': asked });
      const before = await letters();
      const bot = world.browser();
      const csrf = csrfOf(await bot.get('/login'));
      const answer = await bot.postRaw(
        '/password/reset/question',
        { csrf, email: world.cast.ada.email, answer: '' },
        OWN,
      );
      await laterDone();
      assert.equal(await letters(), before, 'no letter without it');
      assert.notEqual(leadsTo(answer), '/password/reset/sent');
      await changeSettings(world.ctx, SYSTEM, { 'captcha-protection': 'off', 'security-questions': '' });
    });

  test('whoever passed it goes on to their own question, and to nobody else’s', async () => {
    await changeSettings(world.ctx, SYSTEM, { 'captcha-protection': 'always', 'security-questions': 'on' });
    const { ada, ben } = world.cast;
    const browser = world.browser();
    const page = await browser.get('/password/reset');
    const token = /name="captchaQuestion" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const [, one, other] = /How much is (\d+) plus (\d+)\?/.exec(page.body) ?? [];
    world.clock.turn(seconds(10));
    const asked = await browser.postRaw(
      '/password/reset',
      {
        csrf: csrfOf(page),
        email: ada.email,
        captchaQuestion: token,
        captchaAnswer: String(Number(one) + Number(other)),
      },
      OWN,
    );
    const passed = { csrf: csrfOf(asked), token: /name="token" value="([^"]*)"/.exec(asked.body)?.[1] ?? '' };
    const thief = world.browser();
    const stolen = { ...passed, csrf: csrfOf(await thief.get('/login')), email: ada.email, answer: '' };
    const before = await letters();
    assert.equal(leadsTo(await thief.postRaw('/password/reset/question', stolen, OWN)), '/password/reset');
    const forBen = await browser.postRaw('/password/reset/question', { ...passed, email: ben.email, answer: '' }, OWN);
    assert.equal(leadsTo(forBen), '/password/reset');
    const forAda = await browser.postRaw('/password/reset/question', { ...passed, email: ada.email, answer: '' }, OWN);
    assert.equal(leadsTo(forAda), '/password/reset/sent');
    await laterDone();
    assert.equal(await letters(), before + 1);
    world.clock.turn(minutes(30));
    const late = await browser.postRaw('/password/reset/question', { ...passed, email: ada.email, answer: '' }, OWN);
    assert.equal(leadsTo(late), '/password/reset');
    await changeSettings(world.ctx, SYSTEM, { 'captcha-protection': 'off', 'security-questions': '' });
  });

  test('whatever stands for a token in an address, it leads to no other page and to no fault', async () => {
    for (const token of [
      '%0d%0aset-cookie:x=1',
      '%E2%82%AC',
      '%2F%2Fevil.test',
      '..%2F..%2Fevil',
      '%00',
      '%3Fgo-on',
      '%23x',
    ])
      for (const path of [
        `/password/set/${token}`,
        `/password/set/${token}/fresh`,
        `/password/set/${token}/signing-out`,
      ]) {
        const answer = await world.browser().get(path);
        assert.ok(answer.statusCode === 404 || answer.statusCode === 303, `${path}: ${answer.statusCode}`);
        if (answer.statusCode !== 303) continue;
        const to = new URL(leadsTo(answer), 'https://my.northwind.test');
        assert.match(to.href, /^https:\/\/my\.northwind\.test\/password\/set\/[^/?#]+$/, path);
      }
  });

  test('a password that staff set is not used by way of a program for ever: the browser is asked for another', async () => {
    const { eve } = world.cast;
    const set = 'staff and customer know this one';
    await setUserPassword(world.ctx, SYSTEM, eve.id, set);
    const { body } = await world.api('ValidateLogin', { email: eve.email, password2: set });
    const browser = world.browser();
    const handed = await browser.postRaw('/login/token', { token: String(body['passwordhash']) });
    assert.equal(leadsTo(handed), '/login');
    assert.match(leadsTo(await browser.get('/user/profile')), /^\/login/);
    assert.equal(leadsTo(await browser.signIn(eve.email, set)), '/login/new-password');
  });
});
