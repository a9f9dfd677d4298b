// Makes a letter of the staff's own.

import type { TemplateType } from '#domain/mail/letter-template.ts';
import { isTemplateType, TEMPLATE_TYPES } from '#domain/mail/letter-template.ts';
import { fieldsOfType } from '#domain/mail/merge-fields.ts';
import { addTemplate } from '#domain/mail/template-changes.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import { languageOf } from '#src/locales/words.ts';
import { atField } from '#web/field-faults.ts';
import { fieldsCard, LETTER_TEMPLATES, previewCard, typeWord } from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { buttonClass } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { selectField } from '#web/parts/choice.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'staff', permission: 'Create/Edit Email Templates' },
  get: async (visit) => show(await picture(visit, false)),
  post: async (visit): Promise<Answer> => {
    if (visit.form.text('act') === 'preview') return show(await picture(visit, true));
    const name = oneLine(visit.form.text('name'));
    const given = { name, type: visit.form.text('type'), ...typed(visit) };
    const id = await atField(addTemplate(visit.ctx, visit.actor, given), { 'letter-template-name-taken': 'name' });
    const language = languageOf(undefined).code;
    return goTo(`${LETTER_TEMPLATES}/${id}/${language}`, {
      tone: 'success',
      key: 'templates.new.done',
      values: { name },
    });
  },
});

function typed({ form: given }: Visit): { subject: string; body: string; small: string } {
  return { subject: given.text('subject'), body: given.text('body'), small: given.text('small') };
}

function typeOf({ form: given }: Visit): TemplateType {
  const type = given.text('type');
  return isTemplateType(type) ? type : 'general';
}

async function picture(visit: Visit, withPreview: boolean): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const type = typeOf(visit);
  const draft = { type, fields: fieldsOfType(type), link: 'none', isCustom: true } as const;
  return adminRoom(frame, {
    title: t('templates.new.title'),
    intro: t('templates.new.intro'),
    back: { href: LETTER_TEMPLATES, text: t('templates.title') },
    errors,
    body: stack(
      card({ body: draftForm(visit) }),
      withPreview && (await previewCard(visit, draft, languageOf(undefined), typed(visit))),
      await fieldsCard(visit, draft),
    ),
  });
}

function draftForm(visit: Visit): Html {
  const { frame, errors, form: given } = visit;
  const { t } = frame;
  const shared = { errors, required: true };
  return form(frame, {
    errors,
    button: t('templates.new.button'),
    secondary: html`<button type="submit" name="act" value="preview" class="${buttonClass({ tone: 'plain' })}">${t('templates.preview')}</button>`,
    body: html`${textField(frame, {
      ...shared,
      name: 'name',
      label: t('templates.field.name-of-letter'),
      help: t('templates.field.name-of-letter.help'),
      value: given.text('name'),
      maxlength: 100,
      width: 'medium',
      autocomplete: 'off',
    })}${selectField(frame, {
      ...shared,
      name: 'type',
      label: t('templates.field.type'),
      help: t('templates.field.type.help'),
      value: typeOf(visit),
      choices: TEMPLATE_TYPES.map((type) => ({ value: type, text: typeWord(t, type) })),
      width: 'medium',
    })}${textField(frame, {
      ...shared,
      name: 'subject',
      label: t('templates.field.subject'),
      value: given.text('subject'),
      maxlength: 500,
      autocomplete: 'off',
    })}${textArea(frame, {
      ...shared,
      name: 'body',
      label: t('templates.field.body'),
      help: t('templates.field.body.help'),
      value: given.text('body'),
      rows: 14,
      maxlength: 50_000,
    })}${textArea(frame, {
      errors,
      required: false,
      name: 'small',
      label: t('templates.field.small'),
      help: t('templates.field.small.help'),
      value: given.text('small'),
      rows: 3,
      maxlength: 50_000,
    })}`,
  });
}
