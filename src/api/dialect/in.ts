// Reads a request of the WHMCS wire: query and body, urlencoded or multipart, with limits. Everything that a stranger
// can send is answered by a value; nothing in here throws at what it reads.

import { readMultipart } from './multipart.ts';
import { type FormPair, formMap, urlencodedPairs } from './php-form.ts';
import { emptyMap, type WireValue, type WireValues } from './wire.ts';

/** A request as far as the wire is concerned. `query` is raw, without the question mark. */
export type WireRequest = {
  readonly method: string;
  readonly contentType?: string | undefined;
  readonly query: string;
  readonly body: Buffer | AsyncIterable<Buffer>;
};

/**
 * What was read, or the status and the sentence to refuse with. A refused request has no `responsetype`: answer in
 * JSON.
 */
export type WireRead = { readonly ok: true; readonly values: WireValues } | WireRefusal;

export type WireRefusal = { readonly ok: false; readonly status: 400 | 413 | 415; readonly message: string };

/** How much one request may hold. */
export type ReadLimits = {
  /** Bytes of query and body together. */
  readonly bytes: number;
  /** Parameters of query and body together; files count. */
  readonly parameters: number;
  /** Brackets after one name. */
  readonly depth: number;
  /** Characters of one name with its brackets; `domainrenewals[<domain>]` needs about 270. */
  readonly nameLength: number;
  readonly files: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
};

export const usualLimits: ReadLimits = {
  bytes: 1_048_576,
  parameters: 1000,
  depth: 5,
  nameLength: 512,
  files: 20,
  fileBytes: 1_048_576,
};

/**
 * Reads all parameters of a request. Where query and body name the same parameter, the body's value stands, whole: two
 * lists are not mixed. GET and HEAD have no body; whether they are allowed at all is the endpoint's question. A body of
 * no or another content type is read as urlencoded when it looks like it, else refused with 415; an empty body is fine.
 * A refusal with 413 leaves the rest of a streamed body unread: close the connection after answering.
 */
export async function readRequest(request: WireRequest, limits: Partial<ReadLimits> = {}): Promise<WireRead> {
  const most: ReadLimits = { ...usualLimits, ...limits };
  const tooLarge = refusal(413, `The request is larger than ${most.bytes} bytes`);
  const query = Buffer.from(request.query);
  if (query.length > most.bytes) return tooLarge;
  const body = hasBody(request.method) ? await bodyBytes(request.body, most.bytes - query.length) : Buffer.alloc(0);
  if (body === 'too-large') return tooLarge;
  if (body === 'broke-off') return refusal(400, 'The request body broke off');

  const sent = await sentPairs(request.contentType ?? '', body, most);
  if (!sent.ok) return sent;
  const inQuery = formMap(urlencodedPairs(query), most);
  if (!inQuery.ok) return refusal(400, inQuery.message);
  const inBody = formMap(sent.pairs, most, inQuery.count);
  if (!inBody.ok) return refusal(400, inBody.message);
  if (inQuery.count === 0) return { ok: true, values: inBody.map };
  return { ok: true, values: Object.assign(emptyMap<WireValue>(), inQuery.map, inBody.map) };
}

type SentPairs = { readonly ok: true; readonly pairs: Iterable<FormPair> } | WireRefusal;

async function sentPairs(contentType: string, body: Buffer, limits: ReadLimits): Promise<SentPairs> {
  if (body.length === 0) return { ok: true, pairs: [] };
  const type = contentType.split(';', 1).join('').trim().toLowerCase();
  if (type === 'multipart/form-data') return await readMultipart(contentType, body, limits);
  if (type === 'application/x-www-form-urlencoded' || looksUrlencoded(body)) {
    return { ok: true, pairs: urlencodedPairs(body) };
  }
  return refusal(415, 'Send the parameters as application/x-www-form-urlencoded or multipart/form-data');
}

// Clients without a content type, or with a wrong one, still send `name=…`. JSON and XML never begin so.
function looksUrlencoded(body: Buffer): boolean {
  return /^[\w.%+~[\]-]+=/.test(body.toString('latin1', 0, usualLimits.nameLength));
}

function hasBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

// Not `for await`: leaving that early destroys the stream, and with it the connection that the refusal must travel on.
async function bodyBytes(body: WireRequest['body'], most: number): Promise<Buffer | 'too-large' | 'broke-off'> {
  if (Buffer.isBuffer(body)) return body.length > most ? 'too-large' : body;
  const chunks: Buffer[] = [];
  let size = 0;
  const stream = body[Symbol.asyncIterator]();
  try {
    for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
      size += next.value.length;
      if (size > most) return 'too-large';
      chunks.push(next.value);
    }
  } catch {
    return 'broke-off';
  }
  return Buffer.concat(chunks);
}

function refusal(status: WireRefusal['status'], message: string): WireRefusal {
  return { ok: false, status, message };
}
