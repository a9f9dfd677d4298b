// Delivers webhooks every two seconds.

import { deliverMessages } from '#domain/webhooks/deliver.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'deliver-webhooks',
  everyMs: seconds(2),
  leaseMs: minutes(5),
  run: async (ctx) => {
    await deliverMessages(ctx);
  },
};
export default job;
