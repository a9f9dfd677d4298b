// Adds a contact. Fields: those of contact-parts.ts.

import { addContact } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import { contactFields, typedContact } from '#web/contact-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type ContactsVisit = VisitOf<{ is: 'account'; permission: 'contacts' }>;

export default page({
  who: { is: 'account', permission: 'contacts' },
  get: async (visit) => show(picture(visit)),
  post: async ({ ctx, actor, account, form: typed }) => {
    await addContact(ctx, actor, account.client.id, typedContact(typed));
    return goTo(`/account/${account.client.id}/contacts`, { tone: 'success', key: 'contacts.added' });
  },
});

function picture(visit: ContactsVisit): Html {
  const { frame, account, errors } = visit;
  const { t } = frame;
  const list = { href: `/account/${account.client.id}/contacts`, text: t('contacts.title') };
  return clientRoom(frame, {
    title: t('contacts.add'),
    intro: t('contacts.add.text'),
    back: list,
    errors,
    body: card({
      body: form(frame, {
        errors,
        body: contactFields(visit, undefined),
        button: t('contacts.add.button'),
        secondary: linkButton({ href: list.href, text: t('contacts.cancel') }),
      }),
    }),
  });
}
