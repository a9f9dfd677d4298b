// What tests of second factors share: an authenticator app, read from the QR code as a camera would, or set up without pages.

import jsQr from 'jsqr';
import { systemActor } from '#domain/audit/actor.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { addAuthenticator } from '#domain/credentials/totp.ts';
import { codeAt, freshSeed, stepAt } from '#domain/credentials/totp-code.ts';
import { hours, seconds } from '#kit/duration.ts';
import type { World } from '#tests/world.ts';

/** An app that knows a seed. */
export type TestApp = {
  readonly seed: string;
  /** The code it shows now. */
  shows(): Promise<string>;
  /** The next code: the clock of the world goes on by a step first. */
  next(): Promise<string>;
};

/** An app with this seed. */
export function appWith(world: World, seed: string): TestApp {
  const shows = () => codeAt(seed, world.clock.now());
  return {
    seed,
    shows,
    next: () => {
      world.clock.turn(seconds(30));
      return shows();
    },
  };
}

/** Sets up an app for somebody, without pages; the code it shows now is not spent. */
export async function giveApp(world: World, holder: FactorHolder, name = 'Phone'): Promise<TestApp> {
  const seed = await freshSeed();
  const confirmed = { seed, step: stepAt(world.clock.now()) - 1, until: world.clock.now() + hours(1) };
  await world.ctx.transaction((tx) =>
    addAuthenticator(tx, systemActor('Test'), holder, { name, confirmed, keepSessionId: undefined }),
  );
  return appWith(world, seed);
}

/** What a camera reads from the QR code of a page. */
export function scanned(page: string): string {
  const [, size, path] = /<svg class="dw-qr" viewBox="0 0 (\d+) \d+".*?<path fill="#000" d="([^"]+)"/.exec(page) ?? [];
  if (!size || !path) throw new Error('there is no QR code on this page');
  const pixels = drawn(Number(size), path);
  const read = jsQr.default(pixels.data, pixels.width, pixels.width);
  if (!read) throw new Error('the QR code cannot be read');
  return read.data;
}

/** The seed in the address that a QR code holds. */
export function seedIn(address: string): string {
  return new URL(address).searchParams.get('secret') ?? '';
}

const DOT = 4; // pixels

function drawn(size: number, path: string): { data: Uint8ClampedArray; width: number } {
  const width = size * DOT;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let row = Number(y) * DOT; row < (Number(y) + 1) * DOT; row += 1)
      for (let column = Number(x) * DOT; column < (Number(x) + Number(length)) * DOT; column += 1)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  return { data, width };
}
