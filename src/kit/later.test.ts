// Work after the answer: done later, waited for, and its failure is heard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { later, laterDone, toItsEnd } from './later.ts';

const never = (error: unknown): void => assert.fail(String(error));

test('it begins after what is under way, and whoever leaves waits for it and for what it began', async () => {
  const order: string[] = [];
  later(async () => {
    order.push('first');
    later(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('begun meanwhile');
    }, never);
  }, never);
  order.push('answered');
  await laterDone();
  assert.deepEqual(order, ['answered', 'first', 'begun meanwhile']);
});

test('what fails is heard and holds nobody up', async () => {
  const heard: unknown[] = [];
  later(
    async () => {
      throw new Error('no database');
    },
    (error) => heard.push(error),
  );
  await laterDone();
  assert.match(String(heard[0]), /no database/);
});

test('work that somebody else hears of is waited for, also when it fails', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = assert.rejects(toItsEnd(asked.promise), /gone/);
  let isOver = false;
  const over = laterDone().then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(isOver, false);
  asked.reject(new Error('gone'));
  await Promise.all([answer, over]);
});
