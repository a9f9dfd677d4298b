// Deletes a note.

import type { Note } from '#domain/notes/notes.ts';
import { noteOf, removeNote } from '#domain/notes/notes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import { noteText } from '#web/note-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { idInPath, may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Delete Client Notes' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(
      picture(visit, file, await noteOf(visit.ctx, file.client.id, idInPath(visit, 'note', 'note-not-found'))),
    );
  },

  post: async (visit) => {
    const file = await clientFileOf(visit);
    const of = { clientId: file.client.id, id: idInPath(visit, 'note', 'note-not-found') };
    await removeNote(visit.ctx, visit.actor, of);
    return goTo(listOf(visit, file).href, { tone: 'success', key: 'records.notes.removed' });
  },
});

function listOf(visit: Visit, file: ClientFile): { href: string; text: string } {
  return may(visit, 'View Clients Notes')
    ? { href: `${file.href}/notes`, text: visit.frame.t('records.notes.of', { name: file.name }) }
    : clientLink(visit, file);
}

/** Who may delete notes and not read them sees whose it is and from when. */
function picture(visit: Visit, file: ClientFile, note: Note): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = listOf(visit, file);
  return clientStep(visit, file, {
    title: t('records.notes.removal'),
    intro: t('records.notes.by', { author: note.author, date: frame.formatDateTime(note.createdAt) }),
    back,
    body: card({
      body: html`${may(visit, 'View Clients Notes') && html`<blockquote class="mb-3">${noteText(note.body)}</blockquote>`}${confirmation(
        frame,
        {
          losses: [t('records.notes.removal.loss')],
          errors,
          button: t('records.notes.removal.button'),
          cancel: { href: back.href, text: t('records.cancel') },
        },
      )}`,
    }),
  });
}
