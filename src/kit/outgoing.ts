// Requests to addresses that somebody typed. They reach public addresses only, unless the operator listed a private range:
// else whoever may enter an address could make this server knock at its own network's doors (SSRF; ASVS 5.0 V13.2.4).
// Redirects are not followed, little of the answer is read, and everything has an end.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import type { IncomingMessage, RequestOptions } from 'node:http';
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
    const url = new URL(outgoing.url);
    const literal = plainAddress(url.hostname.replace(/^\[|\]$/g, ''));
    if (literal !== undefined && !mayReach(literal, outgoing.allowed)) throw new Error(notPublic(literal));
    const answer = await exchange(url, outgoing);
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

function exchange(url: URL, { headers, body, allowed, withinMs }: Outgoing): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    lookup: (name, how, done) => lookupAllowed(name, how, allowed, done),
    signal: AbortSignal.timeout(withinMs),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

type Looked = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

// The connection is made to the very addresses looked at here: a name that means something else a moment later gains nothing.
function lookupAllowed(name: string, options: LookupOptions, allowed: readonly string[], done: Looked): void {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, []);
    const reachable = addresses.filter(({ address }) => mayReach(plainAddress(address) ?? '', allowed));
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
