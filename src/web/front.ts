// The frame around every page, and the one place where HTTP meets them: who enters, forged forms, what is typed and kept,
// how a Problem looks, which cookies are written, which headers protect.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ban } from '#domain/guard/bans.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { operatorOrigins } from '#domain/sso/destinations.ts';
import { networkName } from '#kit/address.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import { afterCaptcha, withCaptchaDrawn } from '#web/captcha.ts';
import type { CookieJar } from '#web/cookies.ts';
import { carriesFiles } from '#web/file-form.ts';
import { askAgain, isFreshVisit, requireEntry } from '#web/front/entering.ts';
import type { FoundPage, Room } from '#web/front/found-pages.ts';
import { contentPolicy, protect, protectAnyAnswer, send, sendDownload, turnAwayUntouched } from '#web/front/headers.ts';
import { keepNotice } from '#web/front/notices.ts';
import { isOwnPost } from '#web/front/own-posts.ts';
import { drawProblem, problemWords, retryAfter, sendFault, sendProblem, statusOf } from '#web/front/problems.ts';
import { changeSession, isPersonalVisit, looksAhead } from '#web/front/signed-in.ts';
import { formOf, formWithFile, keepingOwnWords } from '#web/front/typed.ts';
import { madeVisit } from '#web/front/visiting.ts';
import type { Answer, Visit } from '#web/page.ts';
import type { Frame, Notice } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** Registers pages. Two with one address stop the start (Fastify says which). */
export function registerPages(app: FastifyInstance, ctx: Context, pages: readonly FoundPage[]): void {
  app.addHook('onSend', (_request, reply) => protectAnyAnswer(ctx, reply));
  registerEach(
    app,
    ctx,
    pages.filter(({ page }) => !page.files),
  );
  app.register(async (withFiles) => {
    // Left unread here: nobody knows yet whether its sender may enter.
    withFiles.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null, undefined));
    registerEach(
      withFiles,
      ctx,
      pages.filter(({ page }) => page.files),
    );
  });
}

function registerEach(app: FastifyInstance, ctx: Context, pages: readonly FoundPage[]): void {
  for (const found of pages) {
    if (found.page.get) app.get(found.address, (request, reply) => answer(ctx, found, request, reply));
    if (found.page.post) app.post(found.address, (request, reply) => answer(ctx, found, request, reply));
    const { postsComeBackByGet: fields } = found.page;
    if (fields) app.post(found.address, (request, reply) => comeBackByGet(fields, request, reply));
  }
}

/** Answers a request for a page that is not there, in the room it would have been in. */
export async function answerNotFound(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const room: Room = /^\/admin(?:[/?]|$)/.test(request.url) ? 'admin' : 'client';
  const made = await madeVisit(ctx, room, { is: 'anyone' }, request, reply);
  if (!made) return reply;
  return send(reply, 404, drawProblem(made.visit, room, new Problem('not-found', 'page-not-found')));
}

/** Answers an address that cannot even be read: nobody is looked at, nothing of it is said back. */
export function answerUnreadable(reply: FastifyReply): FastifyReply {
  return protect(reply)
    .header('x-content-type-options', 'nosniff')
    .code(400)
    .type('text/plain; charset=utf-8')
    .send('This request could not be read.\n');
}

/** Answers a banned visitor. */
export async function answerBanned(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  ban: Ban,
): Promise<FastifyReply> {
  const made = await madeVisit(ctx, 'entrance', { is: 'anyone' }, request, reply);
  if (!made) return reply;
  const { visit } = made;
  const { t } = visit.frame;
  const { expiresAt: until } = ban;
  const end =
    until === undefined
      ? t('errors.banned.for-good')
      : t('errors.banned.until', { until: visit.frame.formatDateTime(until) });
  const reason = banReason(visit.frame, ban);
  const why = reason === undefined ? end : html`${reason}<br>${end}`; // a reason of staff may end without a full stop
  return send(
    reply,
    403,
    entranceRoom(visit.frame, {
      title: t('errors.banned.title'),
      body: refusal(visit.frame, { what: t('errors.banned'), why }),
    }),
  );
}

/** What whoever is banned may know of why: the rule that did it, or what staff wrote for them to see. */
function banReason({ t }: Frame, ban: Ban): string | undefined {
  if (ban.source === 'admin-login') return t('protection.ban.why.admin-login');
  return ban.reasonShown && ban.reason !== '' ? t('protection.ban.why.given', { reason: ban.reason }) : undefined;
}

