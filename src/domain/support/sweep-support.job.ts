// Takes away PINs and questions that have been over for a day. They opened nothing any more, cleaner or not.

import { sweepIdentityChecks } from '#domain/support/identity-checks.table.ts';
import { sweepPins } from '#domain/support/pins.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-support',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    await sweepPins(ctx, ctx.now() - days(1));
    await sweepIdentityChecks(ctx, ctx.now() - days(1));
  },
};
export default job;
