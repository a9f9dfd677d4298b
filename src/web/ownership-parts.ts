// The ways to changing who owns an account, from the lists of its people.

import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import type { Frame } from '#web/parts/frame.ts';
import { may, withQuery } from '#web/staff.ts';

/** For the owner, in the client area. */
export function handOverCard(frame: Frame, clientId: number): Html {
  const { t } = frame;
  return card({
    title: t('people.ownership.title'),
    intro: t('people.ownership.link-text'),
    body: linkButton({ href: `/account/${clientId}/ownership`, text: t('people.ownership.link') }),
  });
}

/** For staff, in the admin area; nothing for those who may not. `userId`: the member to begin with. */
export function ownerCard(visit: Visit, { href }: Pick<ClientFile, 'href'>, userId?: number): Html | undefined {
  if (!may(visit, 'Manage Users')) return undefined;
  const { t } = visit.frame;
  return card({
    title: t('people.owner.card'),
    intro: userId === undefined ? t('people.owner.card-text') : t('people.owner.card-one'),
    body: linkButton({
      href: withQuery(`${href}/ownership`, { user: userId }),
      text: userId === undefined ? t('people.owner.link') : t('people.owner.button'),
    }),
  });
}
