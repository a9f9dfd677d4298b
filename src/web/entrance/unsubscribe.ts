// For whoever wants no more marketing letters and has no working link at hand: a letter with one. Fields: email.

import { sendUnsubscribeLink } from '#domain/consent/unsubscribing.ts';
import { hours } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { emailField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'anyone' },
  limit: { name: 'unsubscribe-asked', most: 10, withinMs: hours(1) },
  get: async (visit) => show(picture(visit)),
  post: async ({ ctx, form: typed }) => {
    await sendUnsubscribeLink(ctx, typed.text('email'));
    return goTo('/unsubscribe', { tone: 'success', key: 'records.unsubscribe.sent' });
  },
});

function picture({ frame, form: typed, errors }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('records.unsubscribe.title'),
    intro: t('records.unsubscribe.ask'),
    errors,
    body: form(frame, {
      errors,
      body: emailField(frame, {
        name: 'email',
        label: t('records.unsubscribe.email'),
        value: typed.text('email'),
        errors,
        required: true,
      }),
      button: t('records.unsubscribe.send'),
    }),
    wayOut: html`<p><a href="/login">${t('records.unsubscribe.sign-in')}</a></p>`,
  });
}
