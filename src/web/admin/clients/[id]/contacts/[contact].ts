// One contact of a client: its fields, whether it is billed, the way to make a user of it, and the way out. Fields: those of
// contact-parts.ts.

import type { Contact } from '#domain/contacts/contacts.ts';
import { changeContact, contactName, contactOf } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import { contactFields, typedContact } from '#web/contact-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { idInPath, may, withQuery } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    const id = idInPath(visit, 'contact', 'contact-not-found');
    return show(picture(visit, file, await contactOf(visit.ctx, file.client.id, id)));
  },

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const { client, href } = await clientFileOf(visit);
    const of = { clientId: client.id, id: idInPath(visit, 'contact', 'contact-not-found') };
    const changed = await changeContact(ctx, actor, of, typedContact(typed), { version: typed.text('version') });
    const saved = changed.length > 0;
    return goTo(`${href}/contacts/${of.id}`, {
      tone: saved ? 'success' : 'info',
      key: saved ? 'contacts.saved' : 'client.details.same',
    });
  },
});

function picture(visit: Visit, file: ClientFile, contact: Contact): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const here = `${file.href}/contacts/${contact.id}`;
  return clientStep(visit, file, {
    title: contactName(contact),
    back: { href: `${file.href}/contacts`, text: t('contacts.of', { name: file.name }) },
    body: stack(
      card({ body: form(frame, { errors, body: contactFields(visit, contact), button: t('contacts.save') }) }),
      billing(visit, here, file.client.billingContactId === contact.id),
      contact.email !== '' && may(visit, 'Manage Users') && invitation(visit, file, contact),
      card({
        title: t('contacts.removal'),
        intro: t('contacts.removal.text'),
        tone: 'danger',
        body: linkButton({ href: `${here}/removal`, text: t('contacts.removal.button'), icon: 'trash' }),
      }),
    ),
  });
}

function billing({ frame }: Visit, here: string, isBilled: boolean): Html {
  const { t } = frame;
  return card({
    title: t('contacts.billing'),
    intro: isBilled ? t('contacts.billing.is') : t('contacts.billing.text'),
    body: postButton(frame, {
      action: `${here}/billing`,
      text: isBilled ? t('contacts.billing.stop') : t('contacts.billing.start'),
      fields: { to: isBilled ? 'account' : 'contact' },
    }),
  });
}

function invitation({ frame }: Visit, { href }: ClientFile, contact: Contact): Html {
  const { t } = frame;
  return card({
    title: t('contacts.invite'),
    intro: t('contacts.invite.text'),
    body: linkButton({
      href: withQuery(`${href}/users/new`, { email: contact.email }),
      text: t('contacts.invite.button'),
      icon: 'mail',
    }),
  });
}
