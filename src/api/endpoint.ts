// /includes/api.php: the one endpoint of the WHMCS-compatible API. Strangers reach it; what follows is asked in this order:
// 1. can the request be read at all (400, 413, 415)
// 2. is the address allowed (403 `Invalid IP …`), is the credential right, is its administrator enabled and allowed to use
//    the API (403), all in `enterApi`
// 3. is an action named (400), may this credential call it (403), is it answered here
// 4. the action itself (200, `result` says how it went)
// So nobody learns which actions there are before a credential was proven. Never a redirect: many clients would follow it
// with a GET and lose their parameters. Neither the address with its query nor the body is ever logged.

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answered } from '#api/call.ts';
import { callAction, faulted, refused } from '#api/call.ts';
import { callerBy, refusalAnswer, refusedAddress, shownBy, valuesForAction } from '#api/caller.ts';
import { readRequest, usualLimits } from '#api/dialect/in.ts';
import { type ResponseFormat, responseFormat, writeAnswer } from '#api/dialect/out.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { Actions } from '#api/found-actions.ts';
import { findActions } from '#api/found-actions.ts';
import { enterApi } from '#domain/administrators/api-access.ts';
import type { Context } from '#src/context.ts';

// The second is what a base address with a slash at its end gives.
const ADDRESSES = ['/includes/api.php', '//includes/api.php'];

/** So much of a body that is too large is read and dropped, so that its sender can read the refusal. */
const MOST_DROPPED = 16 * usualLimits.bytes;

/** Registers the endpoint and finds the actions. */
export async function registerApi(app: FastifyInstance, ctx: Context): Promise<void> {
  const actions = await findActions();
  await app.register(async (wire) => {
    wire.removeAllContentTypeParsers();
    wire.addContentTypeParser('*', (_request, payload, done) => receive(payload, (body) => done(null, body)));
    wire.addHook('onRequest', async (request) => dropUnusableContentType(request));
    wire.setErrorHandler(async (error, _request, reply) => send(reply, 'json', '', unreadable(ctx, error)));
    for (const url of ADDRESSES) {
      const config = { wire: true };
      const method = wire.supportedMethods.filter((one) => one !== 'POST');
      wire.post(url, { config }, (request, reply) => answer(ctx, actions, request, reply));
      wire.route({ method, url, config, handler: async (_request, reply) => mustBePost(reply) });
    }
  });
}

/** Whether a request is for this endpoint, whatever its method. */
export function isForApi(request: FastifyRequest): boolean {
  return request.routeOptions.config.wire === true;
}

/** Answers a banned address as one that is not allowed: in words that programs understand. */
export function answerBannedProgram(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(reply, 'json', '', refusedAddress(request.visitorIp));
}

async function answer(ctx: Context, actions: Actions, request: FastifyRequest, reply: FastifyReply) {
  const body = (request.body as Received | undefined) ?? Buffer.alloc(0); // the parser above gives nothing else
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '';
  const sent = { method: 'POST', contentType: request.headers['content-type'], query };
  const read = Buffer.isBuffer(body) ? await readRequest({ ...sent, body }) : body;
  if ('status' in read) return send(reply, 'json', '', refused(read.status, read.message));
  const action = actionOf(read.values);
  const answered = await respond(ctx, actions, action, read.values, request.visitorIp);
  return send(reply, responseFormat(read.values), action, answered);
}

async function respond(ctx: Context, actions: Actions, action: string, values: WireValues, ip: string) {
  try {
    const shown = shownBy(values);
    const entered = await enterApi(ctx, { ...shown, ip, action });
    if ('refused' in entered) return refusalAnswer(shown, entered, ip);
    if (action === '') return refused(400, 'Empty action request');
    const name = action.toLowerCase();
    if (!entered.mayCall(name)) return refused(403, `Invalid Permissions: API action "${name}" is not allowed`);
    return await callAction(actions, ctx, callerBy(entered, ip), action, valuesForAction(values));
  } catch (error) {
    return faulted(ctx, error, undefined);
  }
}

/** The action as it was named, in any case; a list names none. Cut, because refusals repeat it. */
function actionOf(values: WireValues): string {
  const { action } = values;
  return typeof action === 'string' ? action.trim().slice(0, 100) : '';
}

function send(reply: FastifyReply, format: ResponseFormat, action: string, answered: Answered): FastifyReply {
  const written = writeAnswer(format, action, answered.answer);
  if (answered.retryAfterSeconds !== undefined) reply.header('retry-after', String(answered.retryAfterSeconds));
  // Answers hold tokens and people's data.
  reply.code(answered.status).header('content-type', written.contentType).header('cache-control', 'no-store');
  return reply.send(written.body);
}

function mustBePost(reply: FastifyReply): FastifyReply {
  reply.header('allow', 'POST');
  return send(reply, 'json', '', refused(405, 'Send the request by POST, with the parameters in its body'));
}

/** What the server itself could not read; anything else is a fault of ours. */
function unreadable(ctx: Context, error: unknown): Answered {
  const status = (error as { statusCode?: number }).statusCode ?? 500; // Fastify's own errors carry it
  return status < 500 ? refused(status, 'The request could not be read') : faulted(ctx, error, undefined);
}

type Received = Buffer | { readonly status: 400 | 413; readonly message: string };

// Reads on when the body is too large, lest the connection is cut before the sender looks at the answer.
function receive(payload: IncomingMessage, done: (body: Received) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const end = (body: Received): void => {
    if (isOver) return;
    isOver = true;
    done(body);
  };
  const tooLarge: Received = { status: 413, message: `The request is larger than ${usualLimits.bytes} bytes` };
  payload.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= usualLimits.bytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MOST_DROPPED) end(tooLarge);
  });
  payload.on('end', () => end(size > usualLimits.bytes ? tooLarge : Buffer.concat(chunks)));
  payload.on('error', () => end({ status: 400, message: 'The request body broke off' }));
}

/** A content type that is none counts as none: the body shows what it is. */
function dropUnusableContentType(request: FastifyRequest): void {
  const given = request.raw.headers['content-type'];
  if (given !== undefined && !/^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(given))
    delete request.raw.headers['content-type'];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The WHMCS wire: refusals are answers that programs read, not pages. */
    wire?: boolean;
  }
}
