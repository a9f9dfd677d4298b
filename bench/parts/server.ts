// Server processes under measurement: started, asked what they used, stopped. From outside (this file) and from inside
// (`serveBench`, for the files of bench/servers).

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A file of bench/servers. */
export type ServerName = 'doorward' | 'bare' | 'better-auth' | 'hashing';

/** What a server process used so far. `count` is what that server counts, such as hashes. */
export type Usage = { readonly cpuMs: number; readonly rssBytes: number; readonly count: number };

/** A running server process. */
export type Server = {
  /** `http://127.0.0.1:<port>`; empty for a process that does not listen. */
  readonly origin: string;
  /** From the start of the process until it was ready, in milliseconds. */
  readonly readyAfterMs: number;
  usage(): Promise<Usage>;
  /** A word that this server understands, such as `work`. */
  tell(word: string): void;
  stop(): Promise<void>;
};

/** Starts a server in a process of its own and waits until it is ready. Throws when it ends instead. */
export async function startServer(name: ServerName, given: object): Promise<Server> {
  const from = performance.now();
  const file = fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));
  const child = fork(file, [JSON.stringify(given)], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [])],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!first) throw new Error(`the server process ${name} ended before it was ready`);
  const readyAfterMs = performance.now() - from;
  const [{ origin }] = first as [{ origin: string }]; // what serveBench sends first
  return {
    origin,
    readyAfterMs,
    async usage() {
      const answer = once(child, 'message');
      child.send('usage');
      return (await answer)[0] as Usage; // what serveBench answers
    },
    tell: (word) => void child.send(word),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** What runs in a server process. */
export type Running = {
  readonly origin: string;
  count?(): number;
  hear?(word: string): void;
  stop(): Promise<void>;
};

/**
 * Runs the server of a file in bench/servers: starts it with what `startServer` was given, tells that it is ready, answers
 * what it used, and ends with whoever started it.
 */
export async function serveBench<Given>(start: (given: Given) => Promise<Running>): Promise<void> {
  const running = await start(JSON.parse(process.argv[2] ?? '{}') as Given); // startServer wrote it
  process.on('message', (word) => {
    if (word === 'usage') process.send?.(usage(running.count?.() ?? 0));
    else running.hear?.(String(word));
  });
  process.on('disconnect', async () => {
    await running.stop();
    process.exit(0);
  });
  process.send?.({ origin: running.origin });
}

function usage(count: number): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), count };
}
