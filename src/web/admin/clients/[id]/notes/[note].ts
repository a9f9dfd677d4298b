// Changes a note. Fields: body, sticky, version (the one that was drawn; drawn again it is the newest, so that a second press
// means it).

import type { Note } from '#domain/notes/notes.ts';
import { changeNote, noteOf } from '#domain/notes/notes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import { noteFields, typedNote } from '#web/note-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { idInPath, may, wholeNumber } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Add/Edit Client Notes' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(
      picture(visit, file, await noteOf(visit.ctx, file.client.id, idInPath(visit, 'note', 'note-not-found'))),
    );
  },

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const file = await clientFileOf(visit);
    const of = { clientId: file.client.id, id: idInPath(visit, 'note', 'note-not-found') };
    await changeNote(ctx, actor, of, typedNote(typed), wholeNumber(typed.text('version')) ?? 0);
    return goTo(listOf(visit, file).href, { tone: 'success', key: 'records.notes.saved' });
  },
});

/** The list of notes, or where else the role leads. */
function listOf(visit: Visit, file: ClientFile): { href: string; text: string } {
  return may(visit, 'View Clients Notes')
    ? { href: `${file.href}/notes`, text: visit.frame.t('records.notes.of', { name: file.name }) }
    : clientLink(visit, file);
}

function picture(visit: Visit, file: ClientFile, note: Note): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = listOf(visit, file);
  return clientStep(visit, file, {
    title: t('records.notes.edit'),
    intro: t('records.notes.by', { author: note.author, date: frame.formatDateTime(note.createdAt) }),
    back,
    body: card({
      body: form(frame, {
        errors,
        body: html`${hiddenField('version', String(note.updatedAt))}${noteFields(visit, note)}`,
        button: t('records.notes.save'),
        secondary: linkButton({ href: back.href, text: t('records.cancel') }),
      }),
    }),
  });
}
