// createApp(ctx): Fastify with every door found. Tests call it too.

import { fileURLToPath } from 'node:url';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify';
import { fastify, LogController } from 'fastify';
import { answerBannedProgram, isForApi, registerApi } from '#api/endpoint.ts';
import { banOf } from '#domain/guard/bans.ts';
import { visitorAddress } from '#domain/guard/visitor.ts';
import { accentColour } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { missingMigrations } from '#kit/database/migrate.ts';
import { discover } from '#kit/discover.ts';
import { toItsEnd } from '#kit/later.ts';
import type { Context } from '#src/context.ts';
import { MIGRATIONS } from '#src/context.ts';
import { registerMetrics } from '#src/metrics.ts';
import { answerFault } from '#web/front/fault.ts';
import type { FoundPage } from '#web/front/found-pages.ts';
import { pagesOf } from '#web/front/found-pages.ts';
import { answerBanned, answerNotFound, answerUnreadable, registerPages } from '#web/front.ts';
import { registerOldAddresses } from '#web/old-addresses.ts';
import { brandStylesheet } from '#web/parts/brand.ts';

const HERE = new URL('./', import.meta.url);
const LARGEST_FORM = 256 * 1024;

/** Every page, as its file says. Also for docs/doors.md. */
export async function findPages(): Promise<FoundPage[]> {
  const rooms = ['entrance', 'client', 'admin'] as const;
  const found = await Promise.all(rooms.map((room) => discover(new URL(`web/${room}/`, HERE), '.ts')));
  return rooms.flatMap((room, at) => pagesOf(room, found[at] ?? []));
}

/** Makes the server; it does not listen yet. */
export async function createApp(ctx: Context): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = ctx.log;
  const app = fastify({
    // Addresses hold tokens; a line for each request would keep them. What matters is in the audit log.
    logController: new LogController({ disableRequestLogging: true }),
    loggerInstance: logger,
    childLoggerFactory: (parent) => parent, // a logger for each request takes longer than the routing, and no line is its own
    bodyLimit: LARGEST_FORM,
    trustProxy: false, // guard decides whose word about an address counts
    requestTimeout: 30_000,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    frameworkErrors: (_error, _request, reply) => answerUnreadable(reply), // before any route or hook: `/%zz`
    forceCloseConnections: 'idle',
  });
  app.decorateRequest('visitorIp', '');
  await app.register(fastifyCookie);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));

  // A server that stops waits for connections alone: what somebody asked for who has closed theirs would lose its database.
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function answered(request, reply) {
      const answer: unknown = handler.call(this, request, reply);
      return answer instanceof Promise ? toItsEnd(answer) : answer;
    };
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    // Answers while the database is away, too; and what draws a page is for whoever is banned as well: theirs is drawn.
    if (isProbe(request.url) || isAsset(request.url)) return;
    request.visitorIp = await visitorAddress(ctx, request.socket.remoteAddress, request.headers);
    const ban = await banOf(ctx, request.visitorIp);
    if (ban && isForApi(request)) return answerBannedProgram(request, reply);
    if (ban) return answerBanned(ctx, request, reply, ban);
  });
  app.setErrorHandler(async (error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500; // Fastify's own errors carry it
    if (status >= 500) return answerFault(ctx, request, reply, error);
    return reply.code(status).type('text/plain; charset=utf-8').send('This request could not be read.\n');
  });
  app.setNotFoundHandler((request, reply) =>
    isAsset(request.url) ? noSuchAsset(reply) : answerNotFound(ctx, request, reply),
  );

  registerProbes(app, ctx);
  registerMetrics(app, ctx);
  await registerAssets(app, ctx);
  await registerApi(app, ctx);
  registerOldAddresses(app);
  registerPages(app, ctx, await findPages());
  return app;
}

function isProbe(url: string): boolean {
  return url === '/healthz' || url === '/readyz';
}

function isAsset(url: string): boolean {
  return url.startsWith('/assets/');
}

function noSuchAsset(reply: FastifyReply): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send('There is no such file.\n');
}

/** /healthz: the process lives. /readyz: it can serve, that is, the database answers and is of this version. */
function registerProbes(app: FastifyInstance, ctx: Context): void {
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_request, reply) => {
    const missing = await missingMigrations({ queries: ctx.db }, MIGRATIONS).catch(() => undefined);
    if (missing?.length === 0) return reply.type('text/plain').send('ready\n');
    return reply
      .code(503)
      .type('text/plain')
      .send(missing ? 'the database is of another version\n' : 'the database does not answer\n');
  });
}

async function registerAssets(app: FastifyInstance, ctx: Context): Promise<void> {
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('web/assets/', HERE)),
    prefix: '/assets/',
    index: false,
    decorateReply: false,
    immutable: true,
    maxAge: '365d',
  });
  app.get('/assets/brand.css', async (_request, reply) => {
    const accent = await settingOf(ctx, accentColour).catch(() => ''); // without the database: our own
    return reply
      .type('text/css')
      .header('cache-control', 'no-cache')
      .send(brandStylesheet(accent) ?? '');
  });
}
