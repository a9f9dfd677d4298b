// Goes on with what staff do to many clients at once, a few hundred at a time.

import { workOnBulkTasks } from '#domain/lists/bulk-tasks.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'work-on-bulk-tasks',
  everyMs: seconds(5),
  leaseMs: minutes(5),
  run: (ctx) => workOnBulkTasks(ctx, 500),
};
export default job;
