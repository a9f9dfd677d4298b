// For `npm run dev`, under Node's --watch: data of its own with a small cast in it, and every letter in the browser.
// Nothing here is reached by production: src/main.ts never imports it.

import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { refusalWords } from '#cli/parts/refusal.ts';
import { startServing } from '#cli/parts/serving.ts';
import { onStopSignal } from '#cli/parts/signals.ts';
import { hasAdministrator } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { secondFactorRequiredOfAdministrators } from '#domain/credentials/factors.settings.ts';
import type { KeptLetter } from '#domain/mail/outbox.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { CAST, makeCast } from '#domain/seed/cast.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import { keepSetting } from '#domain/settings/settings.ts';
import { isLoopback } from '#kit/address.ts';
import type { Html } from '#kit/html.ts';
import { html, htmlText } from '#kit/html.ts';
import type { Config } from '#src/config.ts';
import { readConfig } from '#src/config.ts';
import type { Context } from '#src/context.ts';

const PASSWORD = 'correct horse battery staple';
const SHOWN = 100;

const signal = onStopSignal();
try {
  const serving = await startServing(devConfig(), prepare);
  process.stdout.write(await greeting(serving.ctx));
  await signal.asked;
  // --watch starts the next one as soon as this one is gone, so nobody's patience is tried here.
  await Promise.race([serving.stop(), signal.insisted(2000)]);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${refusalWords(error)}\n`);
  process.exit(1);
}

/** Data of its own, unless the developer says where. */
function devConfig(): Config {
  const config = readConfig();
  return { ...config, dataFolder: config.dataFolder === resolve('data') ? resolve('data-dev') : config.dataFolder };
}

async function prepare(app: FastifyInstance, ctx: Context): Promise<void> {
  if (!isLoopbackOrigin(await publicOrigin(ctx)))
    throw new Error(
      'npm run dev shows every letter to everybody: it runs on this machine alone, without DOORWARD_URL.',
    );
  if (!(await hasAdministrator(ctx))) {
    await makeCast(ctx, systemActor('Development'), PASSWORD);
    await keepSetting(ctx, secondFactorRequiredOfAdministrators, false); // its data is kept for weeks
  }
  showLetters(app, ctx);
}

async function greeting(ctx: Context): Promise<string> {
  const origin = await publicOrigin(ctx);
  const width = Math.max(...CAST.map((one) => one.name.length));
  const people = CAST.map((one) => `  ${one.name.padEnd(width)}  ${one.why}\n`).join('');
  return `
Doorward is ready at ${origin}
  staff      ${origin}/admin
  letters    ${origin}/dev/letters
  password of everybody: ${PASSWORD}

${people}
`;
}

/** The letters with their links, only for whoever sits at this machine. */
function showLetters(app: FastifyInstance, ctx: Context): void {
  app.get('/dev/letters', async (request, reply) => {
    if (!isLoopback(request.ip)) return reply.callNotFound();
    const letters = await letterHistory(ctx, {}, { limit: SHOWN });
    return reply.type('text/html; charset=utf-8').send(htmlText(listPage(letters)));
  });
  app.get<{ Params: { id: string } }>('/dev/letters/:id', async (request, reply) => {
    if (!isLoopback(request.ip) || !/^\d{1,15}$/.test(request.params.id)) return reply.callNotFound();
    const letter = await liveLetterOf(ctx, Number(request.params.id));
    return reply.type('text/html; charset=utf-8').header('referrer-policy', 'no-referrer').send(letter.html);
  });
}

function listPage(letters: readonly KeptLetter[]): Html {
  const rows = letters.map(
    (one) => html`<tr>
<td>${new Date(one.createdAt).toISOString().slice(0, 19).replace('T', ' ')}</td>
<td>${one.state}</td><td dir="auto">${one.to}</td><td dir="auto"><a href="/dev/letters/${one.id}">${one.subject}</a></td>
</tr>`,
  );
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>Letters</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}td,th{text-align:start;padding:.3rem 1rem .3rem 0}</style></head>
<body><h1>Letters</h1><p>The newest ${SHOWN}, with live links while they wait. Only <code>npm run dev</code> has this page.</p>
<table><tr><th>Written (UTC)</th><th>State</th><th>To</th><th>Subject</th></tr>${rows}</table></body></html>`;
}
