// Takes away attempts and links that are over. They opened nothing any more, cleaner or not.

import { sweepAttempts } from '#domain/login/attempts.table.ts';
import { sweepPasswordLinks } from '#domain/login/password-links.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-login',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    await sweepAttempts(ctx);
    await sweepPasswordLinks(ctx, ctx.now() - days(30));
  },
};
export default job;
