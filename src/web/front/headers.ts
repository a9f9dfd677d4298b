// The headers of every answer, and the three ways of sending one: a picture, a file, nothing.

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { attachmentNamed } from '#kit/content-disposition.ts';
import type { Html } from '#kit/html.ts';
import { htmlText } from '#kit/html.ts';
import type { Context } from '#src/context.ts';
import type { Download } from '#web/page.ts';
import type { CaptchaSources } from '#web/parts/captcha.ts';

/** No success, so that nothing fetched ahead is shown in place of the real visit. */
export function turnAwayUntouched(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = request.method === 'HEAD' ? 405 : 503;
  return protect(reply).header('referrer-policy', 'no-referrer').header('allow', 'GET').code(status).send('');
}

/** Sends a picture. */
export function send(reply: FastifyReply, status: number, picture: Html): FastifyReply {
  return protect(reply).code(status).type('text/html; charset=utf-8').send(htmlText(picture));
}

/** A file to save: never drawn, never run, in a sandbox of its own should a browser open it all the same (ASVS 5.0 V3.2.1). */
export function sendDownload(reply: FastifyReply, { name, type, size, bytes }: Download): FastifyReply {
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
export function protect(reply: FastifyReply): FastifyReply {
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
export function contentPolicy(formEnds: readonly string[], captcha: CaptchaSources = {}): string {
  const own = (name: 'script-src' | 'style-src' | 'connect-src'): string =>
    `${name} ${["'self'", captcha[name] ?? ''].join(' ').trim()}`;
  const frames = captcha['frame-src'] === undefined ? '' : `frame-src ${captcha['frame-src']}; `;
  return `default-src 'none'; ${own('style-src')}; img-src 'self' data:; font-src 'self'; ${own('script-src')}; ${own('connect-src')}; ${frames}form-action ${["'self'", ...formEnds].join(' ')}; frame-ancestors 'none'; base-uri 'none'`;
}

const USUAL_POLICY = contentPolicy([]);

/** What every other answer has at the least: those of the framework, of assets, of the API; and what only https may say. */
export async function protectAnyAnswer(ctx: Context, reply: FastifyReply): Promise<void> {
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
