// How long refusals are held back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRefusalPace } from './refusal-pace.ts';

test('where only one format is known nobody is held', () => {
  const pace = openRefusalPace();
  pace.remember('m=19456,t=2,p=1', 25);
  assert.equal(pace.remainder(25, 25), 0);
});

test('a fast refusal is held until the slowest format would have answered', () => {
  const pace = openRefusalPace();
  pace.remember('m=19456,t=2,p=1', 25);
  pace.remember('bcrypt 10', 50);
  assert.equal(25 + pace.remainder(25, 25), 50);
  assert.equal(50 + pace.remainder(50, 50), 50);
});

test('a busy machine stretches both alike', () => {
  const pace = openRefusalPace();
  pace.remember('bcrypt 10', 50);
  assert.equal(75 + pace.remainder(75, 25), 150);
  assert.equal(150 + pace.remainder(150, 50), 150);
});

test('one hiccup does not set the pace', () => {
  const pace = openRefusalPace();
  for (let i = 0; i < 20; i += 1) pace.remember('bcrypt 10', 50);
  pace.remember('bcrypt 10', 130);
  assert.equal(25 + pace.remainder(25, 25), 60);
});

test('nobody is held for more than a second, nor by clocks too coarse for a short computation', () => {
  const pace = openRefusalPace();
  pace.remember('bcrypt 15', 5000);
  assert.equal(pace.remainder(25, 25), 1000);
  const quick = openRefusalPace();
  quick.remember('bcrypt 10', 50);
  assert.equal(0.1 + quick.remainder(0.1, 0), 50);
});

test('imported rows of a thousand costs do not fill the memory', () => {
  const pace = openRefusalPace();
  for (let cost = 0; cost < 1000; cost += 1) pace.remember(`m=${cost}`, cost);
  assert.equal(pace.remainder(0, 0), 31);
});
