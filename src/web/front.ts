// The frame around every page, and the one place where HTTP meets them: who enters, forged forms, what is typed and kept,
// how a Problem looks, which cookies are written, which headers protect.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accountsToChangeTo } from '#domain/access/members.ts';
import type { Ban } from '#domain/guard/bans.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { operatorOrigins } from '#domain/sso/destinations.ts';
import { networkName } from '#kit/address.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import { constantTimeEqual, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { Key, Language } from '#src/locales/words.ts';
import { isKey, translator } from '#src/locales/words.ts';
import { afterCaptcha, withCaptchaDrawn } from '#web/captcha.ts';
import type { CookieJar } from '#web/cookies.ts';
import { cookieJar, noticeValue, readNotice, untouched } from '#web/cookies.ts';
import { carriesFiles } from '#web/file-form.ts';
import { askAgain, isFreshVisit, requireEntry, triedEntry, turnAway } from '#web/front/entering.ts';
import type { FoundPage, Room } from '#web/front/found-pages.ts';
import { contentPolicy, protect, protectAnyAnswer, send, sendDownload, turnAwayUntouched } from '#web/front/headers.ts';
import type { MadeVisit } from '#web/front/made-visit.ts';
import { csrfsOf, isOwnPost, visitCookie } from '#web/front/own-posts.ts';
import type { Came } from '#web/front/signed-in.ts';
import {
  actorOf,
  changeSession,
  inClientArea,
  isPersonalVisit,
  looksAhead,
  NOBODY,
  signedInAdministrator,
  signedInUser,
  userAgentOf,
} from '#web/front/signed-in.ts';
import { formOf, formWithFile, keepingOwnWords, lastValues } from '#web/front/typed.ts';
import { languageChoices, languageOfVisit } from '#web/language.ts';
import type { Answer, NextNotice, Visit, Who } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame, Notice } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { adminRoom, clientRoom, entranceRoom } from '#web/parts/rooms.ts';
import { frameOf } from '#web/picture-frame.ts';

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

/** The visit; or nothing when not even that could be found out (no database, say): then the answer is on its way. */
async function madeVisit(
  ctx: Context,
  room: Room,
  who: Who,
  request: FastifyRequest,
  reply: FastifyReply,
  mayRestore = false,
): Promise<MadeVisit | undefined> {
  try {
    return await visitOf(ctx, room, who, request, reply, mayRestore);
  } catch (error) {
    const reference = noteFault(ctx, error);
    const t = translator('en');
    protect(reply).code(500).type('text/plain; charset=utf-8');
    reply.send(`${t('errors.title.fault')}\n${t('errors.fault')}\n${reference}\n`);
    return undefined;
  }
}

/** Everything about a request that a page needs; or where whoever must sign in first is sent. */
async function visitOf(
  ctx: Context,
  room: Room,
  who: Who,
  request: FastifyRequest,
  reply: FastifyReply,
  mayRestore: boolean,
): Promise<MadeVisit> {
  const origin = await publicOrigin(ctx);
  const wholeJar = cookieJar(request, reply, origin.startsWith('https:'));
  const jar = request.method === 'HEAD' ? untouched(wholeJar) : wholeJar;
  const came: Came = { ip: request.visitorIp, userAgent: userAgentOf(request), mayRestore };
  const [user, administrator] = await Promise.all([
    room === 'admin' ? NOBODY : room === 'client' ? inClientArea(ctx, jar, came) : signedInUser(ctx, jar, came),
    room === 'client' ? NOBODY : signedInAdministrator(ctx, jar, came),
  ]);
  // Signing in may lead on to an address that the operator entered: `goto` names such a place of an account.
  if (room === 'entrance') reply.header('content-security-policy', contentPolicy(await operatorOrigins(ctx)));
  const [entry, accounts] = await Promise.all([
    who.is === 'account' && user.is ? triedEntry(ctx, request, user.is) : undefined,
    room === 'client' && user.is ? accountsToChangeTo(ctx, user.is.userId) : undefined,
  ]);
  const account = entry?.at === 'entered' ? entry.account : undefined;
  const path = request.url.split('?')[0] ?? '/';
  const ownValue = visitCookie(jar);
  const csrfs = csrfsOf(ctx, ownValue, user.is, administrator.is);
  const query = lastValues(request.url);
  const language = await languageOfVisit(ctx, jar, {
    own: user.is?.language || administrator.is?.language || '',
    inAddress: query.language,
    acceptLanguage: request.headers['accept-language'],
  });
  const frame = await frameOf(ctx, {
    path,
    csrf: csrfs[0],
    notice: takeNotice(ctx, jar, language),
    language,
    languages: room === 'entrance' && !user.is && !administrator.is ? languageChoices(query) : undefined,
    user: room === 'client' ? user.is : undefined,
    accounts,
    account,
    administrator: room === 'admin' ? administrator.is : undefined,
  });
  const visit: Visit = {
    ctx,
    frame,
    path,
    params: request.params as Record<string, string>, // Fastify's own: strings of the path
    query,
    form: formOf(request),
    errors: undefined,
    ip: request.visitorIp,
    host: request.headers.host ?? '',
    userAgent: came.userAgent,
    actor: actorOf(room, user.is, administrator.is, request.visitorIp),
    user: user.is,
    administrator: administrator.is,
    account,
    attempt: jar.read('attempt'),
    browser: ctx.seal.sign('browser', ownValue),
    device: jar.read('device'),
  };
  return { visit, entry, jar, origin, csrfs, ...turnAway(who, visit, user.was ?? administrator.was, user.actedIn) };
}

