// What the rules rest on: a source taken apart rightly.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { type Import, readSourceText } from '#tests/kit/source-text.ts';

describe('imports', () => {
  const cases: Record<string, Partial<Import>> = {
    "import { a, b as c } from '#kit/x.ts';": { specifier: '#kit/x.ts', names: ['a', 'b'], typeOnly: false },
    'import { a } from "#kit/x.ts";': { specifier: '#kit/x.ts', names: ['a'] },
    "import type { A } from './x.ts';": { specifier: './x.ts', names: ['A'], typeOnly: true },
    "import { type A, b } from './x.ts';": { names: ['A', 'b'], typeOnly: false },
    "import d, { a } from 'd';": { specifier: 'd', names: ['default', 'a'] },
    "import * as all from 'd';": { names: ['*'] },
    "import type * as all from 'd';": { names: ['*'], typeOnly: true },
    "import 'effect';": { specifier: 'effect', names: [] },
    "import {\n  a,\n  b,\n} from 'd';": { names: ['a', 'b'], line: 1 },
    "export { a as b } from 'd';": { names: ['a'], handedOn: true },
    "export * from 'd';": { names: ['*'], handedOn: true },
    "export type { A } from 'd';": { names: ['A'], handedOn: true, typeOnly: true },
    "\nconst x = await import('d');": { specifier: 'd', names: ['*'], line: 2 },
    'const x = await import(path);': { specifier: undefined, names: ['*'] },
    'const x = await import(`./${name}.ts`);': { specifier: undefined },
    "type T = import('kysely').Generated;": { specifier: 'kysely' },
    "const x = `${await import('d')}`;": { specifier: 'd' },
  };
  for (const [source, expected] of Object.entries(cases)) {
    test(source.replaceAll('\n', ' '), () => {
      const found = readSourceText(source).imports;
      assert.equal(found.length, 1);
      assert.deepEqual({ ...found[0], ...expected }, found[0]);
    });
  }
});

describe('no imports', () => {
  for (const source of [
    "// import { a } from 'x';",
    "/* import { a } from 'x'; */",
    "const x = 'import { a } from \\'x\\'';",
    'const x = `import y from "x"`;',
    "const x = /import y from 'x'/;",
    'import.meta.dirname;',
    "thing.import('x');",
    "export const from = 'x';",
    "export { a };\nconst b = Array.from('x');",
    "export type A = { from: 'x' };",
  ]) {
    test(source.replaceAll('\n', ' '), () => assert.deepEqual(readSourceText(source).imports, []));
  }
});

describe('code and literals', () => {
  test('comments and the insides of texts are blank, all else stands where it stood', () => {
    const source = `a('b // c'); // d\n/* e */ f(/'g/, h / i / j);`;
    const { code } = readSourceText(source);
    assert.equal(code, `a('      ');     \n        f(/  /, h / i / j);`);
  });

  test('a template is one text, with ? for what it inserts, and its insertions are code', () => {
    const { code, literals } = readSourceText(
      "sql`update $<t({ a: `x$<'y'}` })} set b = $<c}`; d".replaceAll('$<', '${'),
    );
    assert.deepEqual(literals.map(({ text }) => text).sort(), ['update ? set b = ?', 'x?', 'y'].sort());
    assert.match(code, /t\(\{ a: `/);
    assert.match(code, /\bd$/);
  });

  test('a character outside the basic plane moves nothing', () => {
    assert.equal(readSourceText(`a('😀'); b`).code, `a('  '); b`);
  });

  test('a text that does not end is told, not read on', () => {
    assert.throws(() => readSourceText("a;\nb('c);\n"), /line 2: a string/);
    assert.throws(() => readSourceText('`a'), /a template/);
    assert.throws(() => readSourceText('`a${b'), /a template/);
    assert.throws(() => readSourceText('/* a'), /a comment/);
  });
});

test('every source of ours is read as Node reads it', () => {
  const root = resolve(import.meta.dirname, '../..');
  for (const file of globSync(['src/**/*.ts', 'tests/**/*.ts'], { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8');
    const ours = readSourceText(text).imports.filter(({ typeOnly }) => !typeOnly).length;
    // With types gone, import() in a type is gone too; with comments gone, what is left is what Node loads.
    const stripped = readSourceText(stripTypeScriptTypes(text)).imports;
    const inTypes = ours - stripped.length;
    assert.ok(inTypes >= 0 && inTypes <= (text.match(/(?:: |<|typeof )import\(/g) ?? []).length, file);
    assert.ok(
      stripped.every(({ typeOnly }) => !typeOnly),
      file,
    );
  }
});
