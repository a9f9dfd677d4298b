// The PIN that a person reads to support to show who they are. Their own eyes only.

import { settingOf } from '#domain/settings/settings.ts';
import type { OwnPin } from '#domain/support/pins.ts';
import { makePin, ownPin } from '#domain/support/pins.ts';
import { supportPinMinutes } from '#domain/support/support.settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { spokenCode } from '#web/parts/spoken-code.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** No fields: posting makes a new PIN. */
export default page({
  who: { is: 'user' },
  stepUp: true, // whoever reads it to support is believed
  acting: 'never',

  get: async (visit) => {
    const pin = await ownPin(visit.ctx, visit.user.userId);
    return show(picture(visit, pin, await settingOf(visit.ctx, supportPinMinutes)));
  },

  post: async ({ ctx, actor, user }) => {
    await makePin(ctx, actor, user.userId);
    return goTo('/user/support-pin', { tone: 'success', key: 'support.pin.made' });
  },
});

function picture(visit: OwnVisit, pin: OwnPin, minutes: number): Html {
  const { t } = visit.frame;
  return clientRoom(visit.frame, {
    title: t('support.pin.title'),
    intro: t('support.pin.intro'),
    body: card(pin.is === 'holds' ? { body: shownPin(visit, pin) } : { flush: noPin(visit, pin, minutes) }),
  });
}

function shownPin({ frame }: OwnVisit, { pin, expiresAt }: Extract<OwnPin, { is: 'holds' }>): Html {
  const { t } = frame;
  return html`${spokenCode({ label: t('support.pin.yours'), code: pin })}<p>${t('support.pin.until', { until: frame.formatDateTime(expiresAt) })}</p>${postButton(frame, { text: t('support.pin.make.again') })}`;
}

function noPin({ frame }: OwnVisit, pin: Exclude<OwnPin, { is: 'holds' }>, minutes: number): Html {
  const { t } = frame;
  const make = (text: string): Html => postButton(frame, { text, tone: 'primary' });
  switch (pin.is) {
    case 'none':
      return empty({
        icon: 'shield',
        title: t('support.pin.none'),
        text: t('support.pin.none.text', { minutes }),
        action: make(t('support.pin.make')),
      });
    case 'used':
      return empty({
        icon: 'check',
        title: t('support.pin.used'),
        text: t('support.pin.used.text', { at: frame.formatDateTime(pin.at) }),
        action: make(t('support.pin.make.again')),
      });
    case 'dead':
      return empty({
        icon: 'lock',
        title: t('support.pin.dead'),
        text: t('support.pin.dead.text'),
        action: make(t('support.pin.make.again')),
      });
  }
}
