// Forgets what webhooks were told a month ago.

import { deleteOldMessages } from '#domain/webhooks/deliveries.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const PORTION = 1000;

const job: Job<Context> = {
  name: 'sweep-webhooks',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    while ((await deleteOldMessages(ctx, ctx.now() - days(30), PORTION)) === PORTION);
  },
};
export default job;
