// A real browser for the tests: found on the machine, driven by Playwright, and asked what a person with a screen reader would meet.

import assert from 'node:assert/strict';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * The path of a Chromium to use: CHROMIUM_PATH if set, one that the system installed, or one of Playwright's own.
 * Throws when CHROMIUM_PATH names nothing, rather than using another.
 */
export function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named === undefined || named === '') return [...installed(), ...playwrights()].find((path) => existsSync(path));
  if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names no file: ${named}`);
  return named;
}

/**
 * For a test's `skip`: false where there is a browser, else the reason. On CI a missing browser is a fault and throws, so
 * that no green run there has skipped it.
 */
export function browserMissing(find: () => string | undefined = findBrowser): string | false {
  if (find() !== undefined) return false;
  const remedy = 'no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH';
  if (process.env.CI === 'true') throw new Error(remedy);
  return remedy;
}

/** Starts it without a window. Whoever opens it closes it. Throws when there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(browserMissing() || 'no browser');
  // Chromium refuses its sandbox to root; the pages are ours, on loopback.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Without a graphics processor it would imitate one, in a process that takes as much as the pages do.
  return chromium.launch({ executablePath, args: [...args, '--disable-dev-shm-usage', '--disable-gpu'] });
}

/** One barrier that axe found, in words that say where to look. */
export type Barrier = {
  /** axe's name of the rule, such as `color-contrast`. */
  readonly rule: string;
  readonly impact: string;
  readonly says: string;
  /** The elements concerned: a selector and their HTML. */
  readonly elements: readonly string[];
};

/**
 * Looks for barriers on the page as it stands, by the rules of WCAG 2.2 AA and good practice. Works under a strict
 * Content-Security-Policy. `assert.deepEqual(await axe(page), [])` shows what is wrong where.
 */
export async function axe(page: Page, options: { readonly without?: readonly string[] } = {}): Promise<Barrier[]> {
  const rules = Object.fromEntries((options.without ?? []).map((rule) => [rule, { enabled: false }]));
  const session = await page.context().newCDPSession(page);
  try {
    // By the debugger, which the page's policy does not bind; a script tag would be refused.
    // Once for each page: reading it takes as long as looking.
    if ((await evaluate(session, 'typeof axe')) === 'undefined') await evaluate(session, axeSource());
    const found = await evaluate(
      session,
      `axe.run(document, ${JSON.stringify({ rules, resultTypes: ['violations'] })})
      .then(({ violations }) => violations.map(({ id, impact, help, nodes }) => ({
        rule: id, impact: impact ?? '', says: help,
        elements: nodes.map(({ target, html }) => target.join(' ') + '  ' + html.slice(0, 200)),
      })))`,
    );
    return barriersOf(found);
  } finally {
    await session.detach();
  }
}

/** By how many CSS pixels the page is wider than its window: 0 is right, more means scrolling sideways. */
export async function overflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
}

/**
 * Looks at the page narrow and dark, wide and light: no barrier, nothing sideways, and pictures when asked for. Leaves the
 * window as it was.
 */
export async function look(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [width, colorScheme] of [
    [320, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page), [], `${name} at ${width}, ${colorScheme}`);
    assert.equal(await overflow(page), 0, `${name} at ${width} scrolls sideways`);
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  await screenshots(page, name);
}

/**
 * With DOORWARD_SHOTS=1, draws the page at three widths, light and dark, into `tests/.shots/<name>-<width>-<scheme>.png`,
 * for people to look at; gives the paths. Otherwise does nothing. Leaves the window as it was.
 */
export async function screenshots(page: Page, name: string): Promise<string[]> {
  if (process.env.DOORWARD_SHOTS !== '1') return [];
  const folder = join(import.meta.dirname, '.shots');
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  const paths: string[] = [];
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      paths.push(path);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  return paths;
}

function installed(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const onPath = ['/usr/bin', ...folders].flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
}

/** Where `playwright install chromium` puts its browsers, the newest first. */
function playwrights(): string[] {
  const home = process.env.PLAYWRIGHT_BROWSERS_PATH;
  const caches = [home, join(homedir(), '.cache/ms-playwright'), join(homedir(), 'Library/Caches/ms-playwright')];
  const programs = [
    'chrome-linux*/chrome',
    'chrome-mac*/Chromium.app/Contents/MacOS/Chromium',
    'chrome-linux*/headless_shell',
  ];
  return caches
    .filter((cache) => cache !== undefined && existsSync(cache))
    .flatMap((cache) =>
      globSync(programs.map((program) => join(cache ?? '', 'chromium*', program)))
        .sort()
        .reverse(),
    );
}

let axeText: string | undefined;

function axeSource(): string {
  axeText ??= readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  return axeText;
}

type Debugger = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

async function evaluate(session: Debugger, expression: string): Promise<unknown> {
  const answer = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  if (answer.exceptionDetails !== undefined) {
    throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
  }
  return answer.result.value;
}

function barriersOf(found: unknown): Barrier[] {
  if (!Array.isArray(found)) throw new Error('axe gave no list');
  return found.map(({ rule, impact, says, elements }) => ({
    rule: String(rule),
    impact: String(impact),
    says: String(says),
    elements: Array.isArray(elements) ? elements.map(String) : [],
  }));
}
