// Runs one job until it is told to stop, and says when each run starts and ends. Arguments: every, takes, lease (ms).

import { readConfig } from '#src/config.ts';
import { openContext } from '#src/context.ts';
import { startJobs } from '#src/jobs.ts';

const [every = 0, takes = 0, lease = 0] = process.argv.slice(2).map(Number);
const ctx = await openContext(readConfig(), { passwordCost: { memoryKiB: 19_456, passes: 2, lanes: 1 } });
console.log('ready');
const jobs = await startJobs(ctx, [
  {
    name: 'test-job',
    everyMs: every,
    leaseMs: lease,
    run: async () => {
      console.log(`start ${Date.now()}`);
      await new Promise((done) => setTimeout(done, takes));
      console.log(`end ${Date.now()}`);
    },
  },
]);
const alive = setInterval(() => {}, 1000);
process.once('SIGTERM', async () => {
  await jobs.stop();
  clearInterval(alive);
  await ctx.close();
  console.log('stopped');
});
