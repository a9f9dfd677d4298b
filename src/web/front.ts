// The frame around every page, and the one place where HTTP meets them: who enters, forged forms, what is typed and kept,
// how a Problem looks, which cookies are written, which headers protect.

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Entry } from '#domain/access/entry.ts';
import { enterAccount } from '#domain/access/entry.ts';
import type { Account } from '#domain/access/members.ts';
import { accountsToChangeTo, may, mayInvite, noteEntry } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { isPermission } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { closedReadableDays } from '#domain/clients/clients.settings.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import type { SignedInAdministrator, SignedInUser } from '#domain/sessions/sessions.ts';
import { checkAdministratorSession, checkUserSession, renewToken } from '#domain/sessions/sessions.ts';
import { maintenance } from '#domain/settings/general.settings.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { operatorOrigins } from '#domain/sso/destinations.ts';
import { networkName } from '#kit/address.ts';
import { attachmentNamed } from '#kit/content-disposition.ts';
import type { Found } from '#kit/discover.ts';
import { days } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html, htmlText } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import { constantTimeEqual, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { Key, Language } from '#src/locales/words.ts';
import { isKey, translator } from '#src/locales/words.ts';
import { accessMissing, entryRefused, invitingMissing } from '#web/access-missing.ts';
import type { CookieJar, CookieName } from '#web/cookies.ts';
import { cookieJar, noticeValue, readNotice, untouched } from '#web/cookies.ts';
import type { SentFile } from '#web/file-form.ts';
import { carriesFiles, readFileForm } from '#web/file-form.ts';
import { languageChoices, languageOfVisit } from '#web/language.ts';
import type { Answer, Download, Form, NextNotice, Page, SessionChange, Visit, Who } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame, Notice } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { adminRoom, clientRoom, entranceRoom } from '#web/parts/rooms.ts';
import { frameOf } from '#web/picture-frame.ts';

/** Which room a page is in; its refusals are drawn there too. */
export type Room = 'entrance' | 'client' | 'admin';

// biome-ignore lint/suspicious/noExplicitAny: pages of every kind of visitor stand in one list; each is called after its own check
type AnyPage = Page<any>;

/** A page found: its address, its room, what it is. */
export type FoundPage = {
  readonly address: string;
  readonly room: Room;
  readonly page: AnyPage;
  readonly file: string;
};

/** The pages of a room from the files found. A file that is no page, or does not say who may enter, stops the start. */
export function pagesOf(room: Room, found: readonly Found[]): FoundPage[] {
  return found.map(({ path, module }) => {
    const declared = module['default'] as AnyPage | undefined; // checked on the next line
    if (!declared?.who?.is) throw new Error(`src/web/${room}/${path} does not say who may enter`);
    const address = addressOf(room, path);
    const fault = whoFault(room, address, declared.who);
    if (fault) throw new Error(`src/web/${room}/${path} ${fault}`);
    return { address, room, page: declared, file: `src/web/${room}/${path}` };
  });
}

/** What is wrong with a page's say about who may enter; checked at the start, since a word that nobody checks lets everybody in. */
function whoFault(room: Room, address: string, who: Who): string | undefined {
  switch (who.is) {
    case 'anyone':
      return room === 'entrance' ? undefined : 'lets strangers in: they enter by web/entrance only';
    case 'user':
      return room === 'client' ? undefined : 'asks for a customer: their pages are in web/client';
    case 'account':
      if (room !== 'client') return 'asks for a customer: their pages are in web/client';
      if (!address.split('/').includes(':client')) return 'asks for an account but has no [client]';
      return ['any', 'owner', 'inviter'].includes(who.permission) || isAccessPermission(who.permission)
        ? undefined
        : `asks for a permission that there is not: ${who.permission}`;
    case 'staff':
      if (room !== 'admin') return 'asks for staff: their pages are in web/admin';
      return [who.permission, who.also ?? 'any'].every((one) => one === 'any' || isPermission(one))
        ? undefined
        : `asks for a permission that there is not: ${who.permission}, ${who.also}`;
  }
  return 'does not say who may enter by a word that is known'; // reached only past the types
}

