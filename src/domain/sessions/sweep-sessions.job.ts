// Takes away sessions that have been over for a month. They opened nothing any more, cleaner or not.

import { sweepSessionRows } from '#domain/sessions/sessions.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-sessions',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: (ctx) => sweepSessionRows(ctx, ctx.now() - days(30)),
};
export default job;
