// What a request says: its form, its file, its query. Texts are as typed.

import type { FastifyRequest } from 'fastify';
import { Problem } from '#kit/problem.ts';
import type { SentFile } from '#web/file-form.ts';
import { readFileForm } from '#web/file-form.ts';
import type { MadeVisit } from '#web/front/made-visit.ts';
import { isOwnPost, pageOf } from '#web/front/own-posts.ts';
import type { Form, Visit } from '#web/page.ts';

/** What a form posted, or nothing. */
export function formOf(request: FastifyRequest): Form {
  const values = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  return formFrom(values, request.method === 'POST');
}

/** A form with its file. One without our proof in front of the file is not read, and refused as any other without it. */
export async function formWithFile(request: FastifyRequest, made: MadeVisit, most: number): Promise<Form> {
  const sent = await readFileForm(request.raw, most, (values) =>
    isOwnPost(request, { ...made, visit: { ...made.visit, form: formFrom(values, true) } }),
  );
  switch (sent.is) {
    case 'read':
      return formFrom(sent.values, true, sent.files);
    case 'not-ours':
      return formFrom(new URLSearchParams(), true);
    case 'too-large':
      throw new Problem('invalid', 'file-too-large', {
        fields: { file: 'file-too-large' },
        values: { mebibytes: most / 1024 / 1024 },
      });
    case 'unreadable':
      throw new Problem('invalid', 'file-unreadable', { fields: { file: 'file-unreadable' } });
  }
}

const NO_FILES: ReadonlyMap<string, SentFile> = new Map();

function formFrom(values: URLSearchParams, given: boolean, files = NO_FILES): Form {
  return {
    given,
    text: (name) => values.getAll(name).at(-1) ?? '',
    all: (name) => values.getAll(name),
    has: (name) => values.has(name),
    file: (name) => files.get(name),
  };
}

/** The query of an address, the last value of each name. */
export function lastValues(url: string): Record<string, string> {
  const at = url.indexOf('?');
  const query: Record<string, string> = Object.create(null); // `query['constructor']` is nothing, unless given
  for (const [name, value] of new URLSearchParams(at === -1 ? '' : url.slice(at + 1))) query[name] = value;
  return query;
}

/** A query as it stands in an address, with its question mark; '' when there is nothing. */
export function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * For a form drawn again because it was not proved ours. What was typed stays when a page of ours sent it. Another site
 * could have filled it in, for whoever then presses the button without reading: then the form is drawn as on a first look.
 */
export function keepingOwnWords(request: FastifyRequest, { visit, origin }: MadeVisit): Visit {
  return pageOf(request, origin) === 'own' ? visit : { ...visit, form: formFrom(new URLSearchParams(), false) };
}
