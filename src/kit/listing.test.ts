// Lists and searches against the plainest way to do the same: whatever is typed, exactly what holds it is found.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { systemActor } from '#domain/audit/actor.ts';
import { countUsers, listUsers } from '#domain/users/user-list.view.ts';
import { addUser } from '#domain/users/users.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const NAMES = [
  ['100%', 'Sure'],
  ['a_b', 'Underscore'],
  ['axb', 'No Underscore'],
  ['back\\slash', 'Path'],
  ["O'Brien", 'Quote'],
  ['"Quoted"', 'Name'],
  ['star*', 'AND NOT'],
  ['near(x)', 'OR x'],
  ['ÉLAN', 'Große'],
  ['Zoë', 'İstanbul'],
  ['李', '小龍'],
  ['👩‍💻', 'Emoji'],
  ['ＦＵＬＬ', 'Width'],
  ['--', '; drop table users'],
  ['{client_id}', '${x}'],
  ['col:umn', '^caret'],
] as const;

onBothDatabases('a search', (database) => {
  let world: World;
  let ctx: Context;
  const everybody: { id: number; searched: string; prefixes: string[] }[] = [];
  before(async () => {
    world = await testWorld(database, { cast: false });
    ctx = world.ctx;
    for (const [at, [firstName, lastName]] of NAMES.entries()) {
      const email = `person${at}@example.test`;
      const id = await addUser(ctx, systemActor(), { firstName, lastName, email });
      const full = comparable(`${firstName} ${lastName}`);
      everybody.push({
        id,
        searched: `${full}\n${email}`,
        prefixes: [full, comparable(lastName), comparable(firstName), email],
      });
    }
  });
  after(() => world.close());

  const idsOf = async (filter: Parameters<typeof listUsers>[1]): Promise<number[]> =>
    (await listUsers(ctx, filter, { limit: 100 })).map((user) => user.id);
  /** Terms under three signs are searched as prefixes: three are the least that a trigram index can find. */
  const holding = (term: string): number[] => {
    const text = comparable(term);
    if (text === '') return everybody.map(({ id }) => id);
    return everybody
      .filter(({ searched, prefixes }) =>
        [...text].length < 3 ? prefixes.some((one) => one.startsWith(text)) : searched.includes(text),
      )
      .map(({ id }) => id);
  };
  const starting = (term: string): number[] => {
    const text = comparable(term);
    return everybody.filter(({ prefixes }) => prefixes.some((one) => one.startsWith(text))).map(({ id }) => id);
  };

  const odd = [
    '%',
    '%%%',
    '_',
    '___',
    '\\',
    '\\\\\\',
    '"',
    '"""',
    "'",
    "'''",
    '*',
    'a*',
    'AND',
    'OR NOT',
    'NEAR(a b)',
    '(',
    ')))',
    ':',
    '^',
    '-',
    '--',
    '   ',
    '\t',
    '',
    'İ',
    'ß',
    'ss',
    '李',
    '小龍',
    '👩‍💻',
    '\u200d',
    'full',
    'ＷＩＤ',
    '\n',
    'sure\nperson0',
    '\0',
    'abc\0',
    '\ud800',
    'search_text:a',
    '{',
    "x' or '1'='1",
  ];

  test('for a part finds exactly those that hold it, whatever its signs mean to a database', async () => {
    for (const term of odd) {
      const expected = /[\0\ud800]/.test(term) ? [] : holding(term);
      assert.deepEqual(await idsOf({ contains: term }), expected, JSON.stringify(term));
      assert.deepEqual(
        await countUsers(ctx, { contains: term }),
        { count: expected.length, exact: true },
        JSON.stringify(term),
      );
    }
  });

  test('for a beginning likewise', async () => {
    for (const term of odd) {
      const expected = /[\0\ud800]/.test(term) ? [] : starting(term);
      assert.deepEqual(await idsOf({ startsWith: term }), expected, JSON.stringify(term));
      assert.equal((await countUsers(ctx, { startsWith: term })).count, expected.length, JSON.stringify(term));
    }
  });

  test('for any piece of any name finds whoever has it', async () => {
    const piece = fc
      .tuple(fc.constantFrom(...everybody), fc.nat(), fc.integer({ min: 1, max: 12 }))
      .map(([{ searched }, from, length]) =>
        [...searched].slice(from % searched.length, (from % searched.length) + length).join(''),
      );
    await fc.assert(
      fc.asyncProperty(piece, async (term) => {
        assert.deepEqual(await idsOf({ contains: term }), holding(term), JSON.stringify(term));
        assert.deepEqual(await idsOf({ startsWith: term }), starting(term), JSON.stringify(term));
      }),
      { numRuns: 150 },
    );
  });

  test('for something longer than any name finds nobody, and is no work', async () => {
    const began = performance.now();
    assert.deepEqual(await idsOf({ contains: 'x'.repeat(200_000) }), []);
    assert.deepEqual(await idsOf({ startsWith: '%'.repeat(200_000) }), []);
    assert.ok(performance.now() - began < 2000);
  });

  test('page by page, forwards and backwards, shows each once', async () => {
    const all = everybody.map(({ id }) => id);
    for (const descending of [false, true]) {
      const seen: number[] = [];
      for (let after: number | undefined; ; ) {
        const page = await listUsers(ctx, {}, { limit: 5, descending, ...(after === undefined ? {} : { after }) });
        if (page.length === 0) break;
        seen.push(...page.map((user) => user.id));
        after = page.at(-1)?.id;
      }
      assert.deepEqual(seen, descending ? [...all].reverse() : all);
      const last = await listUsers(ctx, {}, { limit: 5, descending, before: seen.at(-1) });
      assert.deepEqual(
        last.map((user) => user.id),
        seen.slice(-6, -1),
      );
    }
  });
});
