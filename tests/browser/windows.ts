// Windows of a real browser onto a world: what tests of pages open, sign in with, and close.

import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD } from '#tests/world.ts';

/** Windows onto one world. */
export type Windows = {
  readonly browser: Browser;
  /** Where the world answers; addresses in a window are relative to it. */
  readonly origin: string;
  /** A window that shares nothing with the others. */
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
};

/** Lets the world answer on a port, and starts a browser. Close it before the world. */
export async function windowsOn(world: World): Promise<Windows> {
  await world.app.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://localhost:${(world.app.server.address() as AddressInfo).port}`; // it listens on a port
  const browser = await openBrowser();
  return {
    browser,
    origin,
    open: async (options = {}) => {
      // Without motion: a colour that is still on its way to another would be measured halfway.
      const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce', ...options });
      return context.newPage();
    },
    close: () => browser.close(),
  };
}

/** Signs in to the client area (an address) or the admin area (a user name), up to where that leads. */
export async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  const isStaff = !name.includes('@');
  await page.goto(isStaff ? '/admin/login' : '/login');
  await page.fill(isStaff ? 'main [name=username]' : 'main [name=email]', name);
  await page.fill('main [name=password]', password);
  await Promise.all([page.waitForEvent('load'), page.click('main button.btn-primary[type=submit]')]);
}
