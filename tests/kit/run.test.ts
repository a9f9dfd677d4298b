// The runner, tried on files that would like to look green: each case is a way in which test runs have lied before.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const RUNNER = resolve(import.meta.dirname, '../run.ts');

test('counts the leaves, and says so in the last line', () => {
  const ran = runOn({
    'src/good.test.ts': `${HEAD}
      test('one', () => {});
      test('parent', async (t) => { await t.test('two', () => {}); await t.test('three', () => {}); });
      describe('suite', () => { test('four', () => {}); test('later', { skip: 'no browser' }, () => {}); });`,
  });
  assert.deepEqual(scoreOf(ran), { last: '4 passed, 0 failed, 1 skipped', code: 0 });
});

test('a failed test is told with its ancestors, its words and what the file wrote', () => {
  const ran = runOn({
    'tests/bad.test.ts': `${HEAD}
      describe('doors', () => { test('stay shut', () => { console.log('the key fits'); assert.equal(1, 2); }); });`,
  });
  assert.deepEqual(scoreOf(ran), { last: '0 passed, 1 failed', code: 1 });
  assert.match(ran.text, /doors › stay shut/);
  assert.match(ran.text, /1 !== 2/);
  assert.match(ran.text, /the key fits/);
});

test('a parent that fails by itself counts beside its children', () => {
  const ran = runOn({
    'tests/own.test.ts': `${HEAD}
      test('parent', async (t) => { await t.test('child', () => {}); assert.fail('own'); });`,
  });
  assert.equal(ran.last, '1 passed, 1 failed');
});

test('a failed hook fails what it stood before', () => {
  const ran = runOn({
    'tests/hook.test.ts': `${HEAD}
      describe('suite', () => { before(() => { throw new Error('no database'); }); test('never ran', () => {}); });`,
  });
  assert.equal(ran.last, '0 passed, 2 failed');
  assert.match(ran.text, /no database/);
});

test('a file that crashes on import is a failure, beside others that pass', () => {
  const ran = runOn({
    'tests/crash.test.ts': `import './nowhere.ts';`,
    'tests/good.test.ts': `${HEAD} test('fine', () => {});`,
  });
  assert.deepEqual(scoreOf(ran), { last: '1 passed, 1 failed', code: 1 });
  assert.match(ran.text, /nowhere\.ts/);
});

test('a file that declares tests and then throws is a failure', () => {
  const ran = runOn({ 'tests/half.test.ts': `${HEAD} test('fine', () => {}); throw new Error('half way');` });
  assert.deepEqual(scoreOf(ran), { last: '1 passed, 1 failed', code: 1 });
  assert.match(ran.text, /half way/);
});

test('files share a process, but not what one of them set, broke or left open', () => {
  const pad = (length: number) => `// ${'-'.repeat(length)}`; // the longest runs first
  const fresh = 'assert.equal(process.env.LEFT ?? globalThis.mark, undefined);';
  const files = {
    'tests/1.test.ts': `${HEAD} test('marks', () => { ${fresh} globalThis.mark = 1; }); ${pad(500)}`,
    'tests/2.test.ts': `${HEAD} test('sets', () => { assert.equal(globalThis.mark, 1); process.env.LEFT = 'x'; }); ${pad(400)}`,
    'tests/3.test.ts': `${HEAD} test('fails', () => { ${fresh} globalThis.mark = 3; assert.fail('on purpose'); }); ${pad(300)}`,
    'tests/4.test.ts': `${HEAD} test('dies', () => { ${fresh} process.exit(3); }); ${pad(200)}`,
    'tests/5.test.ts': `${HEAD} test('leaves', () => { ${fresh} setTimeout(() => { globalThis.mark = 5; }, 300); }); ${pad(100)}`,
    'tests/6.test.ts': `${HEAD} test('last', () => { assert.equal(globalThis.mark, 5); });`,
  };
  const ran = runOn(files, ['--concurrency=1']);
  assert.deepEqual(scoreOf(ran), { last: '4 passed, 2 failed', code: 1 }, ran.text);
  assert.match(ran.text, /on purpose/);
  assert.match(ran.text, /the process crashed: exit code 3/);
});

test('a file that exits with 0 before its tests are done is a failure', () => {
  const ran = runOn({
    'tests/exit.test.ts': `${HEAD}
      test('first', () => {});
      test('slow', () => new Promise((later) => setTimeout(later, 200)));
      test('exits', () => process.exit(0));
      test('would fail', () => assert.fail());`,
  });
  assert.equal(ran.code, 1);
  assert.match(ran.text, /ended before its tests were done/);
});

test('a file that is killed is a failure', () => {
  const ran = runOn({
    'tests/killed.test.ts': `${HEAD} test('killed', () => { process.kill(process.pid, 'SIGKILL'); });`,
  });
  assert.deepEqual(scoreOf(ran), { last: '0 passed, 1 failed', code: 1 });
  assert.match(ran.text, /SIGKILL/);
});

