// Runs one test file in a process of its own and says what became of it, leaving a file no way to look green without having run.

import { run } from 'node:test';
import { inspect } from 'node:util';

/** One thing that went wrong: the test's name after those of its ancestors, where it stands, and what it said. */
export type Failure = { readonly name: string; readonly where: string; readonly says: string };

/** What became of one file. Counted are leaves: a test with subtests counts through them. */
export type Outcome = {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** What the file wrote, for whoever looks for the cause of a failure. */
  readonly output: string;
};

/** How to run it. */
export type Limits = {
  /** Milliseconds that one test may take, unless it says otherwise itself. */
  readonly testTimeout: number;
  /** Milliseconds without any news after which the file is ended; longer than `testTimeout`. */
  readonly silence: number;
  /** Regular expressions: only tests whose full name matches one of them. None given: all. */
  readonly namePatterns: readonly string[];
};

/**
 * Runs `file` (an absolute path). Failures are, beside failed tests: a file that crashes, that ends before its tests did,
 * that holds no test at all (unless `namePatterns` left some out), and one that never ends. `stop` ends it at once.
 */
export async function runTestFile(file: string, limits: Limits, stop?: AbortSignal): Promise<Outcome> {
  const watch = new AbortController();
  const silent = setTimeout(() => watch.abort(), limits.silence);
  const filtered = limits.namePatterns.length > 0;
  const stream = run({
    files: [file],
    timeout: limits.testTimeout,
    signal: stop === undefined ? watch.signal : AbortSignal.any([watch.signal, stop]),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    ...(filtered ? { testNamePatterns: limits.namePatterns } : {}),
  });
  const heard = listen(stream, file);
  for await (const _ of stream) silent.refresh();
  clearTimeout(silent);
  if (stop?.aborted) return heard;
  const failures = [
    ...heard.failures,
    ...faultsOfFile(heard, { file, filtered, abandoned: watch.signal.aborted, limits }),
  ];
  return { passed: heard.passed, skipped: heard.skipped, failures, output: heard.output };
}

type Stream = ReturnType<typeof run>;

/** What a file has told so far. */
type Heard = {
  passed: number;
  skipped: number;
  readonly failures: Failure[];
  output: string;
  /** How the process itself ended, when that was badly. */
  crash: string | undefined;
  /** The file's own closing report: missing when it ended before its tests did, as by process.exit. */
  summed: boolean;
};

function listen(stream: Stream, file: string): Heard {
  const heard: Heard = { passed: 0, skipped: 0, failures: [], output: '', crash: undefined, summed: false };
  const family = new Family();

  stream.on('test:start', (test) => {
    if (!isFile(test)) family.add(test);
  });
  stream.on('test:pass', (test) => {
    if (isFile(test) || !family.isLeaf(test)) return;
    if (isSet(test.skip) || isSet(test.todo)) heard.skipped++;
    else if (test.details.type !== 'suite') heard.passed++;
  });
  stream.on('test:fail', (test) => {
    const fault = test.details.error;
    if (isFile(test)) heard.crash = crashOf(fault);
    else if (isSet(test.todo)) heard.skipped++;
    else if (family.isLeaf(test) || kindOf(fault) !== 'subtestsFailed') {
      const where = `${test.file ?? file}:${test.line ?? 1}`;
      heard.failures.push({ name: family.fullName(test), where, says: wordsOf(fault) });
    }
  });
  stream.on('test:summary', (summary) => {
    if (summary.file !== undefined) heard.summed = true;
  });
  stream.on('test:diagnostic', (note) => {
    if (!isFile(note)) heard.output += `${note.message}\n`;
  });
  const keep = ({ message }: { message: string }) => {
    heard.output += message;
  };
  stream.on('test:stdout', keep);
  stream.on('test:stderr', keep);
  return heard;
}

type Told = { readonly testId: number; readonly parentId: number | undefined; readonly name: string };

/** Who is whose subtest. The runner tells of a test's start before it tells of the end of its parent. */
class Family {
  readonly #members = new Map<number, Told>();
  readonly #parents = new Set<number>();

  add(test: Told): void {
    this.#members.set(test.testId, test);
    if (test.parentId !== undefined) this.#parents.add(test.parentId);
  }

  isLeaf(test: Told): boolean {
    return !this.#parents.has(test.testId);
  }

  fullName(test: Told): string {
    const parent = test.parentId === undefined ? undefined : this.#members.get(test.parentId);
    return parent === undefined ? test.name : `${this.fullName(parent)} › ${test.name}`;
  }
}

/** The runner reports the file like a test; unlike the tests in it, it was entered through no file. */
function isFile(test: { readonly entryFile?: string }): boolean {
  return test.entryFile === undefined;
}

/** What is wrong with the file as a whole. */
function faultsOfFile(
  heard: Heard,
  ran: { readonly file: string; readonly filtered: boolean; readonly abandoned: boolean; readonly limits: Limits },
): Failure[] {
  const fault = (says: string): Failure[] => [{ name: '(the file itself)', where: ran.file, says }];
  if (ran.abandoned) {
    return fault(
      `ended after ${ran.limits.silence / 1000} s without news: a test loops for ever, or left something open`,
    );
  }
  if (heard.crash !== undefined) return fault(heard.crash);
  const told = heard.passed + heard.skipped + heard.failures.length;
  if (!heard.summed && (told > 0 || !ran.filtered)) return fault('ended before its tests were done, or has none');
  if (told === 0 && !ran.filtered) return fault('has no test');
  return [];
}

/** `skip` and `todo` are true, a reason, or absent. */
const isSet = (mark: string | boolean | undefined) => mark !== undefined && mark !== false;

function kindOf(fault: Error): string {
  return 'failureType' in fault ? String(fault.failureType) : '';
}

function crashOf(fault: Error): string {
  const code = 'exitCode' in fault ? ` exit code ${fault.exitCode}` : '';
  const signal = 'signal' in fault && fault.signal ? ` signal ${fault.signal}` : '';
  return `the process crashed:${code}${signal}`;
}

/** The error as its author would read it: without the runner's wrapping, and without the lines of Node itself. */
function wordsOf(fault: Error): string {
  const cause = fault.cause instanceof Error ? fault.cause : fault;
  if (kindOf(fault) === 'cancelledByParent') return 'was not run: what stands around it failed';
  const text = cause === fault ? fault.message : (cause.stack ?? inspect(cause));
  const lines = text.split('\n').filter((line) => !/^\s+at .*\bnode:/.test(line));
  const deeper = cause.cause === undefined || cause === fault ? '' : `\ncaused by ${inspect(cause.cause)}`;
  return lines.join('\n') + deeper;
}
