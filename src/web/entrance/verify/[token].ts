// The link that confirms an address. It changes nothing by being opened: whoever signs in from here completes it.

import type { VerificationLink } from '#domain/verification/verification.ts';
import { verificationLink } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { signInPicture } from '#web/sign-in-pictures.ts';
import { verificationGoto } from '#web/verification.ts';

/** The form posts to the sign-in page, with this link as the way back. */
export default page({
  who: { is: 'anyone' },
  captcha: 'login',

  get: async (visit) => {
    const token = visit.params['token'] ?? '';
    const link = await verificationLink(visit.ctx, token);
    return link.is === 'open' ? show(openPicture(visit, token, link.address)) : show(overPicture(visit, link.is), 410);
  },
});

function openPicture(visit: Visit, token: string, address: string): Html {
  const { t } = visit.frame;
  return signInPicture(visit.frame, {
    email: visit.user?.email ?? '',
    goto: verificationGoto(token),
    errors: undefined,
    title: t('registration.verify.title'),
    intro: t('registration.verify.intro-for', { address }),
  });
}

function overPicture({ frame, user }: Visit, is: Exclude<VerificationLink['is'], 'open'>): Html {
  const { t } = frame;
  const next =
    is === 'used'
      ? linkButton({ href: user ? '/' : '/login', text: t('registration.verify.go-on') })
      : linkButton({ href: user ? '/user/confirmation' : '/login', text: t('registration.verify.fresh') });
  return entranceRoom(frame, {
    title: t(`registration.verify.${is}`),
    body: html`<p>${t(`registration.verify.${is}.text`)}</p><div class="dw-post">${next}</div>`,
  });
}
