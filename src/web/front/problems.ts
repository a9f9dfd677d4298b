// How a Problem looks: its status, its words, its page in the room where it happened; and what failed unforeseen.

import type { FastifyReply } from 'fastify';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { Key } from '#src/locales/words.ts';
import { isKey } from '#src/locales/words.ts';
import { saidFault } from '#web/front/fault.ts';
import type { Room } from '#web/front/found-pages.ts';
import { send } from '#web/front/headers.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { adminRoom, clientRoom, entranceRoom } from '#web/parts/rooms.ts';

/** The status of a refusal. */
export function statusOf(problem: Problem): number {
  switch (problem.kind) {
    case 'invalid':
      return 422;
    case 'not-found':
      return 404;
    case 'not-allowed':
      return 403;
    case 'conflict':
      return 409;
    case 'too-many':
      return 429;
    case 'unavailable':
      return 503;
  }
}

/** Says when to come back, where that is known. */
export function retryAfter(reply: FastifyReply, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
}

/** The words of a code. Where several fields are wrong, the value `of:<name>` says what that one is called. */
export function problemWords(frame: Frame, code: string, problem: Problem, field?: string): string {
  const key = `errors.${code}`;
  const called = field === undefined ? undefined : problem.values[`of:${field}`];
  const values = called === undefined ? problem.values : { ...problem.values, field: called };
  return frame.t(isKey(key) ? key : 'errors.invalid', values);
}

/** Sends the page of a refusal. */
export function sendProblem(reply: FastifyReply, visit: Visit, room: Room, problem: Problem): FastifyReply {
  retryAfter(reply, problem);
  return send(reply, statusOf(problem), drawProblem(visit, room, problem));
}

/** Draws it: what is refused, why where there is more to say, and where to go on. */
export function drawProblem(visit: Visit, room: Room, problem: Problem): Html {
  const { frame } = visit;
  const ownTitle = `errors.${problem.code}.title`;
  const title: Key = isKey(ownTitle) ? ownTitle : `errors.title.${problem.kind}`;
  const whyKey = `errors.${problem.code}.why`;
  const next = linkButton({ href: room === 'admin' ? '/admin' : '/', text: frame.t('common.refusal.home') });
  const body = refusal(frame, {
    what: problemWords(frame, problem.code, problem),
    why: isKey(whyKey) ? frame.t(whyKey, problem.values) : undefined,
    next,
  });
  return inRoom(visit, room, frame.t(title), body);
}

/** Anything that is not a Problem is ours to mend: logged with its cause and a reference, said in one polite sentence. */
export function sendFault(ctx: Context, reply: FastifyReply, visit: Visit, room: Room, error: unknown): FastifyReply {
  const { status, title, body } = saidFault(ctx, reply, visit.frame, error);
  return send(reply, status, inRoom(visit, room, title, body));
}

function inRoom(visit: Visit, room: Room, title: string, body: Html): Html {
  const { frame } = visit;
  if (room === 'admin' && frame.administrator) return adminRoom(frame, { title, body });
  if (room === 'client' && frame.user) return clientRoom(frame, { title, body });
  return entranceRoom(frame, { title, body: html`${body}` });
}
