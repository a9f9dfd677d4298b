// multipart/form-data: one Go client sends nothing else, and ticket attachments come as files.

import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { cleanText, type FormPair } from './php-form.ts';
import { WireFile } from './wire.ts';

/** How much one multipart body may hold, beside the limit on its bytes. */
export type MultipartLimits = {
  /** Fields and files together. */
  readonly parameters: number;
  readonly files: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
};

/** The parts in the order they were sent, or the sentence to refuse with. */
export type MultipartRead =
  | { readonly ok: true; readonly pairs: readonly FormPair[] }
  | { readonly ok: false; readonly status: 400 | 413; readonly message: string };

/**
 * Takes a whole multipart body apart. `contentType` is the header with its boundary. Names and texts are UTF-8 unless a
 * part names another charset; a file part without a file name is a text, as in PHP. Never rejects.
 */
export function readMultipart(contentType: string, body: Buffer, limits: MultipartLimits): Promise<MultipartRead> {
  const parser = parserFor(contentType, body.length, limits);
  if (parser === undefined) return Promise.resolve(refusal(400, 'The multipart body has no usable boundary'));
  return new Promise((resolve) => {
    const parts: Part[] = [];
    let files = 0;
    // busboy hands on nothing for a charset that it does not know; an emptied field would be worse than a refusal.
    parser.on('field', (name, value: string | undefined) => {
      if (value === undefined) resolve(refusal(400, 'A multipart field has an unknown charset'));
      parts.push({ name, filename: undefined, text: value ?? '', chunks: [] });
    });
    parser.on('file', (name, stream, { filename }) => {
      const part: Part = { name, filename, text: '', chunks: [] };
      parts.push(part);
      files += filename === undefined ? 0 : 1;
      if (files > limits.files) resolve(refusal(413, `The request has more than ${limits.files} files`));
      stream.on('limit', () => resolve(refusal(413, `A file is larger than ${limits.fileBytes} bytes`)));
      collect(stream, part.chunks);
    });
    parser.on('partsLimit', () => {
      resolve(refusal(400, `The request has more than ${limits.parameters} parameters`));
    });
    // Not `once`: busboy may report a second fault, and one without a listener would end the process.
    parser.on('error', () => resolve(refusal(400, 'The multipart body is malformed or incomplete')));
    parser.on('close', () => resolve({ ok: true, pairs: parts.map(pairOf) }));
    parser.end(body);
  });
}

type Part = {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  readonly text: string;
  readonly chunks: Buffer[];
};

// busboy calls a size that equals its limit too large, and throws at a content type it cannot use.
function parserFor(contentType: string, bodyBytes: number, limits: MultipartLimits): busboy.Busboy | undefined {
  try {
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: { fieldSize: bodyBytes + 1, fileSize: limits.fileBytes + 1, parts: limits.parameters + 1 },
    });
  } catch {
    return undefined;
  }
}

// A file that breaks off is destroyed with an error of its own; the parser reports the same fault.
function collect(stream: Readable, chunks: Buffer[]): void {
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
}

function pairOf(part: Part): FormPair {
  const name = cleanText(part.name ?? '');
  const data = Buffer.concat(part.chunks);
  if (part.filename !== undefined) return [name, new WireFile(cleanText(part.filename), data)];
  return [name, cleanText(part.chunks.length > 0 ? data.toString('utf8') : part.text)];
}

function refusal(status: 400 | 413, message: string): MultipartRead {
  return { ok: false, status, message };
}
