// The captchas of others in a browser, under the policy of our own pages: what their scripts load is let in and nothing else is,
// their token arrives and is asked about server to server, and what is typed survives a no. Without scripts, and where a
// service is out of reach, the question stands in. The services are stood in for (tests/captcha-providers.ts).

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { seconds } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look, overflow, screenshots } from '#tests/browser.ts';
import type { CaptchaService } from '#tests/captcha-providers.ts';
import { CaptchaStandIn, SITE_KEY, SITE_SECRET } from '#tests/captcha-providers.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD, profile, testWorld } from '#tests/world.ts';

const FIELDS: Readonly<Record<CaptchaService, string>> = {
  turnstile: 'cf-turnstile-response',
  hcaptcha: 'h-captcha-response',
  recaptcha: 'g-recaptcha-response',
  'recaptcha-v3': 'captcha',
};
const SERVICES: readonly CaptchaService[] = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'];
/** What the policy refuses to a service: of Google's older releases a style in the markup, which our own stylesheet replaces. */
const REFUSED: Readonly<Partial<Record<CaptchaService, readonly string[]>>> = { recaptcha: ['style-src-attr inline'] };

describe('captchas of others in a browser', { skip: browserMissing(), timeout: 300_000 }, () => {
  let world: World;
  let windows: Windows;
  let standIn: CaptchaStandIn;
  before(async () => {
    world = await testWorld('sqlite');
    standIn = await CaptchaStandIn.start();
    await set({ 'captcha-protection': 'always', 'captcha-site-key': SITE_KEY, 'captcha-secret-key': SITE_SECRET });
    windows = await windowsOn(world);
  });
  beforeEach(() => {
    standIn.asked.length = 0;
  });
  after(async () => {
    await windows?.close();
    await standIn?.stop();
    await world.close();
  });

  const set = (texts: Record<string, string>) => changeSettings(world.ctx, systemActor('Test'), texts);
  type Window = { readonly page: Page; readonly strays: string[]; refused(): Promise<string[]> };
  /** A window whose connections to the services end at the stand-in. */
  const open = async (options?: Parameters<Windows['open']>[0]): Promise<Window> => {
    const page = await windows.open(options);
    const refused: string[] = [];
    await page.exposeFunction('noteRefused', (what: string) => refused.push(what));
    await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
      noteRefused(event.effectiveDirective + ' ' + event.blockedURI))`);
    const strays = await standIn.standFor(page.context(), windows.origin);
    return { page, strays, refused: async () => refused };
  };
  const tick = async (page: Page, service: CaptchaService): Promise<void> => {
    if (service === 'recaptcha-v3') return; // asks nobody for a tick
    await page.frameLocator('[data-captcha] iframe').getByLabel('I am a person').check();
    while ((await page.inputValue(`[name=${FIELDS[service]}]`)) === '') await page.evaluate('0'); // the frame is about to tell
  };
  const press = async (page: Page): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.click('main button.btn-primary[type=submit]')]);
  };
  const typeIn = async (page: Page, email: string, password: string): Promise<void> => {
    await page.fill('main [name=email]', email);
    await page.fill('main [name=password]', password);
  };
  const main = (page: Page): Promise<string> => page.innerText('main');
  const isShown = (page: Page, selector: string): Promise<boolean> => page.locator(selector).isVisible();
  /** The token of the newest question that the server asked the service, which is all it asked. */
  const asked = (): string => {
    const last = standIn.verified.at(-1);
    assert.equal(last?.method, 'POST');
    assert.match(last?.type ?? '', /^application\/x-www-form-urlencoded/);
    assert.equal(last?.fields.get('secret'), SITE_SECRET);
    return last?.fields.get('response') ?? '';
  };

  for (const service of SERVICES)
    test(`${service}: signing in`, async () => {
      await set({ 'captcha-type': service });
      const { page, strays, refused } = await open();
      await page.goto('/login');
      if (service !== 'recaptcha-v3')
        await page.frameLocator('[data-captcha] iframe').getByLabel('I am a person').waitFor();
      assert.equal(await isShown(page, '[data-captcha-question]'), false, 'nobody is asked twice');
      assert.equal(await page.locator('textarea:visible').count(), 0, 'the field of the token is nobody’s to see');
      await page.setViewportSize({ width: 320, height: 800 });
      assert.equal(await overflow(page), 0);
      await page.setViewportSize({ width: 1280, height: 800 });
      await screenshots(page, `captcha-${service}`);

      if (service !== 'recaptcha-v3') {
        await typeIn(page, 'ada@example.test', PASSWORD);
        await press(page);
        assert.match(await main(page), /show first that no program/);
        assert.equal(await page.inputValue('[name=email]'), 'ada@example.test');
        assert.equal(standIn.verified.length, 0, 'nothing is asked about nothing');
      }
      await tick(page, service);
      await typeIn(page, 'ada@example.test', 'not the password');
      await press(page);
      assert.match(await main(page), /is not right/);
      assert.equal(await page.inputValue('[name=email]'), 'ada@example.test', 'what was typed is there');
      const spent = asked();
      assert.match(spent, /^token-/);
      assert.ok(!(await page.content()).includes(SITE_SECRET));

      standIn.givesOldTokens = true;
      await tick(page, service);
      await typeIn(page, 'ada@example.test', PASSWORD);
      await press(page);
      standIn.givesOldTokens = false;
      assert.match(await main(page), /could not be shown/, 'too old');
      assert.notEqual(asked(), spent, 'the widget is a fresh one');

      if (service !== 'recaptcha-v3') {
        const before = standIn.verified.length;
        await page.frameLocator('[data-captcha] iframe').getByLabel('I am a person').waitFor();
        await page.evaluate(`document.querySelector('[name=${FIELDS[service]}]').value = '${spent}'`);
        await typeIn(page, 'ada@example.test', PASSWORD);
        await press(page);
        assert.match(await main(page), /sent before/, 'used before');
        assert.equal(standIn.verified.length, before);
      }
      await tick(page, service);
      await typeIn(page, 'ada@example.test', PASSWORD);
      await press(page);
      assert.match(new URL(page.url()).pathname, /^\/account/);
      assert.deepEqual([...new Set(await refused())], REFUSED[service] ?? [], 'all that the service needs is let in');
      assert.deepEqual(strays, []);
      await page.context().close();
    });

  for (const service of SERVICES)
    test(`${service}: opening an account, and asking for a new password`, async () => {
      await set({ 'captcha-type': service });
      const { page, strays } = await open();
      await page.goto('/password/reset');
      await page.fill('main [name=email]', 'nobody@example.test');
      await tick(page, service);
      await press(page);
      assert.equal(new URL(page.url()).pathname, '/password/reset/sent');
      const first = asked();

      await page.goto('/register');
      world.clock.turn(seconds(5));
      const typed = profile({
        companyName: '',
        email: `with-${service}@example.test`,
        phoneNumber: '+44 20 7946 0000',
      });
      for (const [name, value] of Object.entries(typed)) {
        if (name === 'country') await page.selectOption('[name=country]', value);
        else await page.fill(`[name=${name}]`, value);
      }
      await page.fill('[name=password]', 'short');
      await page.evaluate('document.querySelector("main form").noValidate = true');
      await tick(page, service);
      await press(page);
      assert.equal(await page.inputValue('[name=city]'), 'Sampletown', 'nothing typed is lost');
      world.clock.turn(seconds(5));
      await page.fill('[name=password]', 'several words in a row');
      await tick(page, service);
      await press(page);
      assert.equal(new URL(page.url()).pathname, '/register/sent');
      assert.equal(new Set([first, ...standIn.verified.map(({ fields }) => fields.get('response'))]).size, 3);
      assert.deepEqual(strays, []);
      await page.context().close();
    });

  /** Loads something in the page, and says whether the policy let it. */
  const loads = async ({ page, refused }: Window, what: string): Promise<boolean> => {
    const before = (await refused()).length;
    await page.evaluate(what).catch(() => undefined);
    await page.evaluate('new Promise((done) => setTimeout(done, 50))');
    return (await refused()).length === before;
  };
  const script = (url: string): string =>
    `new Promise((done) => document.head.append(Object.assign(document.createElement('script'), { src: '${url}', onload: done, onerror: done })))`;
  const frame = (url: string): string =>
    `void document.body.append(Object.assign(document.createElement('iframe'), { src: '${url}' }))`;
  const style = (url: string): string =>
    `void document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '${url}' }))`;

  test('a page lets its own service in, no other, and nobody else; a page that asks for no captcha lets none in', async () => {
    const turnstile = 'https://challenges.cloudflare.com/turnstile/v0/api.js';
    const google = 'https://www.google.com/recaptcha/api.js';
    const evil = 'https://evil.example/x';
    const inline = `document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))`;
    await set({ 'captcha-type': 'turnstile' });
    const window = await open();
    await window.page.goto('/login');
    assert.equal(await loads(window, script(turnstile)), true);
    for (const what of [
      script(google),
      script(evil),
      script('https://challenges.cloudflare.com.evil.example/x'),
      frame('https://www.google.com/recaptcha/api2/anchor'),
      frame(evil),
      style(evil),
      style('https://challenges.cloudflare.com/x.css'),
      `fetch('${evil}')`,
      `fetch('https://challenges.cloudflare.com/x')`,
      inline,
    ])
      assert.equal(await loads(window, what), false, what);
    await set({ 'captcha-type': 'recaptcha' });
    await window.page.goto('/login');
    for (const what of [
      script('https://www.google.com/search'),
      script('https://www.gstatic.com/x.js'),
      frame('https://www.google.com/maps'),
      `fetch('https://www.google.com/complete')`,
      script(turnstile),
      inline,
    ])
      assert.equal(await loads(window, what), false, what);
    await window.page.goto('/password/reset/sent');
    for (const what of [script(google), frame(google), `fetch('${google}')`])
      assert.equal(await loads(window, what), false, what);
    assert.equal(await window.page.evaluate('window.ran'), undefined);
    assert.deepEqual(window.strays, [], 'nothing left for anywhere else');
    await window.page.context().close();
  });

  test('where a service is out of reach the question stays, and opens the form', async () => {
    standIn.isUp = false;
    for (const service of SERVICES) {
      await set({ 'captcha-type': service });
      const { page } = await open();
      await page.goto('/login');
      assert.equal(await isShown(page, '[data-captcha-question]'), true, service);
      if (service === 'turnstile') await look(page, 'captcha-out-of-reach');
      await typeIn(page, 'ada@example.test', PASSWORD);
      await answerQuestion(page);
      await press(page);
      assert.match(new URL(page.url()).pathname, /^\/account/, service);
      await page.context().close();
    }
    standIn.isUp = true;
  });

  test('without scripts there is the question; where the operator took that away, the page says what is missing', async () => {
    await set({ 'captcha-type': 'hcaptcha' });
    const page = await windows.open({ javaScriptEnabled: false });
    const strays = await standIn.standFor(page.context(), windows.origin);
    for (const [path, fields] of [
      ['/password/reset', { email: 'nobody@example.test' }],
      ['/login', { email: 'ada@example.test', password: PASSWORD }],
    ] as const) {
      await page.goto(path);
      for (const [name, value] of Object.entries(fields)) await page.fill(`main [name=${name}]`, value);
      await page.fill('[name=captchaAnswer]', '1');
      await press(page);
      assert.match(await main(page), /wait 10 seconds/);
      assert.equal(await page.inputValue('[name=email]'), fields.email);
      for (const [name, value] of Object.entries(fields)) await page.fill(`main [name=${name}]`, value);
      await answerQuestion(page);
      await press(page);
    }
    assert.match(new URL(page.url()).pathname, /^\/account/);
    await set({ 'captcha-question': 'off' });
    const other = await windows.open({ javaScriptEnabled: false });
    await other.goto('/login');
    assert.match(await main(other), /needs a browser that runs scripts/);
    assert.deepEqual([strays, standIn.verified], [[], []], 'and nobody else was asked');
    await set({ 'captcha-question': 'on' });
    await page.context().close();
    await other.context().close();
  });

  /** As a person would: they read it, and the ten seconds pass. */
  const answerQuestion = async (page: Page): Promise<void> => {
    const [, one, other] = /How much is (\d+) plus (\d+)\?/.exec(await main(page)) ?? [];
    await page.fill('[name=captchaAnswer]', String(Number(one) + Number(other)));
    world.clock.turn(seconds(10));
  };
});
