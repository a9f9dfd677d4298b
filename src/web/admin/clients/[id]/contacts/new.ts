// Adds a contact to a client. Fields: those of contact-parts.ts.

import { addContact } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import { contactFields, typedContact } from '#web/contact-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
  post: async (visit) => {
    const { client, href } = await clientFileOf(visit);
    await addContact(visit.ctx, visit.actor, client.id, typedContact(visit.form));
    return goTo(`${href}/contacts`, { tone: 'success', key: 'contacts.added' });
  },
});

function picture(visit: Visit, file: ClientFile): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = { href: `${file.href}/contacts`, text: t('contacts.of', { name: file.name }) };
  return clientStep(visit, file, {
    title: t('contacts.add'),
    intro: t('contacts.add.text'),
    back,
    body: card({
      body: form(frame, {
        errors,
        body: contactFields(visit, undefined),
        button: t('contacts.add.button'),
        secondary: linkButton({ href: back.href, text: t('contacts.cancel') }),
      }),
    }),
  });
}
