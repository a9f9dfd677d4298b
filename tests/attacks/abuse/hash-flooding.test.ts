// Hash flooding: passwords of a megabyte, and more sign-ins at once than the machine can compute. Memory stays bounded, what
// is too much is refused at once, and staff still get in.

import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Problem } from '#kit/problem.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import { testWorld } from '#tests/world.ts';

// The database has no part in it.
test('1 MB password, 10,000 parallel logins: bounded memory, quick refusal, staff login still works', async (t) => {
  const world = await testWorld('sqlite');
  t.after(() => world.close());
  const { passwords } = world.ctx;

  const one = world.browser();
  const csrf = csrfOf(await one.get('/login'));
  const hashes = passwords.hashes;
  for (const path of ['/login', '/admin/login']) {
    const fields = { csrf, email: 'ada@example.test', username: 'root', password: 'x'.repeat(1_000_000) };
    assert.equal((await one.postRaw(path, fields, { 'sec-fetch-site': 'same-origin' })).statusCode, 413, path);
  }
  assert.equal(passwords.hashes, hashes, 'a megabyte is not even read to its end');

  // Each from a network of its own and for a name of its own, so that no limit is met: what is left is the queue.
  let most = 0;
  let slowestRefusal = 0;
  const attempt = async (at: number): Promise<number> => {
    const browser = world.browser({ ip: `10.${at >> 8}.${at & 255}.1` });
    browser.cookies.set('doorward-visit', one.cookies.get('doorward-visit') ?? '');
    const began = performance.now();
    const fields = { csrf, email: `name${at}@example.test`, password: 'wrong password here' };
    const { statusCode, headers } = await browser.postRaw('/login', fields, { 'sec-fetch-site': 'same-origin' });
    most = Math.max(most, passwords.waiting);
    if (statusCode === 503) {
      slowestRefusal = Math.max(slowestRefusal, performance.now() - began);
      assert.ok(Number(headers['retry-after']) > 0);
    }
    return statusCode;
  };
  const before = process.memoryUsage().rss;
  // More than twice what may wait, through the pages; ten thousand below are no other case to the queue.
  const flood = Promise.all(Array.from({ length: 320 }, (_, at) => attempt(at)));
  const staff = world.browser({ ip: '192.0.2.77' });
  const signIns: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    signIns.push((await staff.signIn('root')).statusCode);
    staff.cookies.delete('doorward-admin');
  }
  assert.ok(passwords.waiting > 0, 'the flood goes on');
  const statuses = await flood;
  assert.deepEqual(new Set(signIns), new Set([303]), 'staff get in all the while');
  assert.deepEqual(new Set(statuses), new Set([422, 503]));
  assert.ok(statuses.filter((status) => status === 503).length > 60, 'what is too much is refused');
  assert.ok(most < 64 * availableParallelism() + 64, `${most} waited at once`);
  assert.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024, 'memory is bounded');

  const began = performance.now();
  let quickly = 0;
  const atOnce = Array.from({ length: 10_000 }, () =>
    passwords.check('wrong password here', undefined).then(
      () => 'checked',
      (error: unknown) => {
        if (performance.now() - began < 2000) quickly += 1;
        return error instanceof Problem ? error.code : String(error);
      },
    ),
  );
  assert.ok(passwords.waiting <= 64 * availableParallelism() + 64, `${passwords.waiting} of 10,000 wait`);
  const answers = await Promise.all(atOnce);
  const refused = answers.filter((one) => one === 'too-busy').length;
  assert.equal(answers.filter((one) => one === 'checked').length + refused, 10_000);
  assert.ok(refused > 9000 && quickly > 9000, `${refused} were refused, ${quickly} of them at once`);
  assert.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024, 'memory is bounded');

  t.diagnostic(
    `${signIns.length} sign-ins of staff meanwhile, slowest refusal ${Math.round(slowestRefusal)} ms, ${most} waited`,
  );
});
