// Takes up registrations that were not decided at once, and throws away those that waited for too long.

import { expireRegistrations, settleRegistrations } from '#domain/signup/registration-settling.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'settle-registrations',
  everyMs: seconds(30),
  leaseMs: minutes(5),
  run: async (ctx) => {
    await settleRegistrations(ctx);
    await expireRegistrations(ctx);
  },
};
export default job;
