// Takes away identities that waited to be linked for too long. They could be linked no more, cleaner or not.

import { sweepPending } from '#domain/login/federation/pending.table.ts';
import { hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = { name: 'sweep-federation', everyMs: hours(1), leaseMs: minutes(10), run: sweepPending };
export default job;
