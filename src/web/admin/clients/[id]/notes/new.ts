// Adds a note about a client. Fields: body, sticky.

import { addNote } from '#domain/notes/notes.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import { noteFields, typedNote } from '#web/note-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Add/Edit Client Notes' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
  post: async (visit) => {
    const file = await clientFileOf(visit);
    await addNote(visit.ctx, visit.actor, file.client.id, typedNote(visit.form));
    const next = may(visit, 'View Clients Notes') ? `${file.href}/notes` : clientLink(visit, file).href;
    return goTo(next, { tone: 'success', key: 'records.notes.added' });
  },
});

function picture(visit: Visit, file: ClientFile): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return clientStep(visit, file, {
    title: t('records.notes.add'),
    intro: t('records.notes.add.text'),
    back: may(visit, 'View Clients Notes')
      ? { href: `${file.href}/notes`, text: t('records.notes.of', { name: file.name }) }
      : clientLink(visit, file),
    body: card({
      body: form(frame, { errors, body: noteFields(visit, undefined), button: t('records.notes.add.button') }),
    }),
  });
}
