// How a letter is sent: whether at all, and who gets copies.

import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { changeDelivery } from '#domain/mail/template-changes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { LETTER_TEMPLATES, templateInPath, templateTabs, textState, typeWord } from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { textArea } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { tick } from '#web/parts/status.ts';
import { may, requirePermission } from '#web/staff.ts';

/** Fields: sent (a tick), copies (addresses, one a line). */
export default page({
  who: { is: 'staff', permission: 'View Email Templates' },
  get: async (visit) => show(picture(visit, await templateInPath(visit))),
  post: async (visit): Promise<Answer> => {
    requirePermission(visit, 'Create/Edit Email Templates');
    const template = await templateInPath(visit);
    const isOff = template.mayBeOff && !visit.form.has('sent');
    await changeDelivery(visit.ctx, visit.actor, template.id, { isOff, copies: visit.form.text('copies') });
    return goTo(`${LETTER_TEMPLATES}/${template.id}`, { tone: 'success', key: 'templates.delivery.saved' });
  },
});

function picture(visit: Visit, template: EmailTemplate): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const mayDelete = template.isCustom && may(visit, 'Delete Email Templates');
  return adminRoom(frame, {
    title: t('templates.delivery.title', { name: template.name }),
    heading: template.name,
    intro: html`${typeWord(t, template.type)} · ${textState(visit, template)}`,
    back: { href: LETTER_TEMPLATES, text: t('templates.title') },
    tabs: templateTabs(visit, template),
    errors,
    body: stack(
      !template.mayBeOff && remark({ tone: 'info', body: t('templates.delivery.always') }),
      card({
        body: may(visit, 'Create/Edit Email Templates') ? deliveryForm(visit, template) : facts(visit, template),
      }),
      mayDelete &&
        card({
          title: t('templates.removal.title', { name: template.name }),
          tone: 'danger',
          intro: t('templates.removal.text'),
          body: buttonRow(
            linkButton({
              href: `${LETTER_TEMPLATES}/${template.id}/removal`,
              text: t('templates.removal.button'),
              tone: 'danger',
            }),
          ),
        }),
    ),
  });
}

function facts({ frame }: Visit, template: EmailTemplate): Html {
  const { t } = frame;
  return definitions(frame, [
    {
      term: t('templates.delivery.sent'),
      value: tick(!template.isOff, template.isOff ? t('templates.off') : t('templates.on')),
    },
    { term: t('templates.delivery.copies'), value: template.copies.join(', ') },
  ]);
}

function deliveryForm(visit: Visit, template: EmailTemplate): Html {
  const { frame, errors, form: given } = visit;
  const { t } = frame;
  const sent =
    template.mayBeOff &&
    checkbox(frame, {
      name: 'sent',
      label: t('templates.delivery.sent'),
      help: t('templates.delivery.sent.help'),
      checked: tickOr(given, 'sent', !template.isOff),
      errors,
    });
  return form(frame, {
    errors,
    button: t('templates.delivery.button'),
    body: html`${sent}${textArea(frame, {
      name: 'copies',
      label: t('templates.delivery.copies'),
      help: t('templates.delivery.copies.help'),
      value: textOr(given, 'copies', template.copies.join('\n')),
      errors,
      required: false,
      rows: 3,
      mono: true,
    })}`,
  });
}
