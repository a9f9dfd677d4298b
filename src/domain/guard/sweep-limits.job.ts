// Takes away spent counters.

import { sweepCounts } from '#domain/guard/limits.table.ts';
import { sweepPauses } from '#domain/guard/pauses.table.ts';
import { minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-limits',
  everyMs: minutes(10),
  leaseMs: minutes(2),
  run: async (ctx) => {
    await sweepCounts(ctx);
    await sweepPauses(ctx);
  },
};
export default job;
