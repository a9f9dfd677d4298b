// Stored script: names, companies, notes, browsers and addresses that a stranger chose, looked at by staff. The pages are
// taken apart by a real browser, where there is one, and by their text everywhere.

import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { beginBulkTask, stopBulkTask } from '#domain/lists/bulk-tasks.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { setUserDisabled, userOf } from '#domain/users/users.ts';
import { browserMissing, openBrowser } from '#tests/browser.ts';
import { addRecords, linkOwner } from '#tests/records.ts';
import { isAboutOwnThing, peoplePages, signedIn } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, testWorld } from '#tests/world.ts';

const ACT = 'window.stolen=1';
const SCRIPT = `<script>${ACT}</script>`;
const BREAKOUT = `"'><img src=x onerror="${ACT}">`;
const ATTRIBUTE = `" onfocus="${ACT}" autofocus x="`;
const LINK = `javascript:${ACT}`;
const AREA = `</textarea></option></title>${SCRIPT}`;
/** Turns the rest of a line around, so that `‮gpj.exe` reads as an image. */
const TURN = '\u202e';
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;

const HOSTILE = profile({
  firstName: `${SCRIPT}${TURN}`,
  lastName: BREAKOUT,
  companyName: `${ATTRIBUTE}${AREA}${TURN}dtL`,
  address1: LINK,
  address2: AREA,
  city: BREAKOUT,
  state: SCRIPT,
  postcode: ATTRIBUTE,
  taxId: BREAKOUT,
});
const NOTES = `${LINK}\n${AREA}\n${BREAKOUT}${TURN}`;
const AGENT = `Mozilla/5.0 ${BREAKOUT}${SCRIPT}`;

type Hostile = { readonly clientId: number; readonly userId: number; readonly task: number };

/** A client whose every field is hostile, whose owner is signed in with a hostile browser, and who has a guest. */
async function hostileClient(world: World): Promise<Hostile> {
  const actor = systemActor('Test');
  const { clientId, ownerId } = await addClientWithOwner(world.ctx, actor, {
    profile: { ...HOSTILE, email: 'hostile@example.test', notes: NOTES },
    owner: { kind: 'new', password: PASSWORD },
    welcome: true,
  });
  await addMember(world.ctx, actor, world.cast.ben.id, clientId, ['orders']);
  await addRecords(world, clientId, `${SCRIPT}${BREAKOUT}${TURN}`);
  await linkOwner(world, clientId, `${SCRIPT}${BREAKOUT}${TURN}`);
  const visitor = world.browser({ userAgent: AGENT });
  await visitor.signIn('hostile@example.test');
  await visitor.signIn('hostile@example.test', `${SCRIPT} is not the password`);
  const root = { kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: '192.0.2.1' } as const;
  const task = await beginBulkTask(world.ctx, root, { is: 'close' }, { ids: [clientId] });
  await stopBulkTask(world.ctx, root, task);
  await world.ctx.db
    .updateTable('client_bulk_tasks')
    .set({ refusals: JSON.stringify([{ clientId, code: SCRIPT }]) })
    .execute();
  return { clientId, userId: ownerId, task };
}

// A file to save is no page: tests/attacks/records.test.ts looks at those.
const pages = (await peoplePages()).filter(({ page, address }) => page.get && !address.endsWith('/download'));

function addresses(world: World, { clientId, userId, task }: Hostile): string[] {
  const wide = [
    '/admin/search?q=script',
    `/admin/clients/bulk?pick-${clientId}=1`,
    `/admin/clients/bulk/${task}`,
    `/admin/search?q=${encodeURIComponent(BREAKOUT)}`,
    `/admin/clients?q=${encodeURIComponent(ATTRIBUTE)}`,
  ];
  const about = pages
    .filter((page) => !isAboutOwnThing(page))
    .map(
      ({ address }) =>
        address
          .replace(':id', String(address.startsWith('/admin/users/') ? userId : clientId))
          .replace(':user', String(world.cast.ben.id))
          .replace(':into', String(world.cast.eve.clientId))
          .replace(/:(?:contact|note|file|alert|invitation|merge|field|account)\b/, '1'), // the first of each: they are this client's
    );
  return [...about, `/admin/clients/${clientId}/users/${userId}`, ...wide];
}

