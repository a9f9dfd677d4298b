// User enumeration by time: 2,000 sign-ins with a wrong password, half of them of people who are here; and fewer of the doors
// whose work is done behind the answer. The slow computation is the same for both (src/domain/credentials/password/hasher.test.ts)
// and is left out, so that what is beside it can be seen at all. Words, status, headers and letters are in
// tests/attacks/entrance/enumeration.test.ts and tests/flows/registration.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { register } from '#domain/signup/registration.ts';
import { addUser } from '#domain/users/users.ts';
import { laterDone } from '#kit/later.ts';
import type { Context } from '#src/context.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, sealedPassword, testWorld } from '#tests/world.ts';

/** On PostgreSQL fewer do: its answers come over a socket, and vary by more than a stranger could average away. */
const SAMPLES = { sqlite: 2000, postgres: 300 } as const;

onBothDatabases('timing', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { cast: false });
    const { check: _slow, ...passwords } = world.ctx.passwords;
    const check = async () => ({ matches: false, outdated: false });
    const seal = async () => passwordHash;
    ctx = { ...world.ctx, passwords: { ...passwords, check, seal } as Context['passwords'] };
    const passwordHash = await sealedPassword();
    await ctx.transaction(async (tx) => {
      for (let at = 0; at < SAMPLES[database] / 2; at += 1)
        await addUser(tx, systemActor('Test'), {
          firstName: 'Here',
          lastName: 'Person',
          email: `here${at}@example.test`,
          passwordHash,
        });
    });
  });
  after(() => world.close());

  /** Milliseconds between the two medians of what is done for people who are here and for nobody, in turn. */
  async function apart(samples: number, done: (name: string, ip: string) => Promise<unknown>): Promise<number> {
    const took = { here: [] as number[], gone: [] as number[] };
    for (let at = 0; at < samples / 2; at += 1)
      for (const who of at % 2 ? (['here', 'gone'] as const) : (['gone', 'here'] as const)) {
        const began = performance.now();
        await done(`${who}${at}@example.test`, `10.${at >> 8}.${at & 255}.${who === 'here' ? 1 : 2}`);
        took[who].push(performance.now() - began);
        await laterDone();
      }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    return Math.abs(median(took.here) - median(took.gone));
  }

  test('a wrong password takes as long for somebody as for nobody, within a tenth of a hash', async () => {
    const difference = await apart(SAMPLES[database], (name, ip) => {
      const source = { kind: 'visitor', ip } as const;
      return offerPassword(ctx, { side: 'user', name, password: 'wrong', source, ip, isPersonThere: true });
    });
    assert.ok(difference < 2, `${difference} ms apart`);
  });

  test('a link is promised as quickly for somebody as for nobody', async () => {
    const first = world.browser();
    const csrf = csrfOf(await first.get('/password/reset'));
    const difference = await apart(300, async (email, ip) => {
      const browser = world.browser({ ip });
      for (const [name, value] of first.cookies) browser.cookies.set(name, value);
      const answer = await browser.postRaw('/password/reset', { csrf, email }, { 'sec-fetch-site': 'same-origin' });
      assert.equal(answer.statusCode, 303);
    });
    assert.ok(difference < 2, `${difference} ms apart`);
  });

  test('a registration is taken in as quickly for an address that is taken as for one that is free', async () => {
    const form = { language: '', currencyId: undefined, marketingOptIn: false, fields: new Map(), acceptsTerms: true };
    const difference = await apart(200, (email, ip) =>
      register(ctx, { ...form, profile: profile({ email }), password: 'nine paper boats drifting' }, ip),
    );
    assert.ok(difference < 2, `${difference} ms apart`);
  });
});
