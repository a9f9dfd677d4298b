// One turn of a job: taken by one process, run, given back with how it went.

import { jobRows, leaseJob, returnJob } from '#domain/jobs/jobs.table.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

/** What became of a turn. `not-ours`: another process has the job, or it was run a moment ago. */
export type Turn = 'done' | 'failed' | 'not-ours';

// Timers of several processes are never quite in step: a run that is almost due counts as due, or every second one is lost.
const NEARLY = 0.9;

/**
 * Runs a job if it is its time and no other process has it. What it throws is logged and kept in its row. A run that has
 * not ended within its lease is given up on: it may be run again, here or elsewhere.
 */
export async function takeTurn(ctx: Context, job: Job<Context>): Promise<Turn> {
  const until = ctx.now() + job.leaseMs;
  const notSince = ctx.now() - job.everyMs * NEARLY;
  if (!(await leaseJob(ctx, job.name, { until, notSince: Math.floor(notSince) }))) return 'not-ours';
  const failure = await failureOf(ctx, job);
  await returnJob(ctx, job.name, until, failure);
  return failure === undefined ? 'done' : 'failed';
}

/** How a job is doing. */
export type JobState = {
  readonly name: string;
  readonly runningUntil: number | undefined;
  readonly lastStartedAt: number | undefined;
  readonly lastEndedAt: number | undefined;
  readonly lastFailure: string | undefined;
};

/** How every job that ever ran is doing, by name. */
export async function jobStates(ctx: Context): Promise<JobState[]> {
  return (await jobRows(ctx)).map((row) => ({
    name: row.name,
    runningUntil: row.leased_until > ctx.now() ? row.leased_until : undefined,
    lastStartedAt: row.last_started_at ?? undefined,
    lastEndedAt: row.last_ended_at ?? undefined,
    lastFailure: row.last_failure ?? undefined,
  }));
}

async function failureOf(ctx: Context, job: Job<Context>): Promise<string | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it did not end within its lease')), job.leaseMs);
  try {
    await Promise.race([job.run(ctx), late.promise]);
    return undefined;
  } catch (error) {
    ctx.log.error({ err: error, job: job.name }, 'a job failed');
    return (error instanceof Error ? error.message : String(error)).slice(0, 500);
  } finally {
    clearTimeout(timer);
  }
}
