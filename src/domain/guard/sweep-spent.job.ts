// Takes away names of what was spent once, when their time is over.

import { sweepSpent } from '#domain/guard/spent-once.ts';
import { minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = { name: 'sweep-spent', everyMs: minutes(30), leaseMs: minutes(2), run: sweepSpent };
export default job;
