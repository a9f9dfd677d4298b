// User enumeration by time: 2,000 sign-ins with a wrong password, half of them of people who are here. The slow computation is
// the same for both (src/domain/credentials/password/hasher.test.ts) and is left out, so that what is beside it can be seen at
// all. Words, status, headers and letters are in tests/attacks/entrance/enumeration.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { addUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';

/** On PostgreSQL fewer do: its answers come over a socket, and vary by more than a stranger could average away. */
const SAMPLES = { sqlite: 2000, postgres: 300 } as const;

onBothDatabases('timing', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { cast: false });
    const { check: _slow, ...passwords } = world.ctx.passwords;
    const check = async () => ({ matches: false, outdated: false });
    ctx = { ...world.ctx, passwords: { ...passwords, check } as Context['passwords'] };
  });
  after(() => world.close());

  test('a wrong password takes as long for somebody as for nobody, within a tenth of a hash', async () => {
    const half = SAMPLES[database] / 2;
    const passwordHash = await sealedPassword();
    await ctx.transaction(async (tx) => {
      for (let at = 0; at < half; at += 1)
        await addUser(tx, systemActor('Test'), {
          firstName: 'Here',
          lastName: 'Person',
          email: `here${at}@example.test`,
          passwordHash,
        });
    });
    const took = { here: [] as number[], gone: [] as number[] };
    for (let at = 0; at < half; at += 1)
      for (const who of at % 2 ? (['here', 'gone'] as const) : (['gone', 'here'] as const)) {
        const ip = `10.${at >> 8}.${at & 255}.${who === 'here' ? 1 : 2}`;
        const name = `${who}${at}@example.test`;
        const began = performance.now();
        const source = { kind: 'visitor', ip } as const;
        await offerPassword(ctx, { side: 'user', name, password: 'wrong', source, ip, isPersonThere: true });
        took[who].push(performance.now() - began);
      }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const apart = Math.abs(median(took.here) - median(took.gone));
    assert.ok(apart < 2, `${apart} ms apart`);
  });
});
