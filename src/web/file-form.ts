// Forms that carry a file (multipart/form-data), read only once the frame knows who sends them. The proof that the form is
// ours stands before the file; what comes without it is not kept. At most one file is read, into memory, and never to a disk.

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';

/** A file as it was sent: the name is the browser's word, and no path. */
export type SentFile = { readonly filename: string; readonly bytes: Uint8Array };

/** What a form held, or why it was not read to its end. */
export type SentForm =
  | { readonly is: 'read'; readonly values: URLSearchParams; readonly files: ReadonlyMap<string, SentFile> }
  | { readonly is: 'not-ours' }
  | { readonly is: 'too-large' }
  | { readonly is: 'unreadable' };

const MOST_FIELDS = 50;
const LONGEST_FIELD = 64 * 1024;
/** Beside the file itself: fields, names, boundaries. */
const REST_OF_FORM = 256 * 1024;

/** Whether a post says that it carries files. */
export function carriesFiles(request: IncomingMessage): boolean {
  return /^\s*multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '');
}

/**
 * Reads a form with at most one file of `most` bytes. `isOurs` is asked before the file's first byte is kept, with the fields
 * that came before it. Never rejects. What is left of a refused body is read and dropped, so that its sender sees the answer.
 */
export function readFileForm(
  request: IncomingMessage,
  most: number,
  isOurs: (values: URLSearchParams) => boolean,
): Promise<SentForm> {
  const parser = parserFor(request, most);
  if (!parser) return Promise.resolve(dropped(request, { is: 'unreadable' }));
  if (Number(request.headers['content-length'] ?? 0) > most + REST_OF_FORM)
    return Promise.resolve(dropped(request, { is: 'too-large' }));
  return new Promise((resolve) => {
    const values = new URLSearchParams();
    const files = new Map<string, SentFile>();
    const end = (sent: SentForm): void => {
      if (sent.is !== 'read') {
        request.unpipe(parser);
        dropped(request, sent);
      }
      resolve(sent);
    };
    parser.on('field', (name, value: string | undefined, { nameTruncated, valueTruncated }) => {
      if (value === undefined || nameTruncated || valueTruncated) return end({ is: 'unreadable' });
      values.append(name, value);
    });
    parser.on('file', (name, stream, { filename }) => {
      if (!isOurs(values)) {
        stream.resume();
        return end({ is: 'not-ours' });
      }
      stream.on('limit', () => end({ is: 'too-large' }));
      collect(stream, (bytes) => files.set(name, { filename: filename ?? '', bytes }));
    });
    for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
      parser.on(limit, () => end({ is: 'unreadable' }));
    // Not `once`: busboy may report a second fault, and one without a listener would end the process.
    parser.on('error', () => end({ is: 'unreadable' }));
    parser.on('close', () => end({ is: 'read', values, files }));
    request.on('error', () => end({ is: 'unreadable' }));
    request.on('aborted', () => end({ is: 'unreadable' }));
    request.pipe(parser);
  });
}

/** busboy throws at a content type that it cannot use, and calls a size that equals its limit too large. */
function parserFor(request: IncomingMessage, most: number): busboy.Busboy | undefined {
  try {
    return busboy({
      headers: { 'content-type': request.headers['content-type'] ?? '' },
      defParamCharset: 'utf8',
      limits: {
        files: 1,
        fileSize: most + 1,
        fields: MOST_FIELDS,
        fieldSize: LONGEST_FIELD,
        fieldNameSize: 200,
        parts: MOST_FIELDS + 2,
        headerPairs: 20,
      },
    });
  } catch {
    return undefined;
  }
}

/** A file that breaks off is destroyed with an error of its own; the parser reports the same fault. */
function collect(stream: Readable, whole: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => whole(Buffer.concat(chunks)));
}

function dropped(request: IncomingMessage, sent: SentForm): SentForm {
  request.on('error', () => undefined);
  request.resume();
  return sent;
}
