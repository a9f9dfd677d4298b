// The notes of staff about a client, newest first, with a form for another one.

import type { Note } from '#domain/notes/notes.ts';
import { pageOfNotes } from '#domain/notes/notes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { noteFields, noteText } from '#web/note-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { entryList } from '#web/parts/entries.ts';
import { form } from '#web/parts/form.ts';
import { pager } from '#web/parts/pager.ts';
import { badge } from '#web/parts/status.ts';
import { dateTime } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Clients Notes' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const notes = await pageOfNotes(visit.ctx, file.client.id, placeInList(visit), ROWS_A_PAGE);
    const { t } = visit.frame;
    const alerts = may(visit, 'Edit Clients Details')
      ? linkButton({ href: `${file.href}/alerts`, text: t('records.alerts.open'), icon: 'bell' })
      : undefined;
    return show(
      clientTab(visit, file, {
        tab: t('records.notes.title'),
        actions: alerts,
        withoutSticky: true,
        body: picture(visit, file, notes),
      }),
    );
  },
});

function picture(visit: Visit, file: ClientFile, notes: KeysetPage<Note>): Html {
  const { frame } = visit;
  const { t } = frame;
  const href = `${file.href}/notes`;
  const list =
    notes.rows.length === 0
      ? empty({ title: t('records.notes.empty'), text: t('records.notes.empty.text') })
      : entryList({ label: t('records.notes.title'), entries: notes.rows.map((one) => entry(visit, href, one)) });
  return stack(
    may(visit, 'Add/Edit Client Notes') &&
      card({
        title: t('records.notes.add'),
        intro: t('records.notes.add.text'),
        body: form(frame, {
          action: `${href}/new`,
          body: noteFields(visit, undefined),
          button: t('records.notes.add.button'),
        }),
      }),
    card({ flush: html`${list}${pager(frame, leafHrefs(href, {}, notes))}` }),
  );
}

function entry(visit: Visit, href: string, note: Note) {
  const { frame } = visit;
  const { t } = frame;
  const about = frame.formatDateTime(note.createdAt);
  const edited =
    note.editedBy &&
    html`<div>${t('records.notes.edited', { author: note.editedBy })} ${dateTime(frame, note.updatedAt)}</div>`;
  const acts = [
    may(visit, 'Add/Edit Client Notes') &&
      linkButton({ href: `${href}/${note.id}`, text: t('records.edit'), about, small: true }),
    may(visit, 'Delete Client Notes') &&
      linkButton({ href: `${href}/${note.id}/removal`, text: t('records.delete'), about, small: true }),
  ].filter((one) => one !== false);
  return {
    body: html`${note.isSticky && html`<p class="mb-1">${badge(t('records.notes.sticky.badge'), 'warning')}</p>`}${noteText(
      note.body,
    )}${acts.length > 0 && html`<div class="mt-3">${buttonRow(...acts)}</div>`}`,
    facts: html`<div>${note.author}</div><div>${dateTime(frame, note.createdAt)}</div>${edited}`,
  };
}
