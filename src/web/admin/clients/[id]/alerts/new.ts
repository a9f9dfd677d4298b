// Puts an alert on the home of a client's account. Fields: text, tone, link (may be empty).

import { ALERT_TONES, addAlert } from '#domain/alerts/alerts.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { radioGroup } from '#web/parts/choice.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const { client, href } = await clientFileOf(visit);
    await addAlert(ctx, actor, client.id, {
      text: typed.text('text'),
      tone: typed.text('tone'),
      link: typed.text('link'),
    });
    return goTo(`${href}/alerts`, { tone: 'success', key: 'records.alerts.added' });
  },
});

function picture(visit: Visit, file: ClientFile): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const back = { href: `${file.href}/alerts`, text: t('records.alerts.title', { name: file.name }) };
  return clientStep(visit, file, {
    title: t('records.alerts.add'),
    intro: t('records.alerts.intro'),
    back,
    body: card({
      body: form(frame, {
        errors,
        body: html`${textArea(frame, {
          name: 'text',
          label: t('records.alerts.text'),
          value: textOr(typed, 'text', ''),
          errors,
          required: true,
          rows: 2,
          maxlength: 500,
        })}${radioGroup(frame, {
          name: 'tone',
          label: t('records.alerts.tone'),
          errors,
          required: true,
          value: textOr(typed, 'tone', 'info'),
          choices: ALERT_TONES.map((tone) => ({ value: tone, text: t(`records.alerts.tone.${tone}`) })),
        })}${textField(frame, {
          name: 'link',
          label: t('records.alerts.link'),
          help: t('records.alerts.link.help'),
          value: textOr(typed, 'link', ''),
          errors,
          required: false,
          autocomplete: 'off',
          inputmode: 'url',
          spellcheck: false,
          maxlength: 1000,
        })}`,
        button: t('records.alerts.add.button'),
        secondary: linkButton({ href: back.href, text: t('records.cancel') }),
      }),
    }),
  });
}
