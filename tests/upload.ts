// Sending a form with a file as a browser does, and as one never would.

import type { LightMyRequestResponse } from 'fastify';
import { tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';

/** A part of a form: a text, or a file with the name that the sender gives it. */
export type Part = readonly [name: string, value: string] | readonly [name: string, filename: string, bytes: Buffer];

const BOUNDARY = '----doorwardtestboundary';

/** The body of a multipart form with these parts in this order. */
export function multipartBody(parts: readonly Part[]): Buffer {
  const lines = parts.map((part) => {
    const [name, value, bytes] = part;
    const file = bytes === undefined ? '' : `; filename="${value}"\r\ncontent-type: application/octet-stream`;
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes ?? Buffer.from(value), Buffer.from('\r\n')]);
  });
  return Buffer.concat([...lines, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** Posts a body as multipart from this browser. */
export async function postMultipart(
  world: World,
  browser: TestBrowser,
  path: string,
  payload: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  return world.app.inject({
    method: 'POST',
    url: path,
    payload,
    headers: {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'sec-fetch-site': 'same-origin',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
  });
}

/** Uploads a file by a form of this browser's own. */
export async function upload(
  world: World,
  browser: TestBrowser,
  path: string,
  file: { readonly filename: string; readonly bytes: Buffer },
  fields: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  const parts: Part[] = [
    ['csrf', await tokenOf(browser)],
    ...Object.entries(fields),
    ['file', file.filename, file.bytes],
  ];
  return postMultipart(world, browser, path, multipartBody(parts));
}
