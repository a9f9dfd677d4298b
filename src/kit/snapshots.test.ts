// Values kept for a moment, and what transactions see of them.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, test } from 'node:test';
import { insideTransaction } from '#kit/database/database.ts';
import { openSnapshots } from '#kit/snapshots.ts';

/** A truth that is loaded, and counts how often. */
function truth() {
  const it = {
    value: 'old',
    loads: 0,
    load: async (): Promise<string> => {
      it.loads += 1;
      return it.value;
    },
  };
  return it;
}

describe('outside of transactions', () => {
  test('a value is loaded once within its age, and anew after it', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    assert.equal(await kept.get('s', 1000, 500, db.load), 'old');
    db.value = 'new';
    assert.equal(await kept.get('s', 1499, 500, db.load), 'old');
    assert.equal(await kept.get('s', 1500, 500, db.load), 'new');
    assert.equal(db.loads, 2);
  });

  test('many at once share one load', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    await Promise.all(Array.from({ length: 50 }, () => kept.get('s', 0, 500, db.load)));
    assert.equal(db.loads, 1);
  });

  test('a clock that went back does not keep a value for longer', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    await kept.get('s', 1_000_000, 500, db.load);
    db.value = 'new';
    assert.equal(await kept.get('s', 0, 500, db.load), 'new');
  });

  test('what was forgotten is loaded anew, also while an older load is still under way', async () => {
    const kept = openSnapshots();
    const slow = Promise.withResolvers<string>();
    const before = kept.get('s', 0, 500, () => slow.promise);
    kept.forget('s');
    assert.equal(await kept.get('s', 0, 500, async () => 'new'), 'new');
    slow.resolve('old');
    await before;
    assert.equal(await kept.get('s', 0, 500, async () => 'newer'), 'new', 'the old load put its value back');
  });

  test('a load that failed is not kept', async () => {
    const kept = openSnapshots();
    const broken = async (): Promise<string> => {
      throw new Error('no database');
    };
    await assert.rejects(kept.get('s', 0, 500, broken), /no database/);
    assert.equal(await kept.get('s', 0, 500, async () => 'here'), 'here');
  });
});

describe('inside a transaction', () => {
  test('what was loaded for everybody is used', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    await kept.get('s', 0, 500, db.load);
    await insideTransaction(() => kept.get('s', 0, 500, db.load));
    assert.equal(db.loads, 1);
  });

  test('a load under way elsewhere is not waited for: it may wait for the very connection that this one holds', async () => {
    const kept = openSnapshots();
    const never = Promise.withResolvers<string>();
    const outside = kept.get('s', 0, 500, () => never.promise);
    assert.equal(await insideTransaction(() => kept.get('s', 0, 500, async () => 'own')), 'own');
    never.resolve('late');
    assert.equal(await outside, 'late');
  });

  test('what it loads is for itself alone: it may be its own change, not yet done and perhaps never', async () => {
    const kept = openSnapshots();
    await insideTransaction(async () => {
      assert.equal(await kept.get('s', 0, 500, async () => 'not committed'), 'not committed');
    });
    assert.equal(await kept.get('s', 0, 500, async () => 'committed'), 'committed');
  });

  test('it loads once for all its reads', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    await insideTransaction(async () => {
      for (let times = 0; times < 5; times += 1) await kept.get('s', 0, 500, db.load);
    });
    assert.equal(db.loads, 1);
  });

  test('after its own change it reads anew, whatever others load meanwhile', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    await kept.get('s', 0, 500, db.load);
    const changed = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const inside = insideTransaction(async () => {
      kept.forget('s');
      changed.resolve();
      await goOn.promise;
      return kept.get('s', 0, 500, async () => 'own change');
    });
    await changed.promise;
    assert.equal(await kept.get('s', 0, 500, db.load), 'old');
    goOn.resolve();
    assert.equal(await inside, 'own change');
  });

  test('two at once do not see each other', async () => {
    const kept = openSnapshots();
    const read = (text: string): Promise<string> => insideTransaction(() => kept.get('s', 0, 500, async () => text));
    assert.deepEqual(await Promise.all([read('one'), read('two')]), ['one', 'two']);
  });
});

describe('what is at hand', () => {
  test('is what was loaded, for as long as `get` would answer it', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    assert.equal(kept.known('s', 1000, 500), undefined, 'never loaded');
    const loading = kept.get('s', 1000, 500, db.load);
    assert.equal(kept.known('s', 1000, 500), undefined, 'still loading');
    await loading;
    assert.equal(kept.known('s', 1499, 500), 'old');
    assert.equal(kept.known('s', 1500, 500), undefined, 'too old');
    assert.equal(kept.known('s', 0, 500), undefined, 'a clock that went back');
    kept.forget('s');
    assert.equal(kept.known('s', 1000, 500), undefined, 'forgotten');
  });

  test('is not at hand in a transaction that changed it, nor what that transaction read for itself', async () => {
    const [kept, db] = [openSnapshots(), truth()];
    const outside = AsyncLocalStorage.snapshot();
    await kept.get('s', 0, 500, db.load);
    await insideTransaction(async () => {
      assert.equal(kept.known('s', 0, 500), 'old');
      kept.forget('s');
      await outside(() => kept.get('s', 0, 500, db.load));
      assert.equal(
        outside(() => kept.known('s', 0, 500)),
        'old',
        'others see what is committed',
      );
      assert.equal(kept.known('s', 0, 500), undefined);
      await kept.get('own', 0, 500, async () => 'not committed');
    });
    assert.equal(kept.known('own', 0, 500), undefined);
  });
});