function takeNotice(ctx: Context, jar: CookieJar, language: Language): Notice | undefined {
  const value = jar.read('notice');
  if (!value) return undefined;
  jar.clear('notice');
  const [notice = '', signature = ''] = value.split('.');
  if (!constantTimeEqual(signature, ctx.seal.sign('notice', notice))) return undefined; // not a sentence of ours
  const read = readNotice(notice);
  if (!read || !isKey(read.key)) return undefined;
  const t = translator(language.code);
  const tone = (['success', 'info', 'warning', 'danger'] as const).find((one) => one === read.tone) ?? 'info';
  try {
    return { tone, text: t(read.key, read.values) };
  } catch {
    return undefined; // values that do not fit the sentence: not ours
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

/** A sentence waits for the next page that is drawn: one that nobody has seen yet goes along through a second redirect. */
function keepNotice(ctx: Context, jar: CookieJar, fresh: NextNotice | undefined): void {
  const waiting = jar.read('notice');
  const value = fresh && noticeValue(fresh);
  if (value !== undefined) jar.write('notice', `${value}.${ctx.seal.sign('notice', value)}`);
  else if (waiting) jar.write('notice', waiting);
}

function statusOf(problem: Problem): number {
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

function retryAfter(reply: FastifyReply, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
}

/** The words of a code. Where several fields are wrong, the value `of:<name>` says what that one is called. */
function problemWords(frame: Frame, code: string, problem: Problem, field?: string): string {
  const key = `errors.${code}`;
  const called = field === undefined ? undefined : problem.values[`of:${field}`];
  const values = called === undefined ? problem.values : { ...problem.values, field: called };
  return frame.t(isKey(key) ? key : 'errors.invalid', values);
}

function sendProblem(reply: FastifyReply, visit: Visit, room: Room, problem: Problem): FastifyReply {
  retryAfter(reply, problem);
  return send(reply, statusOf(problem), drawProblem(visit, room, problem));
}

function drawProblem(visit: Visit, room: Room, problem: Problem): Html {
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
function sendFault(ctx: Context, reply: FastifyReply, visit: Visit, room: Room, error: unknown): FastifyReply {
  const reference = noteFault(ctx, error);
  const { t } = visit.frame;
  return send(
    reply,
    500,
    inRoom(visit, room, t('errors.title.fault'), refusal(visit.frame, { what: t('errors.fault'), reference })),
  );
}

function noteFault(ctx: Context, error: unknown): string {
  const reference = randomToken(6);
  ctx.log.error({ err: error, reference }, 'a page failed');
  return reference;
}

function inRoom(visit: Visit, room: Room, title: string, body: Html): Html {
  const { frame } = visit;
  if (room === 'admin' && frame.administrator) return adminRoom(frame, { title, body });
  if (room === 'client' && frame.user) return clientRoom(frame, { title, body });
  return entranceRoom(frame, { title, body: html`${body}` });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The visitor's address as `guard` sees it. */
    visitorIp: string;
  }
}
