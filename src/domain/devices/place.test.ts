// Countries of addresses.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { countryName, countryOf } from '#domain/devices/place.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

describe('about where an address is', () => {
  let world: World;
  before(async () => {
    world = await testWorld('sqlite', { cast: false });
  });
  after(() => world.close());

  test('is told by a country, also where IPv6 wraps the older kind', async () => {
    assert.equal(await countryOf(world.ctx, '8.8.8.8'), 'US');
    assert.equal(await countryOf(world.ctx, '::ffff:8.8.8.8'), 'US');
    assert.equal(countryName('de', 'US'), 'Vereinigte Staaten');
  });

  test('is not made up: of private, made-up and newer addresses nothing is told', async () => {
    for (const ip of ['127.0.0.1', '10.1.2.3', '192.168.0.1', '203.0.113.7', '2001:db8::1', 'a', '', '999.1.1.1'])
      assert.equal(await countryOf(world.ctx, ip), undefined, ip);
  });

  test('is not looked up where the operator does not want it', async () => {
    await changeSettings(world.ctx, systemActor('Test'), { 'show-places': '' });
    assert.equal(await countryOf(world.ctx, '8.8.8.8'), undefined);
  });
});