function addressOf(room: Room, path: string): string {
  const parts = path
    .replace(/\.ts$/, '')
    .split('/')
    .filter((part, at, all) => !(part === 'home' && at === all.length - 1));
  const address = parts.map((part) => part.replace(/^\[(\w+)\]$/, ':$1')).join('/');
  return `/${[room === 'admin' ? 'admin' : '', address].filter((part) => part !== '').join('/')}`;
}

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
  until: number | undefined,
): Promise<FastifyReply> {
  const made = await madeVisit(ctx, 'entrance', { is: 'anyone' }, request, reply);
  if (!made) return reply;
  const { visit } = made;
  const { t } = visit.frame;
  const why =
    until === undefined
      ? t('errors.banned.for-good')
      : t('errors.banned.until', { until: visit.frame.formatDateTime(until) });
  return send(
    reply,
    403,
    entranceRoom(visit.frame, {
      title: t('errors.banned.title'),
      body: refusal(visit.frame, { what: t('errors.banned'), why }),
    }),
  );
}

async function answer(
  ctx: Context,
  found: FoundPage,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (found.page.spendsByGet && looksAhead(request)) return turnAwayUntouched(request, reply);
  const posted = request.method === 'POST';
  const made = await madeVisit(ctx, found.room, found.page.who, request, reply);
  if (!made) return reply;
  const { jar } = made;
  let { visit } = made;
  if (made.turnedAway) return finish(ctx, reply, jar, made.turnedAway);
  let entered = false;
  try {
    await requireEntry(ctx, found, made);
    entered = true;
    if (!posted) return await finish(ctx, reply, jar, await drawn(found, visit));
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
    if (!found.page.post) throw new Error('a page without post was posted to');
    return await finish(ctx, reply, jar, await found.page.post(visit));
  } catch (error) {
    // The page is drawn again only for whoever may see it: a post is no way round the check at its door.
    if (error instanceof Problem && posted && entered) return redraw(found, visit, reply, jar, error);
    if (error instanceof Problem) return sendProblem(reply, visit, found.room, error);
    return sendFault(ctx, reply, visit, found.room, error);
  }
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
    const picture = await found.page.get(again);
    retryAfter(reply, problem);
    const drawn = picture.kind === 'picture' ? { ...picture, status: statusOf(problem) } : picture;
    return await finish(visit.ctx, reply, jar, drawn);
  } catch (error) {
    if (error instanceof Problem) return sendProblem(reply, visit, found.room, problem); // what the post was refused for
    return sendFault(visit.ctx, reply, visit, found.room, error);
  }
}

type MadeVisit = {
  readonly visit: Visit;
  /** What became of entering the account that the path names, for pages of one. */
  readonly entry: Entry | undefined;
  readonly jar: CookieJar;
  /** Our public origin. */
  readonly origin: string;
  /** The tokens by which a post shows that its form was drawn for this browser. */
  readonly csrfs: readonly string[];
  readonly turnedAway?: Answer;
};

