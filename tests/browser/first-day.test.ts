// The first day of an installation, in a real browser against a real process: set-up, a client and its owner, the letter,
// the sign-in, a program that signs the owner in. Each page met on the way has no barrier and does not scroll sideways.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Running } from '#tests/browser/process.ts';
import { startDoorward } from '#tests/browser/process.ts';
import { axe, browserMissing, openBrowser, overflow, screenshots } from '#tests/browser.ts';
import { DATABASES } from '#tests/world.ts';

const STAFF_PASSWORD = 'violet harbour lantern seven';
const OWNER_PASSWORD = 'quiet meadow engine forty';

for (const database of DATABASES) {
  describe(`the first day (${database})`, { skip: browserMissing(), timeout: 180_000 }, () => {
    let doorward: Running;
    let browser: Browser;
    let staff: Page;
    let owner: Page;
    let program: { identifier: string; secret: string };
    let clientId = 0;

    before(async () => {
      doorward = await startDoorward(database);
      browser = await openBrowser();
      staff = await (await newContext(browser)).newPage();
      owner = await (await newContext(browser)).newPage();
    });
    after(async () => {
      await browser?.close();
      await doorward?.stop();
    });

    test('the printed link makes the first administrator, who lands in the admin area', async () => {
      await staff.goto(doorward.setupLink);
      await looksRight(staff, 'setup');
      await fill(staff, {
        firstName: 'Robin',
        lastName: 'Sample',
        email: 'robin@staff.example.test',
        username: 'robin',
        password: STAFF_PASSWORD,
      });
      await submit(staff);
      assert.equal(new URL(staff.url()).pathname, '/admin');
      await looksRight(staff, 'admin-home');
    });

    test('the printed link opens nothing a second time', async () => {
      const answer = await owner.goto(doorward.setupLink);
      assert.notEqual(answer?.status(), 200);
      assert.equal(await owner.locator('input[name=username]').count(), 0);
    });

    test('the administrator adds a client with a new owner, finds it in the list and opens its profile', async () => {
      await staff.goto(`${doorward.url}/admin/clients/new`);
      await looksRight(staff, 'admin-client-new');
      await fill(staff, {
        firstName: 'Ada',
        lastName: 'Lovelace',
        companyName: 'Analytical Engines Ltd',
        email: 'ada@example.test',
        address1: '12 St James Square',
        city: 'London',
        state: 'London',
        postcode: 'SW1Y 4LB',
        phoneNumber: '+44 20 7946 0000',
      });
      await staff.selectOption('select[name=country]', 'GB');
      await submit(staff);
      clientId = Number(/\/admin\/clients\/(\d+)$/.exec(new URL(staff.url()).pathname)?.[1]);
      assert.ok(clientId > 0, staff.url());
      await looksRight(staff, 'admin-client');
      await staff.goto(`${doorward.url}/admin/clients?q=analyt`);
      await looksRight(staff, 'admin-clients');
      await staff.getByRole('link', { name: 'Ada Lovelace' }).first().click();
      assert.equal(new URL(staff.url()).pathname, `/admin/clients/${clientId}`);
      for (const tab of ['profile', 'users', 'log', 'letters', 'close', 'deletion']) {
        await staff.goto(`${doorward.url}/admin/clients/${clientId}/${tab}`);
        await looksRight(staff, `admin-client-${tab}`);
      }
    });

    test('the owner gets a letter, chooses a password with its link, and signs in', async () => {
      await owner.goto(await linkInLetter(doorward, 'ada@example.test'));
      await looksRight(owner, 'password-set');
      await fill(owner, { password: OWNER_PASSWORD });
      await submit(owner);
      assert.equal(new URL(owner.url()).pathname, '/login');
      await looksRight(owner, 'login');
      await fill(owner, { email: 'ada@example.test', password: OWNER_PASSWORD });
      await submit(owner);
      assert.equal(new URL(owner.url()).pathname, `/account/${clientId}`);
      assert.match(await owner.innerText('main'), /Analytical Engines Ltd/);
      await looksRight(owner, 'client-home');
    });

    test('the owner of two accounts chooses one, and sees what it opens', async () => {
      await staff.goto(`${doorward.url}/admin/clients/new`);
      await fill(staff, {
        firstName: 'Ada',
        lastName: 'King',
        companyName: 'Second House',
        email: 'billing@second.example.test',
        address1: '1 Long Road',
        city: 'Bristol',
        state: 'Bristol',
        postcode: 'BS1 1AA',
        phoneNumber: '+44 117 496 0000',
        ownerEmail: 'ada@example.test',
      });
      await staff.selectOption('select[name=country]', 'GB');
      await staff.check('input[name=owner][value=existing]');
      await submit(staff);
      assert.match(new URL(staff.url()).pathname, /\/admin\/clients\/\d+$/);
      await owner.goto(`${doorward.url}/`);
      assert.equal(new URL(owner.url()).pathname, '/account');
      await looksRight(owner, 'choose-account');
      await owner
        .getByRole('link', { name: /Second House/ })
        .first()
        .click();
      assert.match(await owner.innerText('main'), /Second House/);
      for (const place of [
        `/account/${clientId}/details`,
        '/user/profile',
        '/user/password',
        '/user/sessions',
        '/logout',
      ]) {
        await owner.goto(`${doorward.url}${place}`);
        await looksRight(owner, place.replace(String(clientId), 'one').slice(1).replaceAll('/', '-'));
      }
    });

    test('every page of the admin area answers', async () => {
      for (const place of [
        'users',
        'administrators',
        'administrators/new',
        'roles',
        'roles/new',
        'api-credentials',
        'api-credentials/new',
        'api-roles',
        'api-roles/new',
        'allowed-addresses',
        'bans',
        'destinations',
        'settings',
        'letters',
        'log',
        'account',
        'account/password',
        'account/sessions',
        'search?q=ada',
      ]) {
        const answer = await staff.goto(`${doorward.url}/admin/${place}`);
        assert.equal(answer?.status(), 200, place);
        // The others are looked at with more in them by admin-setup.test.ts.
        if (/^(?:users|search)/.test(place)) await looksRight(staff, `admin-${place.replaceAll(/[/?=]/g, '-')}`);
      }
    });

    test('a credential made in the admin area is shown once and lets a program call', async () => {
      await staff.goto(`${doorward.url}/admin/api-credentials/new`);
      await fill(staff, { description: 'Billing' });
      await staff.check('input[name=reach][value=every]');
      await submit(staff);
      await looksRight(staff, 'admin-api-credential-made');
      const [identifier, secret] = await Promise.all([
        staff.inputValue('#secret-identifier'),
        staff.inputValue('#secret-secret'),
      ]);
      program = { identifier, secret };
      const answer = await call(doorward, program, { action: 'GetClients' });
      assert.equal(answer['result'], 'success');
    });

    test('ValidateLogin starts a session that a browser may take over once', async () => {
      const answer = await call(doorward, program, {
        action: 'ValidateLogin',
        email: 'ada@example.test',
        password2: OWNER_PASSWORD,
      });
      assert.equal(answer['result'], 'success');
      const token = String(answer['passwordhash']);
      const context = await newContext(browser);
      const page = await context.newPage();
      await handOver(page, doorward, token);
      assert.equal(new URL(page.url()).pathname, '/account');
      const other = await (await newContext(browser)).newPage();
      await handOver(other, doorward, token);
      assert.equal(new URL(other.url()).pathname, '/login');
    });

    test('CreateSsoToken signs a browser in exactly once', async () => {
      const answer = await call(doorward, program, {
        action: 'CreateSsoToken',
        client_id: String(clientId),
        destination: 'clientarea:profile',
      });
      const link = String(answer['redirect_url']);
      const first = await (await newContext(browser)).newPage();
      await first.goto(link);
      assert.equal(new URL(first.url()).pathname, `/account/${clientId}/details`);
      const second = await (await newContext(browser)).newPage();
      await second.goto(link);
      assert.equal(new URL(second.url()).pathname, '/login');
      await looksRight(second, 'sso-refused');
    });

    test('by keyboard alone the owner signs out and in again', async () => {
      await owner.goto(`${doorward.url}/logout`);
      await submit(owner);
      assert.equal(new URL(owner.url()).pathname, '/login');
      await owner.goto(`${doorward.url}/login`);
      await owner.locator('input[name=email]').focus();
      await owner.keyboard.type('ada@example.test');
      await owner.keyboard.press('Tab');
      await owner.locator('input[name=password]').focus();
      await owner.keyboard.type(OWNER_PASSWORD);
      await owner.keyboard.press('Enter');
      await owner.waitForURL('**/account');
    });

    test('nothing on any page was refused by the content security policy', () => {
      assert.deepEqual(complaints, []);
    });
  });
}

