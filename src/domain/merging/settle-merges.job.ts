// Makes merges final whose thirty days are over. They could not be undone any more, job or not.

import { systemActor } from '#domain/audit/actor.ts';
import { settleMerges } from '#domain/merging/settling.ts';
import { hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const PORTION = 100;

const job: Job<Context> = {
  name: 'settle-merges',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    while ((await settleMerges(ctx, systemActor(), PORTION)) === PORTION);
  },
};
export default job;