test('an error after the test has ended is a failure', () => {
  const ran = runOn({
    'tests/late.test.ts': `${HEAD} test('early', () => { setTimeout(() => { throw new Error('too late'); }, 20); });`,
  });
  assert.deepEqual(scoreOf(ran), { last: '1 passed, 1 failed', code: 1 });
  assert.match(ran.text, /too late/);
});

test('a file without a test is a failure', () => {
  const ran = runOn({ 'tests/empty.test.ts': `console.log('nothing here');` });
  assert.deepEqual(scoreOf(ran), { last: '0 passed, 1 failed', code: 1 });
});

test('a file of empty suites is a failure', () => {
  const ran = runOn({ 'tests/empty.test.ts': `${HEAD} describe('to be written', () => {});` });
  assert.deepEqual(scoreOf(ran), { last: '0 passed, 1 failed', code: 1 });
});

test('no file at all is a failure', () => {
  const ran = runOn({ 'tests/helper.ts': '' });
  assert.deepEqual(scoreOf(ran), { last: '0 passed, 1 failed', code: 1 });
});

test('a test that takes too long, a loop and a forgotten timer are failures, and the run ends', () => {
  const ran = runOn(
    {
      'tests/forgotten.test.ts': `${HEAD} test('ticks on', () => { setInterval(() => {}, 1000); });`,
      'tests/loop.test.ts': `${HEAD} test('loops', () => { for (;;); });`,
      'tests/slow.test.ts': `${HEAD} test('waits', () => new Promise(() => {}));`,
    },
    ['--test-timeout=500', '--silence=1500'],
  );
  assert.deepEqual(scoreOf(ran), { last: '1 passed, 3 failed', code: 1 });
});

test('filters choose files; one that chooses none is a failure', () => {
  const files = {
    'src/kit/html.test.ts': `${HEAD} test('a', () => {});`,
    'src/kit/fields.test.ts': `${HEAD} test('b', () => {}); test('c', () => {});`,
  };
  assert.equal(runOn(files, ['fields']).last, '2 passed, 0 failed');
  assert.equal(runOn(files, ['src/kit']).last, '3 passed, 0 failed');
  assert.equal(runOn(files, ['fields', 'feilds']).last, '2 passed, 1 failed');
});

test('a name pattern chooses tests; one that chooses none is a failure', () => {
  const files = {
    'tests/a.test.ts': `${HEAD} test('red door', () => {}); test('blue door', () => assert.fail());`,
    'tests/b.test.ts': `${HEAD} test('window', () => assert.fail());`,
  };
  assert.deepEqual(scoreOf(runOn(files, ['--test-name-pattern', 'red'])), { last: '1 passed, 0 failed', code: 0 });
  assert.deepEqual(scoreOf(runOn(files, ['--test-name-pattern', 'green'])), { last: '0 passed, 1 failed', code: 1 });
});

test("a developer's own settings do not reach the tests", () => {
  const ran = runOn(
    { 'tests/env.test.ts': `${HEAD} test('clean', () => assert.equal(process.env.DOORWARD_DATABASE_URL, undefined));` },
    [],
    { DOORWARD_DATABASE_URL: 'postgres://production' },
  );
  assert.equal(ran.last, '1 passed, 0 failed');
});

test('a run that is stopped ends its test files, and is no success', async (t) => {
  const root = tree({
    'tests/waits.test.ts': `${HEAD}
      test('waits', () => new Promise((later) => setTimeout(later, 60_000)));`,
  });
  t.after(() => rmSync(root, { recursive: true }));
  const child = spawn(process.execPath, [...FLAGS, RUNNER, '--root', root], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  setTimeout(() => child.kill('SIGTERM'), 1_500);
  const [code] = await once(child, 'close');
  assert.deepEqual({ code, last: lines.at(-1) }, { code: 1, last: '0 passed, 1 failed' });
});

const HEAD = `
  import assert from 'node:assert/strict';
  import { before, describe, test } from 'node:test';`;

const FLAGS = ['--disable-warning=ExperimentalWarning'];

type Ran = { readonly last: string | undefined; readonly code: number | null; readonly text: string };

/** Runs the runner on made-up files, named by their path. */
function runOn(files: Record<string, string>, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Ran {
  const root = tree(files);
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...FLAGS, RUNNER, '--root', root, ...args], {
      env: { ...environment(), ...env },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { last: stdout.trimEnd().split('\n').at(-1), code: status, text: stdout + stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function scoreOf({ last, code }: Ran): Omit<Ran, 'text'> {
  return { last, code };
}

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'doorward-runner-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Without what the outer run tells its own test files, which would silence a run inside it. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  return { ...env, NO_COLOR: '1' };
}
