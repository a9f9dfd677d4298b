// A stand-in for Duo, by its published protocol (Duo OIDC Auth API: health check, authorization request, token). It takes the
// place of the wire below Duo's own library: in this process alone, connections to its host end here instead of going out by
// TLS. Everything above, requests, tokens and their checks, is what runs in production; nothing there knows of this.

import { createHmac } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { constantTimeEqual, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How the application is known at the stand-in. */
export const DUO_HOST = 'api-5taad1ne.duosecurity.com';
export const DUO_CLIENT = 'DIXXXXXXXXXXXXXXXXXX';
export const DUO_SECRET = 'tEStSeCrEtOfNoBoDyAtAlLtEStSeCrEtOfNoBoD';

/** Enters it in the settings, and lets both sides use it. */
export async function useDuo(ctx: Context): Promise<void> {
  await changeSettings(ctx, systemActor('Test'), {
    'duo-users': 'on',
    'duo-administrators': 'on',
    'duo-client-id': DUO_CLIENT,
    'duo-client-secret': DUO_SECRET,
    'duo-api-host': DUO_HOST,
  });
}

type Claims = Readonly<Record<string, unknown>>;

/** What the answer to one visit says in place of what it should. */
export type DuoLie = {
  readonly claims?: Claims;
  readonly secret?: string;
  readonly alg?: 'HS512' | 'HS256' | 'none';
};

/** How Duo is: well; gone; or with an answer of its own to everything. */
export type DuoState = 'up' | 'gone' | { readonly status: number; readonly says: Claims };

type Granted = { readonly request: Claims; readonly nonce: string | undefined; readonly lie: DuoLie };

/** The stand-in. Start one for a file, and stop it in the end. */
export class DuoStandIn {
  is: DuoState = 'up';
  /** What was asked, by path. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #codes = new Map<string, Granted>();
  readonly #createConnection = Agent.prototype.createConnection;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<DuoStandIn> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const duo = new DuoStandIn(server);
    server.on('request', (request, response) => duo.#answer(request, response));
    duo.#takeTheWire();
    return duo;
  }

  async stop(): Promise<void> {
    Agent.prototype.createConnection = this.#createConnection;
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /**
   * Somebody follows a link to the prompt and says yes there: the address that Duo sends their browser back to. `lie`: what
   * the answer then says in place of the truth.
   */
  approve(prompt: string, lie: DuoLie = {}): string {
    const { searchParams, origin, pathname } = new URL(prompt);
    if (origin !== `https://${DUO_HOST}` || pathname !== '/oauth/v1/authorize') throw new Error(`no prompt: ${prompt}`);
    const request = opened(searchParams.get('request') ?? '', `https://${DUO_HOST}`);
    if (!request || request['iss'] !== DUO_CLIENT || request['client_id'] !== searchParams.get('client_id'))
      throw new Error('a request that Duo would refuse');
    if (searchParams.get('response_type') !== 'code' || request['scope'] !== 'openid') throw new Error('no code asked');
    if (typeof request['duo_uname'] !== 'string' || request['use_duo_code_attribute'] !== true)
      throw new Error('no name, or another protocol');
    const code = randomToken(16);
    this.#codes.set(code, { request, nonce: searchParams.get('nonce') ?? undefined, lie });
    return `${request['redirect_uri']}?${new URLSearchParams({ duo_code: code, state: String(request['state']) })}`;
  }

  /** The name that a link to the prompt asks for. */
  static nameIn(prompt: string): string {
    return String(opened(new URL(prompt).searchParams.get('request') ?? '', `https://${DUO_HOST}`)?.['duo_uname']);
  }

  #takeTheWire(): void {
    const real = this.#createConnection;
    const { port } = this.#server.address() as AddressInfo; // it listens by TCP
    Agent.prototype.createConnection = function (this: Agent, ...given: Parameters<typeof real>) {
      const [options] = given;
      if ('host' in options && options.host === DUO_HOST) return connect(port, '127.0.0.1') as Duplex;
      return real.apply(this, given);
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.asked.push(path);
    if (this.is === 'gone') return void request.socket.destroy();
    let text = '';
    for await (const part of request) text += part;
    const { status, says } = typeof this.is === 'object' ? this.is : this.#said(path, new URLSearchParams(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(says));
  }

  #said(path: string, fields: URLSearchParams): { status: number; says: Claims } {
    const assertion = opened(fields.get('client_assertion') ?? '', `https://${DUO_HOST}${path}`);
    const isOurs = assertion?.['iss'] === DUO_CLIENT && assertion['sub'] === DUO_CLIENT && assertion['jti'];
    if (!isOurs || fields.get('client_id') !== DUO_CLIENT)
      return path === '/oauth/v1/health_check'
        ? no(400, {
            stat: 'FAIL',
            code: 40002,
            message: 'invalid_client',
            message_detail: 'The provided client_assertion was invalid.',
          })
        : no(400, { error: 'invalid_client', error_description: 'The provided client_assertion was invalid.' });
    if (path === '/oauth/v1/health_check') return { status: 200, says: { stat: 'OK', response: { timestamp: now() } } };
    return this.#token(fields);
  }

  #token(fields: URLSearchParams): { status: number; says: Claims } {
    const code = fields.get('code') ?? '';
    const granted = this.#codes.get(code);
    this.#codes.delete(code); // once
    const isAsked = fields.get('grant_type') === 'authorization_code';
    if (!granted || !isAsked || fields.get('redirect_uri') !== granted.request['redirect_uri'])
      return no(400, { error: 'invalid_grant', error_description: 'The provided authorization code is invalid.' });
    const { request, nonce, lie } = granted;
    const claims = {
      iss: `https://${DUO_HOST}/oauth/v1/token`,
      aud: DUO_CLIENT,
      sub: request['duo_uname'],
      preferred_username: request['duo_uname'],
      iat: now(),
      exp: now() + 300,
      auth_time: now(),
      auth_result: { result: 'allow', status: 'allow', status_msg: 'Login Successful' },
      ...(nonce === undefined ? {} : { nonce }),
      ...lie.claims,
    };
    const token = signed(claims, lie.secret ?? DUO_SECRET, lie.alg ?? 'HS512');
    return {
      status: 200,
      says: { id_token: token, access_token: randomToken(16), expires_in: 300, token_type: 'Bearer' },
    };
  }
}

/** The links to Duo's prompt on a page, in their order. */
export function promptsIn(page: string): string[] {
  return [...page.matchAll(/href="(https:\/\/api-[^"]*)"/g)].map(([, href]) => (href ?? '').replaceAll('&amp;', '&'));
}

/** The path and query of an address. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}

function no(status: number, says: Claims): { status: number; says: Claims } {
  return { status, says };
}

/** The claims of a token that our application signed for `audience`, which holds now; undefined when it is none. */
function opened(token: string, audience: string): Claims | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const parsed = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const right = createHmac('sha512', DUO_SECRET).update(`${head}.${body}`).digest('base64url');
  if (!constantTimeEqual(signature, right) || parsed(head)['alg'] !== 'HS512') return undefined;
  const claims = parsed(body);
  return claims['aud'] === audience && Number(claims['exp']) > now() ? claims : undefined;
}

function signed(claims: Claims, secret: string, alg: 'HS512' | 'HS256' | 'none'): string {
  const part = (value: Claims): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  if (alg === 'none') return `${text}.`;
  return `${text}.${createHmac(alg === 'HS512' ? 'sha512' : 'sha256', secret)
    .update(text)
    .digest('base64url')}`;
}

/** The library goes by the clock of the machine, whatever the world's says. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
