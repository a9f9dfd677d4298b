// Where a signed-in person arrives: in their account when there is one, else where they choose, else a word about why
// there is none.

import { accountsOf } from '#domain/access/accounts.ts';
import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isRegistrationOpen } from '#domain/signup/registration.ts';
import type { Html } from '#kit/html.ts';
import { graceRemark } from '#web/factor-grace.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { clientRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'user' },

  get: async (visit) => {
    const accounts = await accountsOf(visit.ctx, visit.user.userId);
    const open = accounts.filter(({ client }) => client.status !== 'Closed');
    if (open.length === 1) return goTo(`/account/${open[0]?.client.id}`);
    if (accounts.length > 0) return goTo('/account');
    const mayRegister = await isRegistrationOpen(visit.ctx);
    const grace = await graceRemark(visit, OWN_USER);
    return show(picture(visit, await settingOf(visit.ctx, supportAddress), mayRegister, grace));
  },
});

/** For somebody who belongs to no account (behaviours.md 2.6): their own pages, and how to get in. */
function picture({ frame }: Visit, support: string, mayRegister: boolean, grace: Html | undefined): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.welcome.title', { name: frame.user?.name ?? '' }),
    body: stack(
      grace,
      card({
        flush: empty({
          icon: 'building',
          title: t('client.nothing.title'),
          text: t('client.nothing.text', { company: frame.brand.name }),
          action: mayRegister
            ? linkButton({ href: '/account/new', text: t('registration.first.link'), icon: 'plus' })
            : support
              ? linkButton({ href: `mailto:${support}`, text: t('client.nothing.write'), icon: 'mail' })
              : undefined,
        }),
      }),
      card({
        title: t('client.nothing.yours'),
        flush: linkList([
          { href: '/user/profile', title: t('common.menu.profile'), text: t('client.nothing.profile') },
          { href: '/user/security', title: t('factors.security.menu'), text: t('factors.security.intro') },
          { href: '/user/password', title: t('common.menu.password'), text: t('client.nothing.password') },
          { href: '/user/sessions', title: t('common.menu.sessions'), text: t('client.nothing.sessions') },
        ]),
      }),
    ),
  });
}
