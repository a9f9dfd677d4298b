import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';

/** A list in falling order of ids, read as the lists of clients and users read theirs. */
function readAt(ids: readonly number[], limit: number, place: KeysetPlace) {
  const { after, before } = place;
  if (before !== undefined) return ids.filter((id) => id > before).slice(-limit);
  return ids.filter((id) => after === undefined || id < after).slice(0, limit);
}

function leaf(ids: readonly number[], size: number, place: KeysetPlace) {
  return keysetPage(
    readAt(ids, size + 1, place).map((id) => ({ id })),
    size,
    place,
  );
}

const lists = fc.record({
  ids: fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 40 }).map((some) => some.sort((a, b) => b - a)),
  size: fc.integer({ min: 1, max: 7 }),
});

test('leafing to the end shows every row once, and stops', () => {
  fc.assert(
    fc.property(lists, ({ ids, size }) => {
      const seen: number[] = [];
      for (let page = leaf(ids, size, {}); ; page = leaf(ids, size, { after: page.next })) {
        seen.push(...page.rows.map((row) => row.id));
        if (page.next === undefined) break;
      }
      assert.deepEqual(seen, ids);
    }),
  );
});

test('leafing back from any page shows the page one came from', () => {
  fc.assert(
    fc.property(lists, ({ ids, size }) => {
      for (let page = leaf(ids, size, {}); page.next !== undefined; ) {
        const next = leaf(ids, size, { after: page.next });
        assert.notEqual(next.previous, undefined);
        assert.deepEqual(leaf(ids, size, { before: next.previous }).rows, page.rows);
        page = next;
      }
    }),
  );
});

test('the first page has nothing before it, the last nothing after it', () => {
  assert.deepEqual(leaf([3, 2, 1], 3, {}), {
    rows: [{ id: 3 }, { id: 2 }, { id: 1 }],
    next: undefined,
    previous: undefined,
  });
  assert.equal(leaf([3, 2, 1], 2, { before: 1 }).previous, undefined);
  assert.equal(leaf([3, 2, 1], 2, { after: 2 }).next, undefined);
});

test('a page whose rows are gone still leads back', () => {
  assert.deepEqual(leaf([9, 8], 2, { after: 8 }), { rows: [], next: undefined, previous: 8 });
});
