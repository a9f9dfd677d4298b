// /metrics, for Prometheus. The first scrape loads the library and starts the measuring: Prometheus tells differences between
// scrapes, so nothing that it could tell is lost, and an installation that nobody scrapes pays nothing.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { apiAllowedAddresses } from '#domain/administrators/api-access.settings.ts';
import { newestLine, signInsBetween } from '#domain/audit/sign-ins.ts';
import { jobStates } from '#domain/jobs/turn.ts';
import { countLetters } from '#domain/mail/outbox.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isLoopback, isWithin } from '#kit/address.ts';
import { constantTimeEqual } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** Registers the address. Who may read it: whoever bears DOORWARD_METRICS_TOKEN, and addresses that may call the API. */
export function registerMetrics(app: FastifyInstance, ctx: Context): void {
  let measures: Promise<Measures> | undefined;
  let observe: Measures['observe'] | undefined;
  app.addHook('onResponse', (request, reply, done) => {
    observe?.(request, reply);
    done();
  });
  app.get('/metrics', async (request, reply) => {
    if (!(await mayRead(ctx, request)))
      return reply
        .code(403)
        .type('text/plain; charset=utf-8')
        .send('Not from this address: send DOORWARD_METRICS_TOKEN as a bearer token, or allow the address.\n');
    measures ??= startMeasuring(ctx);
    const { registry, observe: ready } = await measures;
    observe = ready;
    return reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics());
  });
}

async function mayRead(ctx: Context, request: FastifyRequest): Promise<boolean> {
  const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = ctx.config.metricsToken;
  if (token !== undefined && bearer !== undefined) return constantTimeEqual(bearer, token);
  const listed = await settingOf(ctx, apiAllowedAddresses);
  if (listed.some(({ range }) => isWithin(request.visitorIp, range))) return true;
  // Behind a proxy on this machine every stranger would be loopback.
  return isLoopback(request.visitorIp) && isLoopbackOrigin(await publicOrigin(ctx));
}

type Measures = {
  readonly registry: Registry;
  observe(request: FastifyRequest, reply: FastifyReply): void;
};

async function startMeasuring(ctx: Context): Promise<Measures> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });

  const requests = new Histogram({
    name: 'doorward_http_request_duration_seconds',
    help: 'Time from the arrival of a request to its answer, by route and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.01, 0.05, 0.25, 1, 5],
    registers,
  });
  new Gauge({
    name: 'doorward_password_queue_waiting',
    help: 'Password computations that wait for a thread.',
    registers,
    collect() {
      this.set(ctx.passwords.waiting);
    },
  });
  new Counter({
    name: 'doorward_password_hashes_total',
    help: 'Password computations done by this process.',
    registers,
    collect() {
      this.reset();
      this.inc(ctx.passwords.hashes);
    },
  });
  new Counter({
    name: 'doorward_module_faults_total',
    help: "Faults of the operator's modules in this process, by module and part.",
    labelNames: ['module', 'part'],
    registers,
    collect() {
      this.reset();
      for (const [what, count] of ctx.modules.faults) {
        const [module = '', part = ''] = what.split(' ');
        this.inc({ module, part }, count);
      }
    },
  });
  new Gauge({
    name: 'doorward_letters',
    help: 'Letters that wait and letters that failed, counted up to 10000; of the whole installation.',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const state of ['waiting', 'failed'] as const) this.set({ state }, (await countLetters(ctx, state)).count);
    },
  });
  new Gauge({
    name: 'doorward_job_failing',
    help: '1 for a job whose last run failed; of the whole installation.',
    labelNames: ['job'],
    registers,
    async collect() {
      for (const job of await jobStates(ctx)) this.set({ job: job.name }, job.lastFailure === undefined ? 0 : 1);
    },
  });
  let line = await newestLine(ctx);
  new Counter({
    name: 'doorward_sign_ins_total',
    help: 'Sign-ins by side and outcome since this process was first scraped; of the whole installation.',
    labelNames: ['side', 'outcome'],
    registers,
    async collect() {
      const [from, until] = [line, await newestLine(ctx)];
      line = until;
      for (const { event, count } of await signInsBetween(ctx, from, until)) {
        const [side = '', , outcome = ''] = event.split('.');
        this.inc({ side, outcome }, count);
      }
    },
  });
  return { registry, observe: observer(requests) };
}

/** Measures by the pattern of a route, never by an address: those are endless, and some hold secrets. */
function observer(requests: {
  labels(method: string, route: string, status: string): { observe(seconds: number): void };
}): Measures['observe'] {
  return (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    requests.labels(request.method, route, status).observe(reply.elapsedTime / 1000);
  };
}
