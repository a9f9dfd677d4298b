// A further account of somebody who is signed in: they become its owner.

import { isRegistrationOpen, registerFurther } from '#domain/signup/registration.ts';
import type { Html } from '#kit/html.ts';
import { notAllowed } from '#kit/problem.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import type { Asked } from '#web/registration-form.ts';
import { askedOf, registrationFields, typedRegistration } from '#web/registration-form.ts';

/** Fields: as at /register, but for the password. */
export default page({
  who: { is: 'user' },

  get: async (visit) => {
    if (!(await isRegistrationOpen(visit.ctx))) throw notAllowed('registration-closed');
    return show(picture(visit, await askedOf(visit)));
  },

  post: async ({ ctx, user, ip, form: typed }) => {
    const what = await registerFurther(ctx, typedRegistration(typed), { userId: user.userId, ip });
    return goTo('/account', { tone: 'success', key: `registration.further.${what}` });
  },
});

function picture(visit: VisitOf<{ is: 'user' }>, asked: Asked): Html {
  const { frame, user, errors } = visit;
  const { t } = frame;
  const { firstName, lastName, email } = user;
  return clientRoom(frame, {
    title: t('registration.further.title'),
    intro: t('registration.further.intro'),
    back: { href: '/account', text: t('client.choose.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('registration.further.button'),
        secondary: linkButton({ href: '/account', text: t('registration.cancel') }),
        body: registrationFields(visit, asked, { stored: { firstName, lastName, email }, titles: true }),
      }),
    }),
  });
}
