// Looks once a day for accounts that nobody uses.

import { applyStatusRule } from '#domain/access/status-rule.ts';
import { days, hours } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'client-status-rule',
  everyMs: days(1),
  leaseMs: hours(2),
  run: async (ctx) => {
    const { inactive, active } = await applyStatusRule(ctx);
    if (inactive + active > 0) ctx.log.info({ inactive, active }, 'the rule changed the status of clients');
  },
};
export default job;