onBothDatabases('stored script', (database) => {
  let world: World;
  let hostile: Hostile;
  before(async () => {
    world = await testWorld(database);
    hostile = await hostileClient(world);
  });
  after(() => world.close());

  test('no page of staff holds it as anything but text, nor a sign that turns the text around', async () => {
    const root = await signedIn(world, 'root');
    let shown = 0;
    for (const address of addresses(world, hostile)) {
      const { body, statusCode } = await root.get(address);
      assert.equal(statusCode, 200, address);
      for (const raw of ['<script>', '<img src=x', 'onerror="', 'onfocus="', 'href="javascript:', '</title><'])
        assert.ok(!body.includes(raw), `${address} holds ${raw}`);
      assert.doesNotMatch(body, TURNING, address);
      if (body.includes('&lt;script&gt;') || body.includes('javascript:')) shown += 1;
    }
    assert.ok(shown > 12, 'the hostile words are there to be seen');
  });

  test('what was typed with such signs is kept without them', async () => {
    const client = await clientOf(world.ctx, hostile.clientId);
    const user = await userOf(world.ctx, hostile.userId);
    for (const text of [...Object.values(client), ...Object.values(user)]) assert.doesNotMatch(String(text), TURNING);
    assert.ok(client.companyName.endsWith('dtL'));
    assert.equal(client.notes, `${LINK}\n${AREA}\n${BREAKOUT}`);
  });

  test('an address that turns around is refused, wherever staff type one', async () => {
    const root = await signedIn(world, 'root');
    const email = `moc${TURN}@example.test`;
    const fields = { firstName: 'A', lastName: 'B', email, language: '' };
    assert.equal((await root.post(`/admin/users/${world.cast.ben.id}/profile`, fields)).statusCode, 422);
    assert.equal(
      (await root.post('/admin/clients/new', { ...profile({ email }), owner: 'new', welcome: '1' })).statusCode,
      422,
    );
  });

  test('every page forbids inline script, frames and foreign hosts', async () => {
    const root = await signedIn(world, 'root');
    for (const address of addresses(world, hostile)) {
      const policy = String((await root.get(address)).headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'(;|$)/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe/);
    }
  });
});

describe('stored script in a real browser', { skip: browserMissing(), timeout: 120_000 }, () => {
  let world: World;
  let hostile: Hostile;
  let browser: Browser;
  let page: Page;
  let origin: string;
  before(async () => {
    world = await testWorld('sqlite');
    hostile = await hostileClient(world);
    await setUserDisabled(world.ctx, systemActor('Test'), world.cast.eve.id, true);
    await world.app.listen({ port: 0, host: '127.0.0.1' });
    origin = `http://127.0.0.1:${(world.app.server.address() as AddressInfo).port}`; // a TCP server's
    browser = await openBrowser();
    // Without the policy, so that what escaping lets through is seen here and not stopped further on.
    const context = await browser.newContext({ bypassCSP: true });
    page = await context.newPage();
    await page.goto(`${origin}/admin/login`);
    await page.fill('[name=username]', 'root');
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL(`${origin}/admin`);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  test('nothing runs, no element and no attribute of theirs is made, no link leads to script', async () => {
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    for (const address of addresses(world, hostile)) {
      await page.goto(origin + address);
      const found = await page.evaluate(`({
        stolen: window.stolen,
        scripts: [...document.scripts].filter((one) => !new URL(one.src || 'x:', location).pathname.startsWith('/assets/')).length,
        pictures: document.querySelectorAll('img[src="x"]').length,
        handlers: [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on'))).length,
        links: [...document.querySelectorAll('[href],[action],[src],[formaction]')].filter((one) =>
          ['href', 'action', 'src', 'formaction'].some((name) => /^\\s*(javascript|data|vbscript):/i.test(one.getAttribute(name) ?? ''))).length,
      })`);
      assert.deepEqual(found, { stolen: undefined, scripts: 0, pictures: 0, handlers: 0, links: 0 }, address);
    }
    assert.deepEqual(dialogs, []);
  });
});
