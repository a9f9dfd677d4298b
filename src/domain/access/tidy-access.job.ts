// Puts away what is over: accesses by their term, invitations that nobody accepted, the memory of both. None of it opened
// anything any more, cleaner or not; what this does is tell whom it concerns, and keep the tables small.

import { TOLD_OF_END_MS } from '#domain/access/entry.ts';
import { sweepFormerMembers } from '#domain/access/former-members.table.ts';
import { sweepInvitations } from '#domain/access/invitations.table.ts';
import { expireInvitations } from '#domain/access/invitations.ts';
import { tidyMember } from '#domain/access/member-changes.ts';
import { endedMemberRows } from '#domain/access/members.table.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { days, minutes } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';

/** So many at a time. */
const PORTION = 200;
const ACTOR = systemActor();

const job: Job<Context> = {
  name: 'tidy-access',
  everyMs: minutes(5),
  leaseMs: minutes(30),
  run: async (ctx) => {
    while ((await tidyMembers(ctx)) === PORTION);
    while ((await expireInvitations(ctx, ACTOR, PORTION)) === PORTION);
    await sweepFormerMembers(ctx, ctx.now() - TOLD_OF_END_MS);
    await sweepInvitations(ctx, ctx.now() - days(90));
  },
};
export default job;

async function tidyMembers(ctx: Context): Promise<number> {
  const rows = await endedMemberRows(ctx, PORTION);
  for (const row of rows) await ctx.transaction((tx) => tidyMember(tx, ACTOR, row.user_id, row.client_id));
  return rows.length;
}
