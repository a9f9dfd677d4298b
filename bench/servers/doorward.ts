// Doorward as it serves, jobs and all, with two addresses that only the bench has: the session check alone, and how long
// the database took for an answer.

import type { FastifyInstance } from 'fastify';
import { startServing } from '#cli/parts/serving.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import type { Context } from '#src/context.ts';
import { cookieJar } from '#web/cookies.ts';
import { watchDatabaseTime } from '../parts/database-time.ts';
import { configOf } from '../parts/place.ts';
import { serveBench } from '../parts/server.ts';

/** What this server is given: its environment, and whether answers say how long the database took (sequential calls only). */
export type DoorwardGiven = { readonly environment: Readonly<Record<string, string>>; readonly databaseTime?: boolean };

await serveBench<DoorwardGiven>(async ({ environment, databaseTime }) => {
  const watch = databaseTime ? watchDatabaseTime() : undefined;
  const { ctx, stop } = await startServing(configOf(environment), async (app, context) => {
    registerSessionCheck(app, context);
    if (watch) registerDatabaseTime(app, watch);
  });
  return { origin: await publicOrigin(ctx), stop };
});

function registerSessionCheck(app: FastifyInstance, ctx: Context): void {
  app.get('/bench/session', async (request, reply) => {
    const secure = (await publicOrigin(ctx)).startsWith('https:');
    const checked = await checkUserSession(ctx, cookieJar(request, reply, secure).read('session') ?? '');
    return 'who' in checked ? { userId: checked.who.userId, email: checked.who.email } : reply.code(401).send('');
  });
}

function registerDatabaseTime(app: FastifyInstance, watch: () => number): void {
  let before = 0;
  app.addHook('onRequest', async () => {
    before = watch();
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-bench-database-ms', String(watch() - before));
  });
}
