// Whether programs of the operator may bring people straight into this account (behaviours.md 1.3). For the owner; staff have
// the same switch in the profile of the client.

import { changeClient } from '#domain/clients/client-changes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;

/** Fields: allow, `yes` or `no`: which of the two the button said. */
export default page({
  who: { is: 'account', permission: 'owner' },
  stepUp: true, // allowing it again opens a door that its owner shut

  get: async (visit) => show(picture(visit)),

  post: async ({ ctx, actor, account, form: typed }) => {
    const allowSso = typed.text('allow') === 'yes';
    await changeClient(ctx, actor, account.client.id, { allowSso });
    return goTo(`/account/${account.client.id}`, {
      tone: 'success',
      key: allowSso ? 'access.sso.now-on' : 'access.sso.now-off',
    });
  },
});

function picture({ frame, account }: OwnerVisit): Html {
  const { t } = frame;
  const { allowSso, id } = account.client;
  const back = { href: `/account/${id}`, text: t('common.client.home') };
  return clientRoom(frame, {
    title: t('client.place.single_sign_on'),
    intro: t('access.sso.text', { company: frame.brand.name }),
    back,
    body: card({
      body: form(frame, {
        button: allowSso ? t('access.sso.forbid-button') : t('access.sso.allow-button'),
        secondary: linkButton({ href: back.href, text: t('access.cancel') }),
        body: html`${hiddenField('allow', allowSso ? 'no' : 'yes')}<p>${allowSso ? t('access.sso.forbid') : t('access.sso.allow')}</p>`,
      }),
    }),
  });
}
