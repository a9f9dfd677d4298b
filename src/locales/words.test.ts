// The words: every key of English is used, every other language has the same keys and values, and every text can be said.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import IntlMessageFormat from 'intl-messageformat';
import { languages } from '#src/locales/words.ts';

const HERE = new URL('./', import.meta.url);
const SOURCES = new URL('../', import.meta.url);

/** The texts of a language by their whole name. */
function textsOf(code: string): Map<string, string> {
  const folder = new URL(`${code}/`, HERE);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder).flatMap((file) => {
      const words = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>; // checked below
      return Object.entries(words).map(([name, text]) => [`${file.replace('.json', '')}.${name}`, text] as const);
    }),
  );
}

/** What merge fields hold: email-templates.test.ts holds these to the fields that there are. */
const HELD_ELSEWHERE = /^templates\.holds\./;

const english = textsOf('en');
const others = languages.filter((one) => one.code !== 'en');

describe('the words', () => {
  test('are all used: none is left from a page that is gone', () => {
    const sources = readdirSync(fileURLToPath(SOURCES), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, SOURCES), 'utf8'))
      .join('\n');
    const patterns = putTogether(sources);
    const unused = [...english.keys()].filter((key) => !HELD_ELSEWHERE.test(key) && !isUsed(key, sources, patterns));
    assert.deepEqual(unused, []);
  });

  test('can all be said, in every language', () => {
    for (const { code } of languages)
      for (const [key, text] of textsOf(code)) {
        const format = new IntlMessageFormat(text, code, undefined, { ignoreTag: true });
        const said = String(format.format(Object.fromEntries([...valuesOf(text)].map((name) => [name, 3]))));
        assert.notEqual(said.trim(), '', `${code} ${key}`);
      }
  });
});

for (const { code, name } of others)
  describe(`the words in ${name}`, () => {
    const texts = textsOf(code);

    test('are complete, and none is beyond the English ones', () => {
      assert.deepEqual(
        [...english.keys()].filter((key) => !texts.has(key)),
        [],
        'missing',
      );
      assert.deepEqual(
        [...texts.keys()].filter((key) => !english.has(key)),
        [],
        'no longer there in English',
      );
    });

    test('take the same values as the English ones', () => {
      const different = [...texts].filter(([key, text]) => {
        const [here, there] = [valuesOf(text), valuesOf(english.get(key) ?? '')];
        return [...here].sort().join() !== [...there].sort().join();
      });
      assert.deepEqual(
        different.map(([key]) => key),
        [],
      );
    });

    test('tell apart what the language tells apart in numbers', () => {
      const wanted = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
      for (const [key, text] of texts)
        for (const forms of pluralsOf(text)) {
          // `many` of Spanish, French and Portuguese is for millions in short notation, which nothing here writes.
          const missing = wanted.filter((one) => !forms.has(one) && (one !== 'many' || code === 'ar'));
          assert.deepEqual(missing, [], `${key}: ${missing.join()}`);
        }
    });

    test('are translated: a long sentence is not the English one', () => {
      const same = [...texts].filter(([key, text]) => text.length > 40 && text === english.get(key));
      assert.deepEqual(
        same.map(([key]) => key),
        [],
      );
    });
  });

/** Keys that code puts together, `admin.letters.state.${state}`, as patterns. */
function putTogether(sources: string): RegExp[] {
  return [...sources.matchAll(/`([a-z]+\.[^`\s]*\$\{[^`]*)`/g)].map(([, text = '']) => {
    const parts = text.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('(.+)')}$`);
  });
}

/** Whether code names the key, or puts it together of a part that stands somewhere as a word of its own. */
function isUsed(key: string, sources: string, patterns: readonly RegExp[]): boolean {
  const isWord = (text: string): boolean =>
    sources.includes(`'${text}'`) || sources.includes(`\`${text}\``) || new RegExp(`[{,] *${text}[:,]`).test(sources);
  if (isWord(key)) return true;
  return patterns.some((pattern) => {
    const [, ...parts] = pattern.exec(key) ?? [];
    return parts.length > 0 && parts.every((part) => isWord(part) || isWord(part.split('.')[0] ?? ''));
  });
}

type Element = { type: number; value?: string; options?: Record<string, { value: Element[] }> };

/** The names of the values that a text takes. */
function valuesOf(text: string): Set<string> {
  const names = new Set<string>();
  const walk = (elements: readonly Element[]): void => {
    for (const { type, value, options } of elements) {
      if (type !== 0 && type !== 7 && value !== undefined) names.add(value);
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(elementsOf(text));
  return names;
}

/** The forms that each plural in a text has. */
function pluralsOf(text: string): Set<string>[] {
  const found: Set<string>[] = [];
  const walk = (elements: readonly Element[]): void => {
    for (const { type, options } of elements) {
      if (type === 6 && options) found.push(new Set(Object.keys(options)));
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(elementsOf(text));
  return found;
}

function elementsOf(text: string): Element[] {
  return new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst() as unknown as Element[]; // its published shape
}