async function answer(
  ctx: Context,
  found: FoundPage,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (found.page.spendsByGet && looksAhead(request)) return turnAwayUntouched(request, reply);
  const posted = request.method === 'POST';
  const made = await madeVisit(ctx, found.room, found.page.who, request, reply, isPersonalVisit(request));
  if (!made) return reply;
  const { jar } = made;
  let { visit } = made;
  if (made.turnedAway) return finish(ctx, reply, jar, made.turnedAway);
  let entered = false;
  try {
    await requireEntry(ctx, found, made);
    if (found.page.stepUp && !(await isFreshVisit(visit))) return await finish(ctx, reply, jar, askAgain(visit));
    entered = true;
    if (!posted) return await finish(ctx, reply, jar, await drawn(found, await readyToDraw(found, visit, reply)));
    if (found.page.files && carriesFiles(request.raw))
      visit = { ...visit, form: await formWithFile(request, made, found.page.files.most) };
    if (!found.page.acceptsForeignPosts && !isOwnPost(request, { ...made, visit }))
      return await redraw(
        found,
        keepingOwnWords(request, { ...made, visit }),
        reply,
        jar,
        new Problem('not-allowed', jar.read('visit') ? 'form-expired' : 'cookies-needed'),
      );
    if (found.page.limit) await spendLimit(ctx, found.page.limit, networkName(visit.ip));
    return await finish(ctx, reply, jar, await done(found, visit, reply));
  } catch (error) {
    // The page is drawn again only for whoever may see it: a post is no way round the check at its door.
    if (error instanceof Problem && posted && entered) return redraw(found, visit, reply, jar, error);
    if (error instanceof Problem) return sendProblem(reply, visit, found.room, error);
    return sendFault(ctx, reply, visit, found.room, error);
  }
}

/** Does what the page does with a post, once its form showed a person where the operator asks for that. */
async function done(found: FoundPage, visit: Visit, reply: FastifyReply): Promise<Answer> {
  const { post, captcha, acceptsForeignPosts } = found.page;
  if (!post) throw new Error('a page without post was posted to');
  if (captcha === undefined) return post(visit);
  // What accepts posts of other sites does no more than draw the form, which is then asked by the page it goes to.
  if (acceptsForeignPosts) return post(await readyToDraw(found, visit, reply));
  return afterCaptcha(visit, captcha, () => post(visit));
}

/** The visit of a page about to be drawn: with a captcha where one is due, and leave to load what that needs. */
async function readyToDraw(found: FoundPage, given: Visit, reply: FastifyReply): Promise<Visit> {
  if (found.page.captcha === undefined) return given;
  const { visit, sources } = await withCaptchaDrawn(given, found.page.captcha);
  if (sources) reply.header('content-security-policy', contentPolicy(await operatorOrigins(visit.ctx), sources));
  return visit;
}

/** Sends a browser that another site made post to us back to the same address by GET (Page.postsComeBackByGet). */
function comeBackByGet(fields: readonly string[], request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const form = formOf(request);
  const query = new URLSearchParams();
  for (const name of fields) if (form.has(name) && form.text(name).length <= 3000) query.set(name, form.text(name));
  const path = request.url.split('?')[0] ?? '/';
  return protect(reply).header('referrer-policy', 'no-referrer').redirect(`${path}?${query}`, 303);
}

async function drawn(found: FoundPage, visit: Visit): Promise<Answer> {
  if (!found.page.get) throw new Problem('not-found', 'page-not-found');
  return found.page.get(visit);
}

/** Draws the page again after a refused post: the words of the Problem, everything typed still there. */
async function redraw(
  found: FoundPage,
  visit: Visit,
  reply: FastifyReply,
  jar: CookieJar,
  problem: Problem,
): Promise<FastifyReply> {
  const { frame } = visit;
  if (!found.page.get || problem.kind === 'not-found') return sendProblem(reply, visit, found.room, problem);
  const fields = Object.entries(problem.fields).map(
    ([field, code]) => [field, problemWords(frame, code, problem, field)] as const,
  );
  const notice: Notice | undefined =
    fields.length > 0
      ? undefined
      : {
          tone: problem.kind === 'not-allowed' ? 'warning' : 'danger',
          text: problemWords(frame, problem.code, problem),
        };
  const again: Visit = {
    ...visit,
    frame: notice ? { ...frame, notice } : frame,
    errors: fields.length > 0 ? Object.fromEntries(fields) : undefined,
  };
  try {
    const picture = await found.page.get(await readyToDraw(found, again, reply));
    retryAfter(reply, problem);
    const drawn = picture.kind === 'picture' ? { ...picture, status: statusOf(problem) } : picture;
    return await finish(visit.ctx, reply, jar, drawn);
  } catch (error) {
    if (error instanceof Problem) return sendProblem(reply, visit, found.room, problem); // what the post was refused for
    return sendFault(visit.ctx, reply, visit, found.room, error);
  }
}

async function finish(ctx: Context, reply: FastifyReply, jar: CookieJar, given: Answer): Promise<FastifyReply> {
  switch (given.kind) {
    case 'picture':
      return send(reply, given.status, given.picture);
    case 'download':
      return sendDownload(reply, given.download);
    case 'redirect':
      keepNotice(ctx, jar, given.notice);
      if (given.session) await changeSession(ctx, jar, given.session);
      return protect(reply).header('referrer-policy', 'no-referrer').redirect(given.to, 303);
  }
}
