// Takes away tokens that are over. They opened nothing any more, cleaner or not.

import { sweepSsoTokens } from '#domain/sso/sso-tokens.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-sso',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: (ctx) => sweepSsoTokens(ctx, ctx.now() - days(1)),
};
export default job;
