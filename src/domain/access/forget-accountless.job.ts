// Deletes users who have belonged to no account for a long time, where the operator wants that; by default nobody ever
// (behaviours.md, section 15, number 15).

import { forgetAccountlessDays } from '#domain/access/access.settings.ts';
import { accountlessUserIds } from '#domain/access/accountless.view.ts';
import { deleteUser } from '#domain/access/deletion.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** So many at a time. */
const PORTION = 200;

const job: Job<Context> = {
  name: 'forget-accountless',
  everyMs: hours(24),
  leaseMs: minutes(60),
  run: async (ctx) => {
    const after = await settingOf(ctx, forgetAccountlessDays);
    if (after === 0) return;
    const before = ctx.now() - days(after);
    let last = 0;
    for (;;) {
      const ids = await accountlessUserIds(ctx, before, last, PORTION);
      for (const id of ids) await forget(ctx, id);
      last = ids.at(-1) ?? last;
      if (ids.length < PORTION) return;
    }
  },
};
export default job;

/** Whoever was let into an account a moment ago, or is gone already, is left as they are. */
async function forget(ctx: Context, userId: number): Promise<void> {
  try {
    await deleteUser(ctx, systemActor('Clearing away'), userId);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}
