// Days of date fields: real ones only, from midnight to midnight UTC.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { days } from '#kit/duration.ts';
import { dayEnd, dayOf, dayStart } from '#web/day.ts';

test('a day begins and ends at midnight UTC', () => {
  const start = Date.UTC(2028, 1, 29);
  assert.equal(dayStart('2028-02-29'), start);
  assert.equal(dayEnd('2028-02-29'), start + days(1));
  assert.equal(dayOf(start + days(1) - 1), '2028-02-29');
});

test('what names no day is none', () => {
  for (const text of [
    '',
    'tomorrow',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-6-1',
    '2026-06-01T00:00',
    '+002026-06-01',
  ])
    assert.equal(dayStart(text), undefined, text);
});
