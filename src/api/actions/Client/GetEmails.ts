// GetEmails: the letters to a client, the newest first, with every link that opened something masked.

import { ActionError, action } from '#api/action.ts';
import { readInstant, wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { partOf } from '#api/dialect/paging.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { ToldLetter } from '#domain/mail/outbox.ts';
import { sliceOfClientLetters } from '#domain/mail/outbox.ts';
import { days, seconds } from '#kit/duration.ts';

/**
 * clientid (required), limitstart (0), limitnum (25), date (an instant, or a day alone: that day, UTC), subject (a part of it).
 * Answers totalresults, startnumber, numreturned and emails.email.
 */
export default action({
  group: 'Client',
  answer: async ({ ctx, values }) => {
    const clientId = integer(values, 'clientid');
    if (typeof clientId !== 'number' || !(await findClient(ctx, clientId)))
      throw new ActionError('Client ID Not Found');
    const { start, size } = partOf(values);
    const asked = { clientId, subject: scalar(values, 'subject')?.trim(), ...spanIn(values) };
    const { letters, total } = await sliceOfClientLetters(ctx, asked, { skip: start, limit: size });
    return {
      totalresults: total,
      startnumber: start,
      numreturned: letters.length,
      emails: { email: letters.map((letter) => letterLine(letter, clientId)) },
    };
  },
});

/** Nothing was written at an instant that there is not. */
function spanIn(values: WireValues): { readonly from?: number; readonly until?: number } {
  const text = scalar(values, 'date')?.trim();
  if (text === undefined || text === '') return {};
  const from = readInstant(text);
  if (from === 'never' || from === 'invalid') return { from: 0, until: 0 };
  return { from, until: from + (text.includes(':') ? seconds(1) : days(1)) };
}

function letterLine(letter: ToldLetter, clientId: number): AnswerMap {
  return {
    id: letter.id,
    userid: clientId,
    subject: letter.subject,
    message: letter.html,
    date: wireInstant(letter.createdAt),
    to: letter.to,
    cc: '',
    bcc: '',
    attachments: null,
    pending: letter.state === 'waiting' ? 1 : 0,
    message_data: null,
    failed: letter.state === 'failed' ? 1 : 0,
    failure_reason: letter.failure ?? '',
    retry_count: Math.max(0, letter.attempts - 1),
    created_at: wireInstant(letter.createdAt),
    updated_at: letter.sentAt === undefined ? null : wireInstant(letter.sentAt),
    campaign_id: 0,
  };
}
