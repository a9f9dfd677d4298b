// Notes the end of staff's time in the place of a user, where they did not leave by themselves, and tells the user where the
// operator wants that. The session itself opened nothing any more from that moment on.

import { systemActor } from '#domain/audit/actor.ts';
import { sweepActingVisits } from '#domain/login/acting.table.ts';
import { noteOverActing } from '#domain/login/acting.ts';
import { days, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'end-acting',
  everyMs: minutes(1),
  leaseMs: minutes(5),
  run: async (ctx) => {
    await noteOverActing(ctx, systemActor());
    await sweepActingVisits(ctx, ctx.now() - days(30));
  },
};
export default job;
