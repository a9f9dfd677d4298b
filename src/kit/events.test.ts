// Events between topics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subscriber } from '#kit/events.ts';
import { defineEvent, openBus, subscriber } from '#kit/events.ts';

type Made = { heard: string[] };
const left = defineEvent<{ who: string }>('member.left');
const joined = defineEvent<{ who: string }>('member.joined');

function hears(name: string) {
  return async (tx: Made, { who }: { who: string }): Promise<void> => {
    await new Promise((next) => setImmediate(next));
    tx.heard.push(`${name} of ${who}`);
  };
}

test('whoever subscribed hears, in order, in the transaction of whoever announced, before that goes on', async () => {
  const bus = openBus<Made>([
    subscriber(left, hears('first')),
    subscriber(joined, hears('another')),
    subscriber(left, hears('second')),
  ]);
  const tx: Made = { heard: [] };
  await bus.announce(tx, left, { who: 'ben' });
  assert.deepEqual(tx.heard, ['first of ben', 'second of ben']);
});

test('what goes wrong in one who hears reaches whoever announced, and nobody after hears', async () => {
  const fails = subscriber<Made, { who: string }>(left, async () => {
    throw new Error('could not end the sessions');
  });
  const bus = openBus<Made>([fails, subscriber(left, hears('second'))]);
  const tx: Made = { heard: [] };
  await assert.rejects(bus.announce(tx, left, { who: 'ben' }), /could not end the sessions/);
  assert.deepEqual(tx.heard, []);
});

test('what is announced to nobody is no error', async () => {
  await openBus<Made>([]).announce({ heard: [] }, left, { who: 'ben' });
});

test('something that is no subscriber stops the start: it would silently hear nothing', () => {
  for (const odd of [() => {}, 'member.left', undefined, null, {}, { event: 'member.left' }, { hear: () => {} }])
    assert.throws(() => openBus<Made>([odd as unknown as Subscriber<Made>]), /subscriber/);
});
