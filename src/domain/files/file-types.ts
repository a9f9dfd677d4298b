// The kinds of files that may be taken at all: the ending, and what the content must show. Nothing here runs anywhere, and
// nothing here is drawn by a browser as a page: no HTML, no SVG, no script, no program, none of the older Office formats.

/** A kind of file. `media`: what the content must be found to be; undefined for plain text, which has no mark. */
export type FileType = { readonly ending: string; readonly media: string | undefined; readonly isImage?: true };

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

/** Every kind, by its name in the setting. */
const TYPES: Readonly<Record<string, FileType>> = {
  pdf: { ending: 'pdf', media: 'application/pdf' },
  png: { ending: 'png', media: 'image/png', isImage: true },
  jpg: { ending: 'jpg', media: 'image/jpeg', isImage: true },
  gif: { ending: 'gif', media: 'image/gif', isImage: true },
  webp: { ending: 'webp', media: 'image/webp', isImage: true },
  txt: { ending: 'txt', media: undefined },
  csv: { ending: 'csv', media: undefined },
  docx: { ending: 'docx', media: `${OFFICE}.wordprocessingml.document` },
  xlsx: { ending: 'xlsx', media: `${OFFICE}.spreadsheetml.sheet` },
  pptx: { ending: 'pptx', media: `${OFFICE}.presentationml.presentation` },
  odt: { ending: 'odt', media: `${OPEN_DOCUMENT}.text` },
  ods: { ending: 'ods', media: `${OPEN_DOCUMENT}.spreadsheet` },
  odp: { ending: 'odp', media: `${OPEN_DOCUMENT}.presentation` },
  zip: { ending: 'zip', media: 'application/zip' },
};

/** The names, as the setting lists them. */
export const FILE_TYPE_NAMES: readonly string[] = Object.keys(TYPES);

/** The kind that an ending names; `jpeg` is `jpg`. */
export function typeOfEnding(ending: string): FileType | undefined {
  const name = ending === 'jpeg' ? 'jpg' : ending;
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
}

/** The content types that a download is given as they are; whatever else is a heap of bytes to the browser. */
const SAFE_TO_NAME = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The content type under which a file is handed out. */
export function servedAs(media: string): string {
  return SAFE_TO_NAME.has(media) ? media : 'application/octet-stream';
}
