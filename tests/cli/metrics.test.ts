// /metrics: who reads it, and what it tells.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { takeTurn } from '#domain/jobs/turn.ts';
import { minutes } from '#kit/duration.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const TOKEN = 'a-token-of-the-operator';

onBothDatabases('metrics', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, {
      environment: { DOORWARD_METRICS_TOKEN: TOKEN, DOORWARD_URL: 'https://my.example.test' },
    });
  });
  after(() => world.close());

  const scrape = (headers: Record<string, string> = {}, remoteAddress = '192.0.2.7') =>
    world.app.inject({ url: '/metrics', headers, remoteAddress });
  const told = async (): Promise<string> => (await scrape({ authorization: `Bearer ${TOKEN}` })).body;

  test('are for whoever bears the token, from anywhere', async () => {
    const answer = await scrape({ authorization: `Bearer ${TOKEN}` });
    assert.equal(answer.statusCode, 200);
    assert.match(answer.headers['content-type'] as string, /^text\/plain; version=0\.0\.4/);
    assert.equal((await scrape({ authorization: 'Bearer wrong' })).statusCode, 403);
    assert.equal((await scrape()).statusCode, 403);
  });

  test('are not for loopback behind a proxy, where every stranger is loopback', async () => {
    assert.equal((await scrape({}, '127.0.0.1')).statusCode, 403);
  });

  test('are for an allowed address', async () => {
    await world.ctx.db
      .insertInto('settings')
      .values({ name: 'api-allowed-addresses', value: '192.0.2.0/24', updated_at: 0 })
      .execute();
    world.clock.turn(minutes(1));
    assert.equal((await scrape({}, '192.0.2.7')).statusCode, 200);
    assert.equal((await scrape({}, '198.51.100.7')).statusCode, 403);
  });

  test('tell requests by route, never by the address that was asked for', async () => {
    await told();
    await world.app.inject({ url: '/password/set/secret-token-in-an-address' });
    await world.app.inject({ url: '/no/such/page?secret-query' });
    const text = await told();
    assert.ok(!text.includes('secret'), 'no address');
    assert.match(text, /doorward_http_request_duration_seconds_count\{method="GET",route="none",status="4xx"\} 1\n/);
    assert.match(text, /route="\/password\/set\/:token"/);
  });

  test('tell sign-ins by outcome, letters that wait, the password queue and jobs that fail', async () => {
    await told();
    await world.browser({ ip: '192.0.2.50' }).signIn('ada@example.test', 'wrong password');
    await world.browser({ ip: '192.0.2.51' }).signIn('eve@example.test');
    await takeTurn(world.ctx, {
      name: 'broken',
      everyMs: 1000,
      leaseMs: 1000,
      run: async () => {
        throw new Error('x');
      },
    });
    const text = await told();
    assert.match(text, /doorward_sign_ins_total\{side="user",outcome="failed"\} 1\n/);
    assert.match(text, /doorward_sign_ins_total\{side="user",outcome="success"\} 1\n/);
    assert.match(text, /doorward_letters\{state="waiting"\} \d+\n/);
    assert.match(text, /doorward_job_failing\{job="broken"\} 1\n/);
    assert.match(text, /doorward_password_queue_waiting 0\n/);
    assert.match(text, /doorward_password_hashes_total [1-9]\d*\n/);
    assert.match(text, /process_resident_memory_bytes \d+/);
    const again = await told();
    assert.match(again, /doorward_sign_ins_total\{side="user",outcome="failed"\} 1\n/, 'each is counted once');
  });
});

test('are open to loopback while the public address is loopback itself', async () => {
  const world = await testWorld('sqlite', { cast: false });
  assert.equal((await world.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).statusCode, 200);
  assert.equal((await world.app.inject({ url: '/metrics', remoteAddress: '192.0.2.7' })).statusCode, 403);
  await world.close();
});
