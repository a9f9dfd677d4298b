// A process that runs test files one after the other (test-file.ts), seen from outside: it says what became of each file,
// and leaves a file no way to look green without having run.

import { type ChildProcess, fork } from 'node:child_process';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Failure, FILE_ITSELF, type Order, type Told } from '#tests/kit/test-file.ts';

/** What became of one file. Counted are leaves: a test with subtests counts through them. */
export type Outcome = {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** What the file wrote, for whoever looks for the cause of a failure. */
  readonly output: string;
  /** What it took in the process, in all its threads, but not in processes that it started. */
  readonly cpuSeconds: number;
};

/** How to run a file. */
export type Limits = Omit<Order, 'file'> & {
  /** Milliseconds without any news after which the file is ended; longer than `testTimeout`. */
  readonly silence: number;
};

/** Runs one file after the other; `end` lets the process go. */
export type TestProcess = {
  /**
   * Runs `file` (an absolute path). Failures are, beside failed tests: a file that crashes, that ends before its tests did,
   * that holds no test at all (unless `namePatterns` left some out), and one that never ends. `stop` ends it at once.
   * What a file broke, or changed, is not handed on: the next one then gets a new process.
   */
  run(file: string, limits: Limits, stop: AbortSignal): Promise<Outcome>;
  /** Lets it end; gives how it crashed while no file ran, as by an error thrown late. */
  end(): Promise<string | undefined>;
};

/** Starts no process until a file needs one. */
export function testProcess(): TestProcess {
  let child: Child | undefined;
  let lastFile = '';
  const end = async (): Promise<string | undefined> => {
    const ending = child;
    child = undefined;
    if (ending === undefined) return undefined;
    const crash = isGone(ending) ? `${crashOf(ending.process)}\n${ending.takeOutput()}` : undefined;
    await letGo(ending);
    return crash && `after ${lastFile} had ended, ${crash}`;
  };

  return {
    async run(file, limits, stop) {
      const crash = child !== undefined && isGone(child) ? await end() : undefined;
      child ??= startChild();
      lastFile = file;
      const heard = await hear(child, file, limits, stop);
      const faults = stop.aborted
        ? []
        : [...faultsOfProcess(child, heard, limits), ...(crash === undefined ? [] : [crash])];
      const failures = [...heard.failures, ...faults.map((says) => ({ name: FILE_ITSELF, where: file, says }))];
      const output = heard.noted + child.takeOutput();
      // What failed may have left anything, a module that could not be loaded among it.
      if (!heard.reusable || failures.length > 0) {
        await letGo(child);
        child = undefined;
      }
      return { passed: heard.passed, skipped: heard.skipped, failures, output, cpuSeconds: heard.cpuSeconds };
    },
    end,
  };
}

/** How long a process that was asked to end may take, in milliseconds. */
const PATIENCE_MS = 5_000;
/** How long we wait for the outputs of one that is gone: whoever it started may hold them open. */
const LAST_WORDS_MS = 500;

const PROGRAM = fileURLToPath(new URL('./test-file.ts', import.meta.url));

type Child = {
  readonly process: ChildProcess;
  /** Resolves when it has ended and what it wrote is read. */
  readonly gone: Promise<void>;
  /** What it wrote since this was asked last. */
  takeOutput(): string;
};

function startChild(): Child {
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const child = fork(PROGRAM, { execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  child.on('error', () => undefined); // of sending to one that just died: its end is told anyway
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    process: child,
    gone: exited.then(() => Promise.race([closed, sleep(LAST_WORDS_MS)])),
    takeOutput: () => {
      const taken = output;
      output = '';
      return taken;
    },
  };
}

/** What a file has told. */
type Heard = {
  passed: number;
  skipped: number;
  readonly failures: Failure[];
  noted: string;
  cpuSeconds: number;
  /** What it left open, when it waits for that. */
  open: readonly string[];
  /** The file came to its end; `reusable`: and the process may run another. */
  ended: boolean;
  reusable: boolean;
  /** We ended it, since nothing was heard. */
  abandoned: boolean;
};

/** Gives the file to the process and listens until it is through, in whatever way. */
async function hear({ process, gone }: Child, file: string, limits: Limits, stop: AbortSignal): Promise<Heard> {
  const heard: Heard = {
    ...{ passed: 0, skipped: 0, failures: [], noted: '', cpuSeconds: 0, open: [] },
    ...{ ended: false, reusable: false, abandoned: false },
  };
  const through = Promise.withResolvers<void>();
  const silent = setTimeout(() => {
    heard.abandoned = process.kill('SIGKILL');
  }, limits.silence);
  const onMessage = (told: Told) => {
    silent.refresh();
    note(heard, told);
    if (heard.ended) through.resolve();
  };
  const onStop = () => terminate(process);
  process.on('message', onMessage);
  stop.addEventListener('abort', onStop);
  const { silence: _, ...order } = limits;
  process.send({ ...order, file } satisfies Order);
  await Promise.race([through.promise, gone]);
  // What was written came before the news of the end, but by another pipe.
  await nextTurn();
  await nextTurn();
  clearTimeout(silent);
  process.off('message', onMessage);
  stop.removeEventListener('abort', onStop);
  return heard;
}

function note(heard: Heard, told: Told): void {
  switch (told.kind) {
    case 'started':
      return;
    case 'passed':
      heard.passed++;
      return;
    case 'skipped':
      heard.skipped++;
      return;
    case 'failed':
      heard.failures.push(told.failure);
      return;
    case 'noted':
      heard.noted += told.text;
      return;
    case 'waits':
      heard.open = told.open;
      return;
    case 'ended':
      heard.ended = true;
      heard.cpuSeconds = told.cpuSeconds;
      heard.reusable = told.reusable;
      return;
  }
}

/** Why the file failed as a whole, where it could not say so itself. */
function faultsOfProcess({ process }: Child, heard: Heard, limits: Limits): string[] {
  if (heard.abandoned) {
    const cause = heard.open.length > 0 ? `left something open (${heard.open.join(', ')})` : 'a test loops for ever';
    return [`ended after ${limits.silence / 1000} s without news: ${cause}`];
  }
  if (heard.ended) return [];
  return [process.exitCode === 0 ? 'ended before its tests were done' : crashOf(process)];
}

function crashOf({ exitCode, signalCode }: ChildProcess): string {
  return `the process crashed: ${signalCode === null ? `exit code ${exitCode}` : `signal ${signalCode}`}`;
}

/** Ends a process that no file runs in: it ends by itself when nobody is left to give it one, and keeps what it compiled. */
async function letGo({ process, gone }: Child): Promise<void> {
  if (process.connected) process.disconnect();
  const late = setTimeout(() => process.kill('SIGKILL'), PATIENCE_MS);
  await gone;
  clearTimeout(late);
}

/** So that it can end what it started; by force when it does not. */
function terminate(process: ChildProcess): void {
  process.kill('SIGTERM');
  setTimeout(() => process.kill('SIGKILL'), PATIENCE_MS).unref();
}

function isGone({ process }: Child): boolean {
  return process.exitCode !== null || process.signalCode !== null;
}
