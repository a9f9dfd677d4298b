// Whether everyone who enters the account must have signed in with a second factor. For the owner, who needs one first.

import { liftSecondFactor, requireSecondFactor, requiresSecondFactor } from '#domain/access/entry.ts';
import { peopleOf } from '#domain/access/members.ts';
import { holdersWithFactor, showedSecondFactor } from '#domain/credentials/factors.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { peopleLink } from '#web/account-people.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;
/** `without`: how many of the account's people have none yet. */
type Facts = { readonly asks: boolean; readonly without: number };

/** Fields: asks, `yes` or `no`: which of the two the button said. */
export default page({
  who: { is: 'account', permission: 'owner' },
  stepUp: true,

  get: async (visit) => show(picture(visit, await factsOf(visit))),

  post: async (visit) => {
    const { ctx, actor, user, account } = visit;
    const asks = visit.form.text('asks') === 'yes';
    if (asks) await requireSecondFactor(ctx, actor, user, account.client.id);
    else await liftSecondFactor(ctx, actor, account.client.id);
    return goTo(peopleLink(visit).href, {
      tone: 'success',
      key: asks ? 'access.factor.now-on' : 'access.factor.now-off',
    });
  },
});

async function factsOf({ ctx, account }: OwnerVisit): Promise<Facts> {
  const ids = (await peopleOf(ctx, account.client.id)).map(({ user }) => user.id);
  const held = await holdersWithFactor(ctx, 'user', ids);
  return { asks: await requiresSecondFactor(ctx, account.client.id), without: ids.length - held.size };
}

function picture(visit: OwnerVisit, { asks, without }: Facts): Html {
  const { frame, ctx, user } = visit;
  const { t } = frame;
  const back = peopleLink(visit);
  const text = asks ? t('access.factor.lift') : t('access.factor.require', { without });
  const mayAsk = asks || showedSecondFactor(ctx, user.methods);
  return clientRoom(frame, {
    title: t('access.factor.title'),
    intro: t('access.factor.text'),
    back,
    body: mayAsk
      ? card({
          body: form(frame, {
            button: asks ? t('access.factor.lift-button') : t('access.factor.require-button'),
            tone: asks ? 'danger' : 'primary',
            secondary: linkButton({ href: back.href, text: t('access.cancel') }),
            body: html`${hiddenField('asks', asks ? 'no' : 'yes')}<p>${text}</p>`,
          }),
        })
      : remark({ tone: 'info', body: t('errors.second-factor-first') }),
  });
}
