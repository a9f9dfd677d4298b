// Notes about a client as staff see them: whole in their list, short at the head of every other page of the client.

import type { Note } from '#domain/notes/notes.ts';
import { LONGEST_NOTE } from '#domain/notes/notes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { checkbox } from '#web/parts/choice.ts';
import { textArea } from '#web/parts/field.ts';
import { remark } from '#web/parts/notice.ts';

/** So much of a sticky note stands at the head of other pages. */
const SHORT = 400;

/** The text of a note, line by line. */
export function noteText(body: string): Html {
  return html`<div class="text-break">${body.split('\n').map((line) => html`<div>${line === '' ? html`<br>` : line}</div>`)}</div>`;
}

/** A sticky note at the head of a page about the client. */
export function stickyNote(visit: Visit, note: Note, href: string): Html {
  const { t } = visit.frame;
  const signs = [...note.body];
  const isLong = signs.length > SHORT;
  const shown = isLong ? `${signs.slice(0, SHORT).join('').trimEnd()}…` : note.body;
  return remark({
    tone: 'warning',
    title: t('records.notes.sticky.by', { author: note.author, date: visit.frame.formatDate(note.createdAt) }),
    body: html`<span class="text-break">${shown}</span>${isLong && html` <a href="${href}">${t('records.notes.sticky.more')}</a>`}`,
  });
}

/** The fields of a note; `stored` is absent for a new one. */
export function noteFields(visit: Visit, stored: Note | undefined): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  return html`${textArea(frame, {
    name: 'body',
    label: t('records.notes.body'),
    value: textOr(form, 'body', stored?.body ?? ''),
    errors,
    required: true,
    rows: 4,
    maxlength: LONGEST_NOTE,
  })}${checkbox(frame, {
    name: 'sticky',
    label: t('records.notes.sticky'),
    help: t('records.notes.sticky.help'),
    checked: tickOr(form, 'sticky', stored?.isSticky ?? false),
  })}`;
}

/** A note as typed. */
export function typedNote(form: Form): { readonly body: string; readonly isSticky: boolean } {
  return { body: form.text('body'), isSticky: form.has('sticky') };
}
