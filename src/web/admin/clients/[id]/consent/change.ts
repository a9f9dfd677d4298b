// Changes a client's choice about marketing letters for them. It is their choice, so it stands in the history with the name
// of whoever changed it and the reason. Fields: to (on, off), reason.

import { changeConsent } from '#domain/consent/consent.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },

  get: async (visit) => show(picture(visit, await clientFileOf(visit))),

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const file = await clientFileOf(visit);
    const to = typed.text('to');
    if (to !== 'on' && to !== 'off') throw invalid({ form: 'setting-not-an-option' });
    await changeConsent(ctx, actor, file.client.id, to === 'on', { source: 'staff', reason: typed.text('reason') });
    return goTo(historyOf(visit, file).href, { tone: 'success', key: `records.consent.changed.${to}` });
  },
});

function historyOf(visit: Visit, file: ClientFile): { href: string; text: string } {
  return may(visit, 'View Clients Summary')
    ? { href: `${file.href}/consent`, text: visit.frame.t('records.consent.back') }
    : clientLink(visit, file);
}

function picture(visit: Visit, file: ClientFile): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const to = file.client.marketingOptIn ? 'off' : 'on';
  const back = historyOf(visit, file);
  return clientStep(visit, file, {
    title: t(`records.consent.turn-${to}`),
    intro: t('records.consent.change.text', { name: file.name }),
    back,
    body: card({
      body: form(frame, {
        errors,
        body: html`${hiddenField('to', to)}${textField(frame, {
          name: 'reason',
          label: t('records.consent.why'),
          help: t('records.consent.why.help'),
          value: textOr(typed, 'reason', ''),
          errors,
          required: true,
          autocomplete: 'off',
          maxlength: 500,
        })}`,
        button: t(`records.consent.turn-${to}`),
        secondary: linkButton({ href: back.href, text: t('records.cancel') }),
      }),
    }),
  });
}
