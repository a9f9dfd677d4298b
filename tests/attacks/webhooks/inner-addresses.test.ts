// An address of a webhook by which this server would knock at its own doors, in every way that an address can be written.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { addWebhook } from '#domain/webhooks/webhooks.ts';
import { isPublicAddress } from '#kit/address.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

let world: World;
before(async () => {
  world = await testWorld('sqlite', { cast: false });
});
after(() => world.close());

const INNER = [
  '127.1',
  '0177.0.0.1',
  '0x7f000001',
  '127.0.0.1.',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '[::]',
  '[::1]',
  '[::127.0.0.1]', // IPv4-compatible (RFC 4291, 2.5.5.1): withdrawn, but some systems still mean 127.0.0.1 by it
  '[::169.254.169.254]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::a00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fd00::1]',
  '[4000::1]', // given to nobody
];

test('an address inside is refused however it is written', async () => {
  for (const host of INNER) {
    const wish = { url: `https://${host}/hook`, description: '', events: 'every' } as const;
    const refused = { kind: 'invalid', fields: { url: 'webhook-address-private' } };
    await assert.rejects(addWebhook(world.ctx, systemActor('Test'), wish), refused, host);
  }
});

test('what everybody can reach is public', () => {
  for (const address of ['93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '240a:0:1::1'])
    assert.equal(isPublicAddress(address), true, address);
});
