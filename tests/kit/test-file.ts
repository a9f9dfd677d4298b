// The program that runs test files, one after the other in one process: what they import is loaded and compiled once.
// It hears of each file from its parent (test-process.ts) and tells it what happens while it happens, so that a file that
// dies or loops in the middle has told all that went before.

import { run } from 'node:test';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

/** One thing that went wrong: the test's name after those of its ancestors, where it stands, and what it said. */
export type Failure = { readonly name: string; readonly where: string; readonly says: string };

/** What the parent asks for. `file`: an absolute path. */
export type Order = {
  readonly file: string;
  /** Milliseconds that one test may take, unless it says otherwise itself. */
  readonly testTimeout: number;
  /** Regular expressions: only tests whose full name matches one of them. None given: all. */
  readonly namePatterns: readonly string[];
};

/**
 * What the parent hears. Counted are leaves: a test with subtests counts through them. `waits`: the tests are done, and what
 * they left open keeps the file from ending. `ended`: the file is through; `reusable` is false where it changed what the
 * next one would stand on.
 */
export type Told =
  | { readonly kind: 'started' | 'passed' | 'skipped' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'waits'; readonly open: readonly string[] }
  | { readonly kind: 'ended'; readonly cpuSeconds: number; readonly reusable: boolean };

/** Bytes above which the process is replaced: what a file leaves in memory must not pile up. */
const MOST_MEMORY = 900 * 1024 * 1024;

/** The name of a failure that is no test's. */
export const FILE_ITSELF = '(the file itself)';

if (import.meta.main) {
  process.on('message', (order: Order) => void runFile(order));
  process.on('disconnect', () => process.exit());
}

async function runFile(order: Order): Promise<void> {
  const before = await standing();
  const cpu = process.cpuUsage();
  process.exitCode = undefined;
  const stream = run({
    files: [order.file],
    isolation: 'none',
    timeout: order.testTimeout,
    ...(order.namePatterns.length > 0 ? { testNamePatterns: [...order.namePatterns] } : {}),
  });
  const heard = listen(stream, order.file);
  const unreadable = await faultOfLoading(order.file);
  await heard.allDone();
  await untilNothingIsOpen(before.open);
  // What Node's runner waits for before it sums up: that a process with nothing left to do is about to end.
  process.emit('beforeExit', 0);
  await heard.summedUp;
  for (const says of faultsOfFile(heard, unreadable, order.namePatterns.length > 0)) {
    tell({ kind: 'failed', failure: { name: FILE_ITSELF, where: order.file, says } });
  }
  process.exitCode = undefined;
  const { user, system } = process.cpuUsage(cpu);
  const after = await standing();
  const reusable = after.surroundings === before.surroundings && process.memoryUsage.rss() < MOST_MEMORY;
  tell({ kind: 'ended', cpuSeconds: (user + system) / 1e6, reusable });
}

/** What the runner does not tell where a file declares tests before it throws. It loads the file once, and so do we. */
async function faultOfLoading(file: string): Promise<string | undefined> {
  await nextTurn(); // the runner's own loading has begun
  try {
    await import(pathToFileURL(file).href);
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? wordsOf(fault) : inspect(fault);
  }
}

/** What is wrong with the file as a whole. */
function faultsOfFile(heard: Heard, unreadable: string | undefined, filtered: boolean): string[] {
  if (unreadable !== undefined) return [`could not be loaded: ${unreadable}`];
  if (heard.late.length > 0) return [`crashed: ${heard.late.join('\n')}`];
  if (process.exitCode !== undefined && process.exitCode !== 0) return [`ended with exit code ${process.exitCode}`];
  return heard.told === 0 && !filtered ? ['has no test'] : [];
}

/** What a file starts on: what is open in the process, and what is set in it. */
type Standing = { readonly open: ReadonlyMap<string, number>; readonly surroundings: string };

const LISTENED_FOR = ['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM', 'SIGHUP', 'message'];

async function standing(): Promise<Standing> {
  await nextTurn(); // always seen from the same place of the event loop
  const { NODE_TEST_WORKER_ID: _, ...environment } = process.env; // set by Node's runner
  const surroundings = {
    folder: process.cwd(),
    environment: Object.entries(environment).sort(),
    listeners: LISTENED_FOR.map((name) => process.listenerCount(name)),
  };
  return { open: openResources(), surroundings: JSON.stringify(surroundings) };
}

/** What keeps the event loop alive, by kind. */
function openResources(): Map<string, number> {
  const open = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) open.set(kind, (open.get(kind) ?? 0) + 1);
  return open;
}

/**
 * Waits as a process of its own would before it ends: while a timer, a socket or a child process is left. What will never
 * end, our parent ends.
 */
