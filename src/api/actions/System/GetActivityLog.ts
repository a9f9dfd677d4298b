// GetActivityLog: the audit log, newest first.

import { ActionError, action } from '#api/action.ts';
import { readInstant, wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { partOf } from '#api/dialect/paging.ts';
import { integer, present, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { AuditLine } from '#domain/audit/audit.ts';
import { sliceOfAudit } from '#domain/audit/audit-search.ts';
import { whoseLines } from '#domain/lists/whose-lines.ts';
import { days } from '#kit/duration.ts';

/**
 * limitstart, limitnum, clientid (until 8.5: userid), date (a day, UTC: `Y-m-d`, `Ymd` or `d/m/Y`), user (a client's or
 * user's e-mail, an administrator's name, or any name as it stands in the log), description (a part of it), ipaddress.
 * Answers totalresults, startnumber and activity.entry.
 *
 * totalresults is exact up to 10,000; above, it is at least so many, and one more than startnumber and the lines together as
 * long as there are more. A description, or a name that is nobody's, is looked for in the newest 100,000 lines that fit the
 * rest: name a client, a day or an address to look further back.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const { start, size } = partOf(values);
    const user = scalar(values, 'user')?.trim() ?? '';
    const search = {
      clientId: clientIn(values),
      ...(user === '' ? {} : ((await whoseLines(ctx, user)) ?? { actorName: user })),
      words: scalar(values, 'description')?.trim(),
      ip: scalar(values, 'ipaddress')?.trim(),
      ...dayIn(values),
    };
    const { lines, total } = await sliceOfAudit(ctx, search, start, size);
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
