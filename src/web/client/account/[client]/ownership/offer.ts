// A member answers the offer to own the account. Being signed in as that member is what it takes, so the letter that leads
// here holds nothing that could be forwarded.

import type { OwnershipOffer } from '#domain/access/ownership-offers.ts';
import { acceptOwnership, declineOwnership, ownershipOfferOf } from '#domain/access/ownership-offers.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { refusal } from '#web/parts/refusal.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type MemberVisit = VisitOf<{ is: 'account'; permission: 'any' }>;

/** Fields: answer, `accept` or `decline`. Somebody to whom nothing was offered sees what somebody sees whose offer is over. */
export default page({
  who: { is: 'account', permission: 'any' },
  stepUp: true,

  get: async (visit) => {
    const offer = await ownershipOfferOf(visit.ctx, visit.account.client.id);
    return offer?.to.id === visit.user.userId ? show(picture(visit, offer)) : show(over(visit), 410);
  },

  post: async ({ ctx, actor, account, user, form: typed }) => {
    const home = `/account/${account.client.id}`;
    switch (typed.text('answer')) {
      case 'accept':
        await acceptOwnership(ctx, actor, account.client.id, user.userId);
        return goTo(home, { tone: 'success', key: 'people.ownership.offer.accepted' });
      case 'decline':
        await declineOwnership(ctx, actor, account.client.id, user.userId);
        return goTo(home, { tone: 'info', key: 'people.ownership.offer.declined' });
      default:
        throw invalid({ form: 'invalid' });
    }
  },
});

function picture({ frame, account }: MemberVisit, offer: OwnershipOffer): Html {
  const { t } = frame;
  const meaning = (['everything', 'people', 'responsible', 'before'] as const).map(
    (one) =>
      html`<li>${t(`people.ownership.offer.means.${one}`, { name: nameOf(offer.from), company: frame.brand.name })}</li>`,
  );
  return clientRoom(frame, {
    title: t('people.ownership.offer.title', { account: displayName(account.client) }),
    intro: t('people.ownership.offer.intro', {
      name: nameOf(offer.from),
      until: frame.formatDateTime(offer.expiresAt),
    }),
    body: card({
      body: stack(
        html`<p>${t('people.ownership.offer.means')}</p><ul>${meaning}</ul>`,
        html`<div class="d-flex flex-wrap gap-2">${postButton(frame, {
          text: t('people.ownership.offer.accept'),
          fields: { answer: 'accept' },
          tone: 'primary',
        })}${postButton(frame, { text: t('people.ownership.offer.decline'), fields: { answer: 'decline' } })}</div>`,
      ),
    }),
  });
}

function over({ frame, account }: MemberVisit): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('people.ownership.offer.over-title'),
    body: card({
      body: refusal(frame, {
        what: t('people.ownership.offer.over'),
        why: t('people.ownership.offer.over-why'),
        next: linkButton({ href: `/account/${account.client.id}`, text: t('people.ownership.offer.home') }),
      }),
    }),
  });
}
