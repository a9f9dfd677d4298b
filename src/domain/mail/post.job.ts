// Sends the outbox every two seconds.

import { postLetters } from '#domain/mail/post.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

const job: Job<Context> = {
  name: 'post-letters',
  everyMs: seconds(2),
  leaseMs: minutes(5),
  run: async (ctx) => {
    await postLetters(ctx);
  },
};
export default job;
