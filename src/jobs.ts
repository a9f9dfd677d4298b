// Runs every *.job.ts of the topics, each in its rhythm; a lease in the database lets one process run each at a time.

import { takeTurn } from '#domain/jobs/turn.ts';
import { discover } from '#kit/discover.ts';
import type { Job } from '#kit/job.ts';
import { jobIn } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

/** Jobs under way. */
export type RunningJobs = {
  /** Starts none any more, and waits for those that run. */
  stop(): Promise<void>;
};

/** Every job found in the topics. Two of one name, or a file that holds none, stop the start. */
export async function findJobs(): Promise<Job<Context>[]> {
  const found = await discover(new URL('domain/', import.meta.url), '.job.ts');
  const jobs = new Map<string, Job<Context>>();
  for (const file of found) {
    const job = jobIn<Context>(file.module);
    if (!job) throw new Error(`src/domain/${file.path} holds no job`);
    if (jobs.has(job.name)) throw new Error(`two jobs are called ${job.name} (one in ${file.path})`);
    jobs.set(job.name, job);
  }
  return [...jobs.values()];
}

/** Starts the jobs: each first at once, then `everyMs` after its last run ended. */
export async function startJobs(ctx: Context, jobs?: readonly Job<Context>[]): Promise<RunningJobs> {
  const stops = (jobs ?? (await findJobs())).map((job) => keepRunning(ctx, job));
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/** Answers how to stop it. */
function keepRunning(ctx: Context, job: Job<Context>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const oneTurn = async (): Promise<void> => {
    try {
      await takeTurn(ctx, job);
    } catch (error) {
      ctx.log.error({ err: error, job: job.name }, 'a job could not be taken or given back'); // the database, most likely
    }
    if (!stopped) later();
  };
  const later = (): void => {
    timer = setTimeout(start, job.everyMs).unref();
  };
  const start = (): void => {
    turn = oneTurn();
  };

  start();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await turn;
  };
}
