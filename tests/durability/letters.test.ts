// Letters between real processes and a real mail server: each leaves once, and a server that hangs holds nobody up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { systemActor } from '#domain/audit/actor.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { postLetters } from '#domain/mail/post.ts';
import { addUser } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import { readConfig } from '#src/config.ts';
import type { OpenContext } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import { installation } from '#tests/cli/doorward.ts';
import { startSmtp } from '#tests/smtp.ts';
import { onBothDatabases, TEST_COST, testWorld } from '#tests/world.ts';

const LETTERS = 30;
const actor = systemActor('Test');

onBothDatabases('two servers and one mail server', (database) => {
  test('deliver each letter once', async () => {
    const smtp = await startSmtp();
    const here = await installation({ database });
    const ctx = await openContext(readConfig(here.env), { passwordCost: TEST_COST, logger: pino({ level: 'silent' }) });
    try {
      await queue(ctx, LETTERS);
      const servers = await Promise.all([0, 1].map(() => here.serve({ env: { DOORWARD_SMTP_URL: smtp.url } })));
      for (let tries = 0; tries < 300 && (await stillWaiting(ctx)) > 0; tries += 1) await sleep(100);
      await sleep(500); // a second copy would come now
      for (const server of servers) server.signal('SIGTERM');
      assert.deepEqual(await Promise.all(servers.map((server) => server.ended)), [0, 0]);
      const recipients = smtp.letters.map((letter) => letter.to.join());
      assert.equal(recipients.length, LETTERS);
      assert.equal(new Set(recipients).size, LETTERS);
      const history = await letterHistory(ctx, { state: 'sent' }, { limit: 100 });
      assert.equal(history.length, LETTERS);
      assert.ok(history.every((letter) => letter.attempts === 1));
    } finally {
      await ctx.close();
      await here.close();
      await smtp.stop();
    }
  });
});

test('a mail server that never answers costs one letter its patience, not each of them', async () => {
  const smtp = await startSmtp();
  const answer = smtp.hang('greeting');
  const world = await testWorld('sqlite', { cast: false, environment: { DOORWARD_SMTP_URL: smtp.url } });
  await queue(world.ctx, 5);
  const startedAt = performance.now();
  assert.equal(await postLetters(world.ctx), 0);
  assert.ok(performance.now() - startedAt < 29_000, 'one patience of 15 seconds');
  const letters = await letterHistory(world.ctx, {}, { limit: 10 });
  assert.deepEqual(letters.map((letter) => letter.attempts).sort(), [0, 0, 0, 0, 1]);
  assert.ok(letters.every((letter) => letter.state === 'waiting'));
  answer();
  world.clock.turn(seconds(31));
  assert.equal(await postLetters(world.ctx), 5);
  await world.close();
  await smtp.stop();
});

test('a server that is told to stop finishes the letter under way', async () => {
  const smtp = await startSmtp();
  const answer = smtp.hang('letter');
  const here = await installation({ database: 'sqlite' });
  const ctx = await openContext(readConfig(here.env), { passwordCost: TEST_COST, logger: pino({ level: 'silent' }) });
  await queue(ctx, 1);
  const server = await here.serve({ env: { DOORWARD_SMTP_URL: smtp.url } });
  for (let tries = 0; tries < 200 && (await letterHistory(ctx, {}, { limit: 1 }))[0]?.attempts === 0; tries += 1)
    await sleep(50);
  await sleep(500); // it is with the mail server now
  server.signal('SIGTERM');
  await sleep(300);
  answer();
  assert.equal(await server.ended, 0);
  const [letter] = await letterHistory(ctx, {}, { limit: 1 });
  assert.equal(letter?.state, 'sent');
  assert.equal(smtp.letters.length, 1);
  await ctx.close();
  await here.close();
  await smtp.stop();
});

async function queue(ctx: OpenContext, count: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    for (let number = 0; number < count; number += 1) {
      const email = `person${number}@example.test`;
      const id = await addUser(tx, actor, { firstName: 'Person', lastName: String(number), email });
      await sendPasswordLink(tx, actor, id, 'welcome');
    }
  });
}

async function stillWaiting(ctx: OpenContext): Promise<number> {
  return (await letterHistory(ctx, { state: 'waiting' }, { limit: 100 })).length;
}
