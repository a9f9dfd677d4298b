// Takes away links that are over. They opened nothing any more, cleaner or not.

import { sweepFarewells } from '#domain/mail/letters-to-person.ts';
import { sweepEmailChangeRows } from '#domain/self-service/email-changes.table.ts';
import { sweepEmailUndos } from '#domain/users/email-undos.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'sweep-self-service',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    await sweepEmailChangeRows(ctx, ctx.now() - days(30));
    await sweepEmailUndos(ctx, ctx.now() - days(30));
    await sweepFarewells(ctx, ctx.now() - days(30));
  },
};
export default job;
