// What `npm test` runs: every test file, in two processes at a time, with one PostgreSQL for all of them.
// Arguments: parts of paths that choose files, --test-name-pattern, --concurrency, --test-timeout, --silence (ms), --slowest (how many
// files to name at the end), --root.
// Prints a line for each file, the details of failures alone, and last of all "N passed, N failed".

import { globSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { type Limits, type Outcome, testProcess } from '#tests/kit/test-process.ts';
import { startPostgres } from '#tests/postgres.ts';

/** The counts of a whole run. */
export type Score = { passed: number; failed: number; skipped: number };

/** The last line of a run, in the form that machines read too. */
export function scoreLine(score: Score): string {
  const skipped = score.skipped > 0 ? `, ${score.skipped} skipped` : '';
  return `${score.passed} passed, ${score.failed} failed${skipped}`;
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (fault) {
    console.error(fault);
    process.exit(1);
  }
}

/** Gives the exit code: 0 only when at least one test passed and none failed. */
async function main(args: string[]): Promise<number> {
  const wish = wishOf(args);
  const { files, unmatched } = testFiles(wish.root, wish.filters);
  const score: Score = { passed: 0, failed: 0, skipped: 0 };
  for (const filter of unmatched) fail(score, `no test file has "${filter}" in its path`);

  keepOutOfProduction();
  process.env.NODE_COMPILE_CACHE ??= join(wish.root, '.cache', 'compile-tests'); // a fifth of each file's time
  const server = files.length > 1 ? await serverFor(score) : undefined;
  const ran = await runAll(files, wish, { score, stop: stopOnSignal(score) });
  await server?.stop();

  if (files.length > wish.slowest) reportSlowest(ran, wish.slowest);
  const failures = ran.flatMap(({ name, outcome }) => outcome.failures.map((failure) => `${name}: ${failure.name}`));
  if (failures.length > 0) console.log(`\n${failures.map((name) => `${red('✖')} ${name}`).join('\n')}`);
  if (score.passed + score.failed === 0) fail(score, 'no test ran');
  console.log(`\n${scoreLine(score)}`);
  return score.failed === 0 ? 0 : 1;
}

type Wish = {
  readonly root: string;
  readonly filters: string[];
  readonly concurrency: number;
  readonly slowest: number;
  readonly limits: Limits;
};

function wishOf(args: string[]): Wish {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      root: { type: 'string', default: resolve(import.meta.dirname, '..') },
      concurrency: { type: 'string', default: '2' },
      slowest: { type: 'string', default: '10' },
      'test-name-pattern': { type: 'string', multiple: true, default: [] },
      'test-timeout': { type: 'string', default: '120000' },
      silence: { type: 'string', default: '150000' },
    },
  });
  return {
    root: values.root,
    filters: positionals,
    concurrency: Number(values.concurrency),
    slowest: Number(values.slowest),
    limits: {
      testTimeout: Number(values['test-timeout']),
      silence: Number(values.silence),
      namePatterns: values['test-name-pattern'],
    },
  };
}

/** The test files below `root` that the filters choose, and the filters that chose none. */
function testFiles(root: string, filters: readonly string[]): { files: string[]; unmatched: string[] } {
  const all = globSync(['src/**/*.test.ts', 'tests/**/*.test.ts'], { cwd: root }).sort();
  // A shell completes paths from where the person stands; both forms are understood.
  const wanted = filters.map((filter) => relative(root, resolve(filter)));
  const matches = (file: string, index: number) =>
    file.includes(filters[index] ?? '') || file === wanted[index] || file.startsWith(`${wanted[index]}/`);
  const chosen = filters.length === 0 ? all : all.filter((file) => filters.some((_, index) => matches(file, index)));
  const unmatched = filters.filter((_, index) => !all.some((file) => matches(file, index)));
  return { files: chosen.map((file) => join(root, file)), unmatched };
}

/** A developer's own settings (a real database above all) must not reach the tests. */
function keepOutOfProduction(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('DOORWARD_') && name !== 'DOORWARD_SHOTS') delete process.env[name];
  }
}

async function serverFor(score: Score): Promise<{ stop(): Promise<void> } | undefined> {
  try {
    const server = await startPostgres();
    process.env.DOORWARD_TEST_POSTGRES_URL = server.url;
    return server;
  } catch (fault) {
    fail(score, String(fault));
    return undefined;
  }
}

/** Aborts when somebody ends the run, so that no test file outlives it. */
function stopOnSignal(score: Score): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      fail(score, `stopped by ${name}`);
      stop.abort();
    });
  }
  return stop.signal;
}

type Ran = { readonly name: string; readonly outcome: Outcome; readonly seconds: number };

/** Runs the files, some at a time, each lane in a process that serves for many. */
async function runAll(
  files: readonly string[],
  wish: Wish,
  { score, stop }: { readonly score: Score; readonly stop: AbortSignal },
): Promise<Ran[]> {
  const waiting = longestFirst(files);
  const ran: Ran[] = [];
  const lane = async () => {
    const process = testProcess();
    for (let file = waiting.shift(); file !== undefined && !stop.aborted; file = waiting.shift()) {
      const startedAt = performance.now();
      const outcome = await process.run(file, wish.limits, stop);
      score.passed += outcome.passed;
      score.skipped += outcome.skipped;
      score.failed += outcome.failures.length;
      const one = { name: relative(wish.root, file), outcome, seconds: (performance.now() - startedAt) / 1000 };
      ran.push(one);
      report(one);
    }
    const crash = await process.end();
    if (crash !== undefined && !stop.aborted) fail(score, crash);
  };
  await Promise.all(Array.from({ length: wish.concurrency }, lane));
  return ran;
}

/** So that no lane is left with a long one at the end. What takes long is, by and large, what has much in it. */
function longestFirst(files: readonly string[]): string[] {
  const sized = files.map((file) => ({ file, size: statSync(file).size }));
  return sized.sort((one, other) => other.size - one.size).map(({ file }) => file);
}

function reportSlowest(ran: readonly Ran[], count: number): void {
  const slowest = ran.toSorted((one, other) => other.seconds - one.seconds).slice(0, count);
  const lines = slowest.map(
    ({ name, outcome, seconds }) =>
      `  ${seconds.toFixed(1)} s (${outcome.cpuSeconds.toFixed(1)} s of processor)  ${name}`,
  );
  if (count > 0) console.log(grey(`\nthe slowest of ${ran.length} files:\n${lines.join('\n')}`));
}

function report({ name, outcome, seconds }: Ran): void {
  const { passed, skipped, failures } = outcome;
  const mark = failures.length > 0 ? red('✖') : green('✔');
  console.log(
    `${mark} ${name}  ${grey(`${scoreLine({ passed, failed: failures.length, skipped })}, ${seconds.toFixed(1)} s`)}`,
  );
  for (const failure of failures) {
    console.log(`\n  ${red(failure.name)}\n  ${grey(failure.where)}\n${indented(failure.says)}`);
  }
  if (failures.length > 0 && outcome.output.trim() !== '')
    console.log(`\n  ${grey('it wrote:')}\n${indented(outcome.output)}`);
}

function fail(score: Score, why: string): void {
  score.failed++;
  console.log(`${red('✖')} ${why}`);
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}

function red(text: string): string {
  return styleText('red', text);
}

function green(text: string): string {
  return styleText('green', text);
}

function grey(text: string): string {
  return styleText('gray', text);
}
