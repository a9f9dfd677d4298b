// Takes away what nobody will ask for again. It opened nothing any more, cleaner or not: trust and remembering end by the clock.

import { sweepDevices } from '#domain/devices/devices.table.ts';
import { sweepKnown } from '#domain/devices/known-devices.table.ts';
import { sweepRemembered } from '#domain/devices/remembered.table.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

/** Browsers keep a cookie for no longer. */
const COOKIE_AGE = days(400);
const AT_ONCE = 1000;

const job: Job<Context> = {
  name: 'sweep-devices',
  everyMs: hours(1),
  leaseMs: minutes(10),
  run: async (ctx) => {
    await sweepRemembered(ctx, ctx.now() - days(30)); // until then the log and a thief's second try find it
    await sweepKnown(ctx, ctx.now() - COOKIE_AGE);
    while ((await sweepDevices(ctx, AT_ONCE)) === AT_ONCE);
  },
};
export default job;