async function untilNothingIsOpen(before: ReadonlyMap<string, number>): Promise<void> {
  await nextTurn();
  for (let tries = 0; ; tries++) {
    const left = [...openResources()].flatMap(([kind, count]) => (count > (before.get(kind) ?? 0) ? [kind] : []));
    if (left.length === 0) return;
    if (tries === 100) tell({ kind: 'waits', open: left });
    await sleep(10);
  }
}

function tell(told: Told): void {
  process.send?.(told);
}

type Stream = ReturnType<typeof run>;

type Heard = {
  /** Waits until every test at the top of the file is done. */
  allDone(): Promise<void>;
  readonly summedUp: Promise<void>;
  /** How many leaves were told of. */
  told: number;
  /** Errors thrown after the test that caused them had ended. */
  readonly late: string[];
};

function listen(stream: Stream, file: string): Heard {
  const summedUp = Promise.withResolvers<void>();
  let running = 0;
  const allDone = async () => {
    // Twice nothing, a turn apart: between two tests there may be none.
    for (let idle = 0; idle < 2; idle = running === 0 ? idle + 1 : 0) await (running > 0 ? sleep(2) : nextTurn());
  };
  const heard: Heard = { allDone, summedUp: summedUp.promise, told: 0, late: [] };
  const family = new Family();
  const count = (told: Told) => {
    heard.told++;
    tell(told);
  };

  stream.on('test:enqueue', (test) => {
    if (test.nesting === 0) running++;
  });
  stream.on('test:complete', (test) => {
    if (test.nesting === 0) running--;
  });
  stream.on('test:start', (test) => {
    family.add(test);
    tell({ kind: 'started' });
  });
  stream.on('test:pass', (test) => {
    if (isStandIn(test, file) || !family.isLeaf(test)) return;
    if (isSet(test.skip) || isSet(test.todo)) count({ kind: 'skipped' });
    else if (test.details.type !== 'suite') count({ kind: 'passed' });
  });
  stream.on('test:fail', (test) => {
    const fault = test.details.error;
    if (isStandIn(test, file)) return;
    if (isSet(test.todo)) count({ kind: 'skipped' });
    else if (family.isLeaf(test) || kindOf(fault) !== 'subtestsFailed') {
      const where = `${test.file ?? file}:${test.line ?? 1}`;
      count({ kind: 'failed', failure: { name: family.fullName(test), where, says: wordsOf(fault) } });
    }
  });
  stream.on('test:diagnostic', (note) => {
    if (note.file !== undefined) tell({ kind: 'noted', text: `${note.message}\n` });
    else if (note.message.startsWith('Error: ')) heard.late.push(note.message);
  });
  stream.on('end', () => summedUp.resolve());
  stream.resume();
  return heard;
}

type Member = { readonly testId: number; readonly parentId: number | undefined; readonly name: string };

/** Who is whose subtest. The runner tells of a test's start before it tells of the end of its parent. */
class Family {
  readonly #members = new Map<number, Member>();
  readonly #parents = new Set<number>();

  add(test: Member): void {
    this.#members.set(test.testId, test);
    if (test.parentId !== undefined) this.#parents.add(test.parentId);
  }

  isLeaf(test: Member): boolean {
    return !this.#parents.has(test.testId);
  }

  fullName(test: Member): string {
    const parent = test.parentId === undefined ? undefined : this.#members.get(test.parentId);
    return parent === undefined ? test.name : `${this.fullName(parent)} › ${test.name}`;
  }
}

/** For a file without tests the runner makes up one of the file's name. */
function isStandIn(test: { readonly name: string; readonly nesting: number }, file: string): boolean {
  return test.nesting === 0 && test.name === file;
}

/** `skip` and `todo` are true, a reason, or absent. */
const isSet = (mark: string | boolean | undefined) => mark !== undefined && mark !== false;

function kindOf(fault: Error): string {
  return 'failureType' in fault ? String(fault.failureType) : '';
}

/** The error as its author would read it: without the runner's wrapping, and without the lines of Node itself. */
function wordsOf(fault: Error): string {
  const cause = fault.cause instanceof Error && kindOf(fault) !== '' ? fault.cause : fault;
  if (kindOf(fault) === 'cancelledByParent') return 'was not run: what stands around it failed';
  const text = kindOf(cause) === '' ? (cause.stack ?? inspect(cause)) : cause.message;
  const lines = text.split('\n').filter((line) => !/^\s+at .*\bnode:/.test(line));
  const deeper = cause.cause === undefined || kindOf(cause) !== '' ? '' : `\ncaused by ${inspect(cause.cause)}`;
  return lines.join('\n') + deeper;
}
