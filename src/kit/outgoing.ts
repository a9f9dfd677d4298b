// Requests to addresses that somebody typed. They reach public addresses only, unless the operator listed a private range:
// else whoever may enter an address could make this server knock at its own network's doors (SSRF; ASVS 5.0 V13.2.4).
// Redirects are not followed, little of the answer is read, and everything has an end.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isPublicAddress, isWithin, plainAddress } from '#kit/address.ts';

/** What is sent, by POST. */
export type Outgoing = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ranges that may be reached although they are not public, as `plainRange` gives them. */
  readonly allowed: readonly string[];
  /** How long it may take as a whole, in milliseconds. */
  readonly withinMs: number;
};

/** What came of it: the status of the answer, or why there is none, in words for staff. */
export type Outcome =
  | { readonly status: number; readonly retryAfterSeconds: number | undefined }
  | { readonly failure: string };

/** Sends it. Never throws. */
export async function sendOut(outgoing: Outgoing): Promise<Outcome> {
  try {
    const { headers, body, allowed, withinMs } = outgoing;
    const sent = { ...headers, 'content-length': Buffer.byteLength(body) };
    const may = (address: string) => mayReach(address, allowed);
    const answer = await exchange(new URL(outgoing.url), { method: 'POST', headers: sent, body, may, withinMs });
    answer.resume();
    answer.destroy();
    return { status: answer.statusCode ?? 0, retryAfterSeconds: secondsIn(answer.headers['retry-after']) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** Whether an address may be reached. */
export function mayReach(address: string, allowed: readonly string[]): boolean {
  return isPublicAddress(address) || allowed.some((range) => isWithin(address, range));
}

/** What a library gives to `fetch`, as far as we send it. */
export type FetchOptions = {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};

/**
 * A `fetch` behind the same guard, for libraries that ask other sites on our behalf. Without TLS only a range that the
 * operator listed is reached. At most `mostBytes` of the answer are read. Throws an Error that says why, in words for staff.
 */
export function guardedFetch(guard: {
  readonly allowed: readonly string[];
  readonly withinMs: number;
  readonly mostBytes: number;
}): (url: string, options?: FetchOptions) => Promise<Response> {
  return async (address, { method = 'GET', headers = {}, body, signal } = {}) => {
    const url = new URL(address);
    const listed = (one: string) => guard.allowed.some((range) => isWithin(one, range));
    const may = (one: string) => listed(one) || (url.protocol === 'https:' && isPublicAddress(one));
    const text = body === undefined || body === null ? '' : String(body);
    const length = text === '' ? {} : { 'content-length': Buffer.byteLength(text) };
    const sent = { ...headers, 'accept-encoding': 'identity', ...length };
    try {
      const request = { method, headers: sent, body: text, may, withinMs: guard.withinMs, signal };
      const answer = await exchange(url, request);
      const bytes = await readSome(answer, guard.mostBytes);
      const { statusCode: status = 502, headers: given } = answer;
      return new Response(status === 204 || status === 304 ? null : bytes, { status, headers: plainHeaders(given) });
    } catch (error) {
      throw new Error(`${url.host}: ${reasonOf(error)}`, { cause: error });
    }
  };
}

async function readSome(answer: IncomingMessage, most: number): Promise<Buffer> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    length += part.length;
    if (length > most) {
      answer.destroy();
      throw new Error('the answer is too large');
    }
    read.push(part);
  }
  return Buffer.concat(read);
}

/** The headers that a reader of the answer may look at; our own connection's are nobody's business. */
function plainHeaders(given: IncomingMessage['headers']): [string, string][] {
  return Object.entries(given).flatMap(([name, value]) =>
    typeof value === 'string' && !['transfer-encoding', 'connection', 'keep-alive'].includes(name)
      ? [[name, value]]
      : [],
  );
}

type Exchange = {
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
  /** Whether an address may be reached. */
  readonly may: (address: string) => boolean;
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
};

async function exchange(
  url: URL,
  { method, headers, body, may, withinMs, signal }: Exchange,
): Promise<IncomingMessage> {
  const literal = plainAddress(url.hostname.replace(/^\[|\]$/g, ''));
  if (literal !== undefined && !may(literal)) throw new Error(notPublic(literal));
  const timeout = AbortSignal.timeout(withinMs);
  const options: RequestOptions = {
    method,
    headers,
    agent: false,
    lookup: (name, how, done) => lookupAllowed(name, how, may, done),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

type Looked = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

// The connection is made to the very addresses looked at here: a name that means something else a moment later gains nothing.
function lookupAllowed(name: string, options: LookupOptions, may: (address: string) => boolean, done: Looked): void {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, []);
    const reachable = addresses.filter(({ address }) => may(plainAddress(address) ?? ''));
    const [first] = reachable;
    if (!first) return done(new Error(notPublic(addresses[0]?.address ?? name)), []);
    if (options.all) return done(null, reachable);
    return done(null, first.address, first.family);
  });
}

function notPublic(address: string): string {
  return `${address} is not a public address; the operator can allow its range`;
}

function secondsIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError' || (error.cause instanceof Error && error.cause.name === 'TimeoutError'))
    return 'no answer in time';
  const inner = error instanceof AggregateError ? error.errors.find((one) => one instanceof Error) : undefined;
  return ((inner as Error | undefined)?.message ?? error.message).slice(0, 300);
}
