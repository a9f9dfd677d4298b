// The table of jobs: who runs each, and how its last run ended.

import { hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** A job as stored. `leased_until` 0: nobody runs it. */
export type JobRow = {
  name: string;
  leased_until: number;
  last_started_at: number | null;
  last_ended_at: number | null;
  last_failure: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    jobs: JobRow;
  }
}

// Instants further ahead than clocks can differ were written by a clock that was wrong; they must not stop a job for years.
const WRONG_CLOCK = hours(1);

/**
 * Takes a job until `until`, if nobody holds it and its last run ended `notSince` or earlier. One statement: of any number
 * of processes that try at once, one is answered true.
 */
export async function leaseJob(
  ctx: Context,
  name: string,
  lease: { readonly until: number; readonly notSince: number },
): Promise<boolean> {
  const now = ctx.now();
  const done = await ctx.db
    .insertInto('jobs')
    .values({ name, leased_until: lease.until, last_started_at: now, last_ended_at: null, last_failure: null })
    .onConflict((on) =>
      on
        .column('name')
        .doUpdateSet({ leased_until: lease.until, last_started_at: now })
        .where((eb) =>
          eb.or([eb('jobs.leased_until', '<=', now), eb('jobs.leased_until', '>', lease.until + WRONG_CLOCK)]),
        )
        .where((eb) =>
          eb.or([
            eb('jobs.last_ended_at', 'is', null),
            eb('jobs.last_ended_at', '<=', lease.notSince),
            eb('jobs.last_ended_at', '>', now + WRONG_CLOCK),
          ]),
        ),
    )
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Gives a job back with how it went; nothing when the lease ran out and another process has it by now. */
export async function returnJob(
  ctx: Context,
  name: string,
  leasedUntil: number,
  failure: string | undefined,
): Promise<void> {
  await ctx.db
    .updateTable('jobs')
    .set({ leased_until: 0, last_ended_at: ctx.now(), last_failure: failure ?? null })
    .where('name', '=', name)
    .where('leased_until', '=', leasedUntil)
    .execute();
}

/** Every job that ever ran, by name. */
export async function jobRows(ctx: Context): Promise<JobRow[]> {
  return ctx.db.selectFrom('jobs').selectAll().orderBy('name').execute();
}
