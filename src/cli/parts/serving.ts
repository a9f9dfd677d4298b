// A running server: opened, listening, its jobs started; and the way down that loses no request.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { reviewTexts } from '#domain/mail/template-trials.ts';
import { laterDone } from '#kit/later.ts';
import { createApp } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import type { OpenContext } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import { startJobs } from '#src/jobs.ts';

/** A server that answers. */
export type Serving = {
  readonly ctx: OpenContext;
  /** Takes no more connections, lets requests and jobs under way end, closes the database. */
  stop(): Promise<void>;
};

/** Starts everything. `prepare` may add addresses before it listens. Throws without leaving anything open. */
export async function startServing(
  given: Config,
  prepare?: (app: FastifyInstance, ctx: OpenContext) => Promise<void>,
): Promise<Serving> {
  // Links are built from the configured port, so port 0 (any free one, for tests) is settled before anything is opened.
  const config = given.port === 0 ? { ...given, port: await freePort(given.host) } : given;
  const ctx = await openContext(config);
  try {
    await reviewTexts(ctx); // a version that has other fields than the one before finds out which texts it can no longer fill in
    const app = await createApp(ctx);
    await prepare?.(app, ctx);
    await app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' });
    const jobs = await startJobs(ctx);
    return {
      ctx,
      async stop() {
        await Promise.all([drained(app), jobs.stop()]);
        await laterDone(); // what was asked by those who have left, letters that were promised
        await ctx.close();
      },
    };
  } catch (error) {
    await ctx.close();
    throw error;
  }
}

/** Stops listening and waits for the requests under way. A connection that is kept open for a next request is closed. */
async function drained(app: FastifyInstance): Promise<void> {
  const closeIdle = setInterval(() => app.server.closeIdleConnections(), 50);
  try {
    await app.close();
  } finally {
    clearInterval(closeIdle);
  }
}

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
