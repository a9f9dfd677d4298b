// Takes away recoveries that were over long ago. They let nobody in any more, cleaner or not.

import { sweepRecoveryRows } from '#domain/recovery/recoveries.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-recoveries',
  everyMs: hours(6),
  leaseMs: minutes(5),
  run: (ctx) => sweepRecoveryRows(ctx, ctx.now() - days(90)),
};
export default job;
