// GetActivityLog: the audit log, newest first.

import { ActionError, action } from '#api/action.ts';
import { readInstant, wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { partOf } from '#api/dialect/paging.ts';
import { integer, present, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { AuditLine } from '#domain/audit/audit.ts';
import { auditLines, countAuditLines } from '#domain/audit/audit.ts';
import { days } from '#kit/duration.ts';

/**
 * limitstart, limitnum, clientid (until 8.5: userid), date (a day, UTC: `Y-m-d`, `Ymd` or `d/m/Y`), user (the name of who
 * acted), description (a part of it), ipaddress. Answers totalresults, startnumber and activity.entry.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const { start, size } = partOf(values);
    const filter = {
      clientId: clientIn(values),
      actorName: scalar(values, 'user')?.trim(),
      description: scalar(values, 'description')?.trim(),
      ip: scalar(values, 'ipaddress')?.trim(),
      ...dayIn(values),
    };
    const lines = await auditLines(ctx, filter, { limit: size, skip: start });
    // A program that leafs to the end trusts the total, so it is counted in full.
    const total = await countAuditLines(ctx, filter, Number.MAX_SAFE_INTEGER);
    return { totalresults: total, startnumber: start, activity: { entry: lines.map(entry) } };
  },
});

function clientIn(values: WireValues): number | undefined {
  const id = integer(values, present(values, 'clientid') ? 'clientid' : 'userid');
  if (id === 'invalid') throw new ActionError('Client ID Not Found');
  return id;
}

function dayIn(values: WireValues): { readonly from?: number; readonly until?: number } {
  const text = scalar(values, 'date')?.trim();
  if (text === undefined || text === '') return {};
  const day = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3').replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1');
  const from = /^\d{4}-\d{2}-\d{2}$/.test(day) ? readInstant(day) : 'invalid';
  if (from === 'never') return {};
  if (from === 'invalid') throw new ActionError('Invalid date: send it as YYYY-MM-DD');
  return { from, until: from + days(1) };
}

// `userid` beside `userId` is the older name of the client's id.
function entry(line: AuditLine): AnswerMap {
  return {
    id: line.id,
    clientId: line.clientId ?? 0,
    userId: line.userId ?? 0,
    adminId: line.administratorId ?? 0,
    date: wireInstant(line.at),
    description: line.description,
    username: line.actorName,
    ipaddress: line.ip,
    userid: line.clientId ?? 0,
  };
}