/** The visit; or nothing when not even that could be found out (no database, say): then the answer is on its way. */
async function madeVisit(
  ctx: Context,
  room: Room,
  who: Who,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<MadeVisit | undefined> {
  try {
    return await visitOf(ctx, room, who, request, reply);
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
): Promise<MadeVisit> {
  const origin = await publicOrigin(ctx);
  const wholeJar = cookieJar(request, reply, origin.startsWith('https:'));
  const jar = request.method === 'HEAD' ? untouched(wholeJar) : wholeJar;
  const [user, administrator] = await Promise.all([
    room === 'admin' ? NOBODY : signedInUser(ctx, jar),
    room === 'client' ? NOBODY : signedInAdministrator(ctx, jar),
  ]);
  // Signing in may lead on to an address that the operator entered: `goto` names such a place of an account.
  if (room === 'entrance') reply.header('content-security-policy', contentPolicy(await operatorOrigins(ctx)));
  const [entry, accounts] = await Promise.all([
    who.is === 'account' && user.is ? triedEntry(ctx, request, user.is) : undefined,
    room === 'client' && user.is ? accountsToChangeTo(ctx, user.is.userId) : undefined,
  ]);
  const account = entry?.at === 'entered' ? entry.account : undefined;
  const path = request.url.split('?')[0] ?? '/';
  const csrfs = csrfsOf(ctx, visitCookie(jar), user.is, administrator.is);
  const query = lastValues(request.url);
  const language = await languageOfVisit(ctx, jar, {
    own: user.is?.language || administrator.is?.language || '',
    inAddress: query['language'],
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
    userAgent: String(request.headers['user-agent'] ?? ''),
    actor: actorOf(room, user.is, administrator.is, request.visitorIp),
    user: user.is,
    administrator: administrator.is,
    account,
    attempt: jar.read('attempt'),
  };
  return { visit, entry, jar, origin, csrfs, ...turnAway(who, visit, user.was ?? administrator.was) };
}

/** Sends a stranger to the sign-in page, with the way back; what they had is said there in words. */
function turnAway(who: Who, visit: Visit, was: string | undefined): { turnedAway?: Answer } {
  if (who.is === 'staff' && !visit.administrator) return away('/admin/login', visit, was);
  if ((who.is === 'user' || who.is === 'account') && !visit.user) return away('/login', visit, was);
  return {};
}

function away(to: string, visit: Visit, was: string | undefined): { turnedAway: Answer } {
  const goto = visit.form.given ? '' : `?goto=${encodeURIComponent(visit.path + queryText(visit.query))}`;
  const key = `common.ended.${was ?? ''}`;
  const notice = was && isKey(key) ? { tone: 'info' as const, key } : undefined;
  return {
    turnedAway: {
      kind: 'redirect',
      to: `${to}${visit.path === '/' || visit.path === '/admin' ? '' : goto}`,
      notice,
      session: undefined,
    },
  };
}

/** Whether whoever is signed in may enter this page; throws what they are told otherwise. */
async function requireEntry(ctx: Context, found: FoundPage, made: MadeVisit): Promise<void> {
  const { visit } = made;
  const who: Who = found.page.who;
  if (found.room === 'client' && (await settingOf(ctx, maintenance)))
    throw new Problem('unavailable', 'maintenance', { retryAfterSeconds: 600 });
  switch (who.is) {
    case 'anyone':
    case 'user':
      return;
    case 'account':
      return requireAccount(ctx, made, who.permission);
    case 'staff':
      requireHeld(visit, who.permission);
      requireHeld(visit, who.also ?? 'any');
      return;
  }
}

function requireHeld({ administrator }: Visit, permission: Permission | 'any'): void {
  if (permission === 'any' || administrator?.permissions.includes(permission)) return;
  throw new Problem('not-allowed', 'permission-missing', {
    values: { permission, role: administrator?.roleName ?? '' },
  });
}

async function requireAccount(
  ctx: Context,
  { visit, entry }: MadeVisit,
  permission: AccessPermission | 'any' | 'owner' | 'inviter',
): Promise<void> {
  if (entry?.at !== 'entered')
    throw await entryRefused(ctx, visit.frame, entry, { userId: visit.user?.userId, client: visit.params['client'] });
  const { account } = entry;
  if (account.client.status === 'Closed' && !(await stillReadable(ctx, account, visit)))
    throw new Problem('not-allowed', 'account-closed');
  if (permission === 'owner' && !account.member.isOwner) throw new Problem('not-allowed', 'owner-only');
  if (permission === 'inviter' && !mayInvite(account.member)) throw await invitingMissing(ctx, account.client.id);
  if (isAccessPermission(permission) && !may(account.member, permission))
    throw await accessMissing(ctx, visit.frame, account.client.id, permission);
}

/** A closed account is for looking, and for a while (behaviours.md, section 15, number 16). */
async function stillReadable(ctx: Context, account: Account, visit: Visit): Promise<boolean> {
  if (visit.form.given) return false;
  const until = (account.client.closedAt ?? 0) + days(await settingOf(ctx, closedReadableDays));
  return ctx.now() < until;
}

async function triedEntry(ctx: Context, request: FastifyRequest, user: SignedInUser): Promise<Entry | undefined> {
  const text = (request.params as Record<string, string>)['client'] ?? ''; // Fastify's own: strings of the path
  if (!/^[1-9]\d{0,14}$/.test(text)) return undefined; // `0x1` and `1e0` are no other names of account 1
  const entry = await enterAccount(ctx, user, Number(text));
  if (entry.at === 'entered') await noteEntry(ctx, entry.account.member);
  return entry;
}

type Signed<Who> = { readonly is: Who | undefined; readonly was: string | undefined };
const NOBODY = { is: undefined, was: undefined };

async function signedInUser(ctx: Context, jar: CookieJar): Promise<Signed<SignedInUser>> {
  const token = jar.read('session');
  if (!token) return { is: undefined, was: undefined };
  const checked = await checkUserSession(ctx, token);
  if ('who' in checked) return { is: checked.who, was: undefined };
  jar.clear('session');
  return { is: undefined, was: checked.ended };
}

async function signedInAdministrator(ctx: Context, jar: CookieJar): Promise<Signed<SignedInAdministrator>> {
  const token = jar.read('admin');
  if (!token) return { is: undefined, was: undefined };
  const checked = await checkAdministratorSession(ctx, token);
  if ('who' in checked) return { is: checked.who, was: undefined };
  jar.clear('admin');
  return { is: undefined, was: checked.ended };
}

function actorOf(
  room: Room,
  user: SignedInUser | undefined,
  administrator: SignedInAdministrator | undefined,
  ip: string,
): Actor {
  if (room === 'admin' && administrator) {
    return { kind: 'administrator', administratorId: administrator.administratorId, name: administrator.username, ip };
  }
  if (room !== 'admin' && user) return { kind: 'user', userId: user.userId, name: user.email, ip };
  return strangerActor(ip);
}

/** The value that ties forms to this browser; made at the first visit. */
function visitCookie(jar: CookieJar): string {
  const known = jar.read('visit');
  if (known && /^[\w-]{43}$/.test(known)) return known;
  const fresh = randomToken();
  jar.write('visit', fresh);
  return fresh;
}

/**
 * The tokens of forms, tied to this browser and to who is signed in; the first is for the forms of this visit. Each area
 * knows its own side alone, and signs out by a form that the entrance receives: it takes the tokens of either side too.
 */
function csrfsOf(
  ctx: Context,
  visit: string,
  user: SignedInUser | undefined,
  administrator: SignedInAdministrator | undefined,
): readonly [string, ...string[]] {
  const token = (userId: number | '', administratorId: number | ''): string =>
    ctx.seal.sign('csrf', `${visit}|${userId}|${administratorId}`);
  const whole = token(user?.sessionId ?? '', administrator?.sessionId ?? '');
  if (!user || !administrator) return [whole];
  return [whole, token(user.sessionId, ''), token('', administrator.sessionId)];
}

/**
 * Whether a post comes from a page of ours in this very browser: the browser's own word (Fetch Metadata, Origin), and a
 * token that only our page and this browser's cookie together make. Login forms too: else a stranger could sign a victim
 * in as somebody else (ASVS 5.0 V3.5.1).
 */
function isOwnPost(request: FastifyRequest, { visit, origin, csrfs }: MadeVisit): boolean {
  if (pageOf(request, origin) === 'foreign') return false;
  return csrfs.some((csrf) => constantTimeEqual(visit.form.text('csrf'), csrf));
}

/**
 * Which page a post comes from, by the browser's own word; older ones say nothing, then the token alone decides. A proxy
 * may give us another Host than the browser knows, so our public origin is as good.
 */
function pageOf({ headers }: FastifyRequest, publicly: string): 'own' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  const { origin, host } = headers;
  if (origin === undefined || origin === 'null') return 'unknown';
  return origin === publicly || hostOf(origin) === host ? 'own' : 'foreign';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/**
 * For a form drawn again because it was not proved ours. What was typed stays when a page of ours sent it. Another site
 * could have filled it in, for whoever then presses the button without reading: then the form is drawn as on a first look.
 */
function keepingOwnWords(request: FastifyRequest, { visit, origin }: MadeVisit): Visit {
  return pageOf(request, origin) === 'own' ? visit : { ...visit, form: formFrom(new URLSearchParams(), false) };
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

function formOf(request: FastifyRequest): Form {
  const values = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  return formFrom(values, request.method === 'POST');
}

/** A form with its file. One without our proof in front of the file is not read, and refused as any other without it. */
async function formWithFile(request: FastifyRequest, made: MadeVisit, most: number): Promise<Form> {
  const sent = await readFileForm(request.raw, most, (values) =>
    isOwnPost(request, { ...made, visit: { ...made.visit, form: formFrom(values, true) } }),
  );
  switch (sent.is) {
    case 'read':
      return formFrom(sent.values, true, sent.files);
    case 'not-ours':
      return formFrom(new URLSearchParams(), true);
    case 'too-large':
      throw new Problem('invalid', 'file-too-large', {
        fields: { file: 'file-too-large' },
        values: { mebibytes: most / 1024 / 1024 },
      });
    case 'unreadable':
      throw new Problem('invalid', 'file-unreadable', { fields: { file: 'file-unreadable' } });
  }
}

const NO_FILES: ReadonlyMap<string, SentFile> = new Map();

function formFrom(values: URLSearchParams, given: boolean, files = NO_FILES): Form {
  return {
    given,
    text: (name) => values.getAll(name).at(-1) ?? '',
    all: (name) => values.getAll(name),
    has: (name) => values.has(name),
    file: (name) => files.get(name),
  };
}

function lastValues(url: string): Record<string, string> {
  const at = url.indexOf('?');
  const query: Record<string, string> = Object.create(null); // `query['constructor']` is nothing, unless given
  for (const [name, value] of new URLSearchParams(at === -1 ? '' : url.slice(at + 1))) query[name] = value;
  return query;
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
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

async function changeSession(ctx: Context, jar: CookieJar, change: SessionChange): Promise<void> {
  if ('attempt' in change) return jar.write('attempt', change.attempt);
  if ('attemptOver' in change) return jar.clear('attempt');
  if ('closed' in change) return jar.clear(sideCookie(change.closed));
  if ('renewed' in change) {
    const cookie = sideCookie(change.renewed);
    const fresh = await renewToken(ctx, jar.read(cookie) ?? '');
    return fresh === undefined ? jar.clear(cookie) : jar.write(cookie, fresh);
  }
  if (jar.read('attempt')) jar.clear('attempt');
  jar.write(sideCookie(change.opened.person.kind), change.opened.token);
}

function sideCookie(side: 'user' | 'administrator'): CookieName {
  return side === 'user' ? 'session' : 'admin';
}

/** Whether a browser or a program asks ahead of a visit, or instead of one (Sec-Purpose; the older names of the same). */
function looksAhead({ method, headers }: FastifyRequest): boolean {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  return method === 'HEAD' || purposes.some((one) => /prefetch|prerender|preview/i.test(String(one ?? '')));
}

/** No success, so that nothing fetched ahead is shown in place of the real visit. */
function turnAwayUntouched(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = request.method === 'HEAD' ? 405 : 503;
  return protect(reply).header('referrer-policy', 'no-referrer').header('allow', 'GET').code(status).send('');
}

function send(reply: FastifyReply, status: number, picture: Html): FastifyReply {
  return protect(reply).code(status).type('text/html; charset=utf-8').send(htmlText(picture));
}

/** A file to save: never drawn, never run, in a sandbox of its own should a browser open it all the same (ASVS 5.0 V3.2.1). */
function sendDownload(reply: FastifyReply, { name, type, size, bytes }: Download): FastifyReply {
  reply.header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'");
  return protect(reply)
    .headers({
      'content-disposition': attachmentNamed(name),
      ...(size === undefined ? {} : { 'content-length': size }),
      'x-content-type-options': 'nosniff',
    })
    .type(type)
    .send(Readable.from(bytes));
}

/** The headers of every page: nothing foreign loads, nobody frames us, nothing is kept (ASVS 5.0 V3.4). */
function protect(reply: FastifyReply): FastifyReply {
  if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', USUAL_POLICY);
  return reply.headers({
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  });
}

/** What a page may load and where its forms may go; browsers hold a form to it through every redirect that follows. */
function contentPolicy(formEnds: readonly string[]): string {
  return `default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; connect-src 'self'; form-action ${["'self'", ...formEnds].join(' ')}; frame-ancestors 'none'; base-uri 'none'`;
}

const USUAL_POLICY = contentPolicy([]);

/** What every other answer has at the least: those of the framework, of assets, of the API; and what only https may say. */
async function protectAnyAnswer(ctx: Context, reply: FastifyReply): Promise<void> {
  for (const [name, value] of LEAST) if (!reply.hasHeader(name)) reply.header(name, value);
  if (reply.statusCode >= 400 && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  const origin = await publicOrigin(ctx).catch(() => '');
  if (origin.startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000'); // ASVS 5.0 V3.4.1
}

const LEAST = [
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
] as const;

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