const complaints: string[] = [];

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce' }); // else axe may look in the middle of a change of colours
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  return context;
}

const lookedAt = new Set<string>();

/**
 * No barrier, no scrolling sideways at 320 pixels; with DOORWARD_SHOTS=1 a picture of each. Once: a page looks the same
 * whichever database it was read from.
 */
async function looksRight(page: Page, name: string): Promise<void> {
  if (lookedAt.has(name)) return;
  lookedAt.add(name);
  await screenshots(page, name);
  assert.deepEqual(await axe(page), [], name);
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  assert.equal(await overflow(page), 0, `${name} scrolls sideways at 320 pixels`);
  if (before) await page.setViewportSize(before);
}

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`main [name=${name}]`, value);
}

/** Presses the one primary button of the page's form. */
async function submit(page: Page): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    page.locator('main form button.btn-primary[type=submit]').last().click(),
  ]);
}

async function linkInLetter(doorward: Running, address: string): Promise<string> {
  const letters = JSON.parse(await doorward.command(['mail', 'list', '--json'])) as { id: number; to: string }[];
  const letter = letters.find((one) => one.to === address);
  assert.ok(letter, `no letter to ${address}`);
  const shown = await doorward.command(['mail', 'show', String(letter.id)]);
  const link = /https?:\/\/\S+\/password\/set\/\S+/.exec(shown)?.[0];
  assert.ok(link, shown);
  return link;
}

async function call(
  doorward: Running,
  program: { identifier: string; secret: string },
  values: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${doorward.url}/includes/api.php`, {
    method: 'POST',
    body: new URLSearchParams({ ...program, responsetype: 'json', ...values }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

/** What a program's own page does: posts the token from another site. */
async function handOver(page: Page, doorward: Running, token: string): Promise<void> {
  await page.setContent(
    `<form method="post" action="${doorward.url}/login/token"><input name="token" value="${token}"><button>Go</button></form>`,
  );
  await Promise.all([page.waitForURL(/localhost/), page.click('button')]);
}
