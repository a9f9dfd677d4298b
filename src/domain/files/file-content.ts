// What a file truly is, found out from its bytes. A file that is one thing by its ending and another (or another as well) by
// its content is refused: it was made to be mistaken by somebody's program.

import type { FileType } from '#domain/files/file-types.ts';

/** The media type that the content shows, or why it is not what its ending says. */
export type FoundContent = { readonly media: string } | { readonly fault: 'file-not-its-type' | 'file-holds-more' };

/** Holds the content of a file to its type. The bytes are read and never unpacked, drawn or run. */
export async function contentOf(type: FileType, bytes: Uint8Array): Promise<FoundContent> {
  const found = isGzip(bytes) ? 'application/gzip' : await markOf(bytes); // no need to look into one
  if (found !== type.media) return { fault: 'file-not-its-type' };
  if (type.media === undefined) return isPlainText(bytes) ? { media: 'text/plain' } : { fault: 'file-not-its-type' };
  if (type.isImage && (!endsAsItShould(type.media, bytes) || holdsMarkup(bytes))) return { fault: 'file-holds-more' };
  if (type.media === 'application/pdf' && holdsMarkup(bytes.subarray(0, 1024))) return { fault: 'file-holds-more' };
  if (!isZip(bytes) && holdsZip(bytes)) return { fault: 'file-holds-more' };
  return { media: type.media };
}

async function markOf(bytes: Uint8Array): Promise<string | undefined> {
  const { fileTypeFromBuffer } = await import('file-type');
  try {
    return (await fileTypeFromBuffer(bytes))?.mime;
  } catch {
    return 'broken'; // whatever cannot be read to its mark is no file of any type
  }
}

/**
 * Text without control signs, in UTF-8 or in one byte a sign, as office programs write their tables, which does not begin
 * like a page, a script or a program.
 */
function isPlainText(bytes: Uint8Array): boolean {
  const text = utf8Of(bytes) ?? Buffer.from(bytes).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)) return false;
  return !/^\s*(<[!?/a-z]|#!|%!|MZ)/i.test(text) && !MARKUP.test(text.slice(0, 4096));
}

function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const MARKUP = /<(?:script|html|svg|iframe|object|embed|!doctype\s+html|\?php)[\s>/]?/i;

/** Tags that a browser or an interpreter would act on; pictures hold none, and chance does not write them. */
function holdsMarkup(bytes: Uint8Array): boolean {
  return MARKUP.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
}

/**
 * Whether a picture is over where its format says so: what hangs behind it is another file. Cameras hang a film behind a
 * JPEG, so there it is enough that the picture ends; markup and archives are looked for in all of it.
 */
function endsAsItShould(media: string, bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (media) {
    case 'image/png':
      return pngLength(view) === view.length;
    case 'image/gif':
      return view.at(-1) === 0x3b;
    case 'image/jpeg':
      return view.includes(Buffer.from([0xff, 0xd9]));
    case 'image/webp': {
      const size = view.length >= 12 ? view.readUInt32LE(4) + 8 : 0;
      return view.length === size || view.length === size + (size % 2);
    }
    default:
      return true;
  }
}

/** The length of a PNG by its own chunks; 0 when they do not lead to its end. */
function pngLength(view: Buffer): number {
  let at = 8;
  while (at + 12 <= view.length) {
    const next = at + 12 + view.readUInt32BE(at);
    if (view.toString('latin1', at + 4, at + 8) === 'IEND') return next;
    at = next;
  }
  return 0;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** Whether an archive could be read from its end: its last record lies within the last 64 KiB (APPNOTE 4.3.16). */
function holdsZip(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.subarray(-65_557));
  return tail.includes(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
}
