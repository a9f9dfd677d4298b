// Takes away links that are long over. They proved nothing any more, cleaner or not.

import { sweepVerificationLinks } from '#domain/verification/verification-links.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-verification',
  everyMs: hours(6),
  leaseMs: minutes(10),
  run: (ctx) => sweepVerificationLinks(ctx, ctx.now() - days(30)),
};
export default job;
