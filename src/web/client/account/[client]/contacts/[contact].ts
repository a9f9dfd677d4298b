// One contact: its fields, whether it is billed, the way to make a user of it, and the way out. Fields: those of
// contact-parts.ts.

import { may, mayInvite } from '#domain/access/members.ts';
import type { Contact } from '#domain/contacts/contacts.ts';
import { changeContact, contactName, contactOf } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { contactFields, typedContact } from '#web/contact-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { idInPath, withQuery } from '#web/staff.ts';

type ContactVisit = VisitOf<{ is: 'account'; permission: 'contacts' }>;

export default page({
  who: { is: 'account', permission: 'contacts' },

  get: async (visit) =>
    show(
      picture(
        visit,
        await contactOf(visit.ctx, visit.account.client.id, idInPath(visit, 'contact', 'contact-not-found')),
      ),
    ),

  post: async (visit) => {
    const { ctx, actor, account, form: typed } = visit;
    const of = { clientId: account.client.id, id: idInPath(visit, 'contact', 'contact-not-found') };
    const changed = await changeContact(ctx, actor, of, typedContact(typed), { version: typed.text('version') });
    const saved = changed.length > 0;
    return goTo(`/account/${of.clientId}/contacts/${of.id}`, {
      tone: saved ? 'success' : 'info',
      key: saved ? 'contacts.saved' : 'client.details.same',
    });
  },
});

function picture(visit: ContactVisit, contact: Contact): Html {
  const { frame, account, errors } = visit;
  const { t } = frame;
  const name = contactName(contact);
  const isBilled = account.client.billingContactId === contact.id;
  const list = { href: `/account/${account.client.id}/contacts`, text: t('contacts.title') };
  return clientRoom(frame, {
    title: name,
    heading: isBilled ? html`${name} ${badge(t('contacts.billing.badge'), 'info')}` : name,
    back: list,
    errors,
    body: stack(
      card({ body: form(frame, { errors, body: contactFields(visit, contact), button: t('contacts.save') }) }),
      may(account.member, 'profile') && billing(visit, contact, isBilled),
      mayInvite(account.member) && contact.email !== '' && invitation(visit, contact),
      removal(visit, contact),
    ),
  });
}

function billing({ frame, account }: ContactVisit, contact: Contact, isBilled: boolean): Html {
  const { t } = frame;
  return card({
    title: t('contacts.billing'),
    intro: isBilled ? t('contacts.billing.is') : t('contacts.billing.text'),
    body: postButton(frame, {
      action: `/account/${account.client.id}/contacts/${contact.id}/billing`,
      text: isBilled ? t('contacts.billing.stop') : t('contacts.billing.start'),
      fields: { to: isBilled ? 'account' : 'contact' },
    }),
  });
}

function invitation({ frame, account }: ContactVisit, contact: Contact): Html {
  const { t } = frame;
  return card({
    title: t('contacts.invite'),
    intro: t('contacts.invite.text'),
    body: linkButton({
      href: withQuery(`/account/${account.client.id}/users/invite`, { email: contact.email }),
      text: t('contacts.invite.button'),
      icon: 'mail',
    }),
  });
}

function removal({ frame, account }: ContactVisit, contact: Contact): Html {
  const { t } = frame;
  return card({
    title: t('contacts.removal'),
    intro: t('contacts.removal.text'),
    tone: 'danger',
    body: linkButton({
      href: `/account/${account.client.id}/contacts/${contact.id}/removal`,
      text: t('contacts.removal.button'),
      icon: 'trash',
    }),
  });
}
