// Takes away spent counters.

import { sweepCounts } from '#domain/guard/limits.table.ts';
import { minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = { name: 'sweep-limits', everyMs: minutes(10), leaseMs: minutes(2), run: sweepCounts };
export default job;
