// What is said when something failed that nobody foresaw: one kind sentence and a reference, under which the log has the cause.
// A database that is away is no fault of ours to look for; it is said as what it is, so that programs and people come back.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '#kit/database/away.ts';
import { seconds } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import { languageAskedFor, languageOf } from '#src/locales/words.ts';
import { send } from '#web/front/headers.ts';
import type { Frame } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { frameWithoutDatabase } from '#web/picture-frame.ts';

const COME_BACK_MS = seconds(30);

/** A fault as a page says it; the cause is in the log by then. */
export type SaidFault = { readonly status: 500 | 503; readonly title: string; readonly body: Html };

/** Notes a fault and finds its words. */
export function saidFault(ctx: Context, reply: FastifyReply, frame: Frame, error: unknown): SaidFault {
  const reference = randomToken(6);
  ctx.log.error({ err: error, reference }, 'a page failed');
  const { t } = frame;
  if (!isDatabaseAway(error))
    return {
      status: 500,
      title: t('errors.title.fault'),
      body: refusal(frame, { what: t('errors.fault'), reference }),
    };
  reply.header('retry-after', String(COME_BACK_MS / 1000));
  const body = refusal(frame, { what: t('errors.database-away'), reference });
  return { status: 503, title: t('errors.title.unavailable'), body };
}

/** Answers where not even a visit could be made out: nobody is looked at, nothing is read. */
export function answerFault(ctx: Context, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const language = languageAskedFor(request.headers['accept-language']) ?? languageOf(undefined);
  const frame = frameWithoutDatabase(ctx, language);
  const { status, title, body } = saidFault(ctx, reply, frame, error);
  return send(reply, status, entranceRoom(frame, { title, body }));
}
