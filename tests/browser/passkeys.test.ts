// Passkeys in a real browser with an authenticator in software: set up, as the second step, alone by the button and by what
// the browser fills in, where it is asked again who this is, on the way in, and taken away. Also without script.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const LIST = '/user/security/passkeys';

describe('passkeys in a browser', { skip: browserMissing(), timeout: 300_000 }, () => {
  let world: World;
  let windows: Windows;
  let page: Page;
  let key: Key;
  const complaints: string[] = [];

  before(async () => {
    world = await testWorld('sqlite');
    windows = await windowsOn(world);
    await changeSettings(world.ctx, actor, { 'public-url': windows.origin, 'company-name': 'Northwind Hosting' });
    page = await fresh();
    key = await plugIn(page);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const fresh = async (options: { javaScriptEnabled?: boolean } = {}): Promise<Page> => {
    const made = await windows.open(options);
    made.context().on('console', (message) => {
      if (message.type() === 'error' && !/status of 4/.test(message.text())) complaints.push(message.text());
    });
    return made;
  };
  const see = async (name: string): Promise<void> => {
    const kept = await key.credentials();
    await look(page, `passkeys-${name}`);
    key = await plugIn(page, kept); // looking closed the browser's debugger, and the authenticator with it
  };
  const place = (at: Page = page): string => new URL(at.url()).pathname;
  const press = async (name: string, at: Page = page): Promise<void> => {
    await Promise.all([at.waitForEvent('load'), at.getByRole('button', { name }).click()]);
  };
  const signOut = (): Promise<void> => page.context().clearCookies();

  test('one is added by a press of a button, and named', async () => {
    await key.present(false);
    await signIn(page, world.cast.ada.email);
    await page.goto(LIST);
    await see('none');
    await page.getByRole('link', { name: 'Add a passkey' }).click();
    await page.waitForURL(/\/new$/);
    await see('new');
    await page.fill('main [name=name]', 'My laptop');
    await key.present(true);
    await press('Create the passkey');
    assert.notEqual(place(), `${LIST}/new`);
    await page.goto(LIST);
    assert.equal(place(), LIST, 'what was just made is a proof: nothing is asked again');
    assert.match(await page.innerText('main'), /My laptop/);
    await see('list');
    assert.equal((await key.credentials()).length, 1);
  });

  test('the same authenticator is not set up twice, and the page says so', async () => {
    await page.goto(`${LIST}/new`);
    await key.present(true);
    await page.getByRole('button', { name: 'Create the passkey' }).click();
    await page.getByText('You have a passkey there already').waitFor();
    await see('known');
  });

  test('after the password it is the second step', async () => {
    await signOut();
    await key.present(false);
    await signIn(page, world.cast.ada.email);
    assert.equal(place(), '/login/passkey');
    await see('second');
    await key.present(true);
    await press('Use my passkey');
    assert.match(place(), /^\/account/);
  });

  test('where it is asked again who this is, it confirms', async () => {
    world.clock.turn(minutes(16));
    await page.goto(`/user/confirm-identity/passkey?goto=${LIST}`);
    await see('again');
    await key.present(true);
    await press('Use my passkey');
    assert.equal(place(), LIST);
  });

  test('alone, by the button of the sign-in form', async () => {
    await signOut();
    await key.present(false);
    await page.goto('/login');
    await see('login');
    await key.present(true);
    await press('Sign in with a passkey');
    assert.match(place(), /^\/account/);
  });

  test('alone, by what the browser offers to fill in', async () => {
    await signOut();
    await key.present(true);
    await page.goto('/login');
    await page.waitForURL(/\/account/);
  });

  test('a key that checks nobody is refused alone, in words', async () => {
    await signOut();
    await key.present(false);
    await page.goto('/login/passkey-sign-in');
    await see('alone');
    await key.verified(false);
    await key.present(true);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('Nothing was sent').waitFor();
    assert.equal(place(), '/login/passkey-sign-in');
    await key.verified(true);
  });

  test('who must have a second factor sets one up on the way in', async () => {
    await changeSettings(world.ctx, actor, { 'second-factor-required-users': 'on', 'second-factor-grace-days': '0' });
    await signOut();
    await key.present(false);
    await signIn(page, world.cast.eve.email);
    assert.equal(place(), '/login/set-up');
    await page.goto('/login/set-up/passkey');
    await see('set-up');
    await key.present(true);
    await press('Create the passkey');
    assert.doesNotMatch(place(), /^\/login/);
    await changeSettings(world.ctx, actor, { 'second-factor-required-users': '' });
  });

  test('taken away, it signs nobody in any more', async () => {
    await page.goto(LIST);
    await page.getByRole('link', { name: 'Remove' }).click();
    await page.waitForURL(/\/removal$/);
    await see('removal');
    await press('Remove the passkey');
    assert.match(await page.innerText('main'), /No passkeys yet/);
    await signOut();
    await key.present(false);
    await signIn(page, world.cast.eve.email);
    assert.doesNotMatch(place(), /^\/login/);
  });

  test('staff have the same pages', async () => {
    await key.unplug(); // staff have a key of their own
    key = await plugIn(page);
    await signOut();
    await signIn(page, 'root');
    await page.goto('/admin/account/security/passkeys/new');
    await see('staff-new');
    await key.present(true);
    await press('Create the passkey');
    await page.goto('/admin/account/security/passkeys');
    await see('staff-list');
    await signOut();
    await key.present(true);
    await page.goto('/admin/login');
    await page.waitForURL((url) => url.pathname === '/admin');
  });

  test('a sign-in page that was left open asks for a new challenge first', async () => {
    await signOut();
    await key.present(false);
    await page.clock.install();
    await page.goto('/admin/login');
    const token = await page.inputValue('[name=token]');
    world.clock.turn(minutes(6));
    await page.clock.fastForward(minutes(6));
    // Not by a function of ours asked again and again: the page's policy lets nothing be evaluated there.
    await page.locator(`[name=token]:not([value="${token}"])`).waitFor({ state: 'attached' });
    await key.present(true);
    await press('Sign in with a passkey');
    assert.equal(place(), '/admin');
  });

  test('without script no button is there that does nothing, and the pages say so', async () => {
    const plain = await fresh({ javaScriptEnabled: false });
    await plain.goto('/login');
    assert.equal(await plain.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
    await plain.goto('/login/passkey-sign-in');
    assert.match(await plain.innerText('main'), /Passkeys need JavaScript/);
    assert.equal(await plain.getByRole('link', { name: 'Sign in with a password instead' }).count(), 1);
    await press('Sign in with a passkey', plain);
    assert.match(await plain.innerText('main'), /sent no passkey/);
  });

  test('nothing on the way broke the policy of the pages or threw', () => {
    assert.deepEqual(complaints, []);
  });
});

/** A virtual authenticator. */
type Key = {
  /** Whether somebody touches it when it blinks. */
  present(is: boolean): Promise<void>;
  verified(is: boolean): Promise<void>;
  credentials(): Promise<readonly Kept[]>;
  unplug(): Promise<void>;
};

/** A passkey as the browser's debugger hands it out. */
type Kept = {
  credentialId: string;
  isResidentCredential: boolean;
  privateKey: string;
  signCount: number;
};

/** Plugs a virtual authenticator into a page, with what it keeps; it stays through the page's navigation. */
async function plugIn(page: Page, kept: readonly Kept[] = []): Promise<Key> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false, // nobody touches it before the test says so
    },
  });
  for (const credential of kept) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
  return {
    present: async (enabled) => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    verified: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    unplug: () => cdp.detach(),
  };
}
