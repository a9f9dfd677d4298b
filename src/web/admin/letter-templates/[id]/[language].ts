// The text of a letter in one language: written, tried, looked at, sent to oneself, set back.

import type { EditedText, EmailTemplate } from '#domain/mail/email-templates.ts';
import { sourceIn } from '#domain/mail/email-templates.ts';
import type { TemplateSource } from '#domain/mail/letter-template.ts';
import { shippedSource } from '#domain/mail/letter-template.ts';
import { TextFault } from '#domain/mail/liquid.ts';
import { saveText } from '#domain/mail/template-changes.ts';
import { strangeFields } from '#domain/mail/template-trials.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Language } from '#src/locales/words.ts';
import { languages } from '#src/locales/words.ts';
import {
  fieldsCard,
  isBase,
  LETTER_TEMPLATES,
  languageInPath,
  missingFor,
  previewCard,
  shippedText,
  sourcePaper,
  templateInPath,
  templateTabs,
  textState,
  typeWord,
} from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { buttonClass, buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { requirePermission } from '#web/staff.ts';

/** Fields: subject, body, small; act=preview only shows what was typed. */
export default page({
  who: { is: 'staff', permission: 'View Email Templates' },
  get: async (visit) => show(await picture(visit)),
  post: async (visit): Promise<Answer> => {
    requirePermission(visit, 'Create/Edit Email Templates');
    const template = await templateInPath(visit);
    const language = languageInPath(visit);
    const missing = missingFor(visit, language);
    if (missing !== undefined) requirePermission(visit, missing);
    if (visit.form.text('act') === 'preview') return show(await picture(visit));
    await saveText(visit.ctx, visit.actor, template.id, language.code, typed(visit));
    return goTo(`${LETTER_TEMPLATES}/${template.id}/${language.code}`, { tone: 'success', key: 'templates.saved' });
  },
});

function typed({ form: given }: Visit): TemplateSource {
  return { subject: given.text('subject'), body: given.text('body'), small: given.text('small') };
}

async function picture(visit: Visit): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const template = await templateInPath(visit);
  const language = languageInPath(visit);
  const edited = template.texts.find((one) => one.language === language.code);
  const stored = sourceIn(template, language.code);
  const shown = visit.form.given ? typed(visit) : stored;
  const missing = missingFor(visit, language);
  return adminRoom(frame, {
    title: template.name,
    intro: html`${typeWord(t, template.type)} · ${textState(visit, template)}`,
    back: { href: LETTER_TEMPLATES, text: t('templates.title') },
    tabs: templateTabs(visit, template),
    errors,
    body: stack(
      ...remarks(visit, template, edited),
      await strangeRemark(visit, template, shown),
      missing === undefined
        ? card({ body: editor(visit, template, stored), footer: acts(visit, template, language, edited) })
        : card({
            title: t('templates.text.now'),
            intro: t('templates.edit.only-view', { permission: missing }),
            body: sourcePaper(stored),
          }),
      await previewCard(visit, template, language, shown),
      edited && template.shipped && card({ body: shippedText(visit, shippedSource(template.shipped, language.code)) }),
      await fieldsCard(visit, template),
    ),
  });
}

function remarks({ frame }: Visit, template: EmailTemplate, edited: EditedText | undefined): (Html | false)[] {
  const { t } = frame;
  return [
    template.isOff && remark({ tone: 'warning', body: t('templates.is-off') }),
    edited?.fault !== undefined &&
      remark({
        tone: 'danger',
        title: t(template.isCustom ? 'templates.fault.title.own' : 'templates.fault.title'),
        body: edited.fault,
      }),
    edited?.isBehind === true && remark({ tone: 'info', body: t('templates.behind') }),
    template.isCustom &&
      edited === undefined &&
      remark({ tone: 'info', body: t('templates.falls-back', { language: languages[0]?.name ?? '' }) }),
    template.link === 'needed' && remark({ tone: 'info', body: t('templates.link-needed') }),
  ];
}

/** What only a program could fill in, said of letters of one's own; the shipped ones have no such fields. */
async function strangeRemark(visit: Visit, template: EmailTemplate, source: TemplateSource): Promise<Html | false> {
  if (!template.isCustom) return false;
  const strange = await strangeFields(template, source).catch((error: unknown) => {
    if (error instanceof TextFault) return [];
    throw error;
  });
  return (
    strange.length > 0 &&
    remark({ tone: 'info', body: visit.frame.t('templates.strange', { fields: strange.slice(0, 20).join(', ') }) })
  );
}

function editor(visit: Visit, template: EmailTemplate, stored: TemplateSource): Html {
  const { frame, errors, form: given } = visit;
  const { t } = frame;
  return form(frame, {
    errors,
    button: t('templates.save'),
    secondary: html`<button type="submit" name="act" value="preview" class="${buttonClass({ tone: 'plain' })}">${t('templates.preview')}</button>`,
    body: html`${textField(frame, {
      name: 'subject',
      label: t('templates.field.subject'),
      value: textOr(given, 'subject', stored.subject),
      errors,
      required: true,
      maxlength: 500,
      autocomplete: 'off',
    })}${textArea(frame, {
      name: 'body',
      label: t('templates.field.body'),
      help: t(template.link === 'none' ? 'templates.field.body.help' : 'templates.field.body.link'),
      value: textOr(given, 'body', stored.body),
      errors,
      required: true,
      rows: 14,
      maxlength: 50_000,
    })}${textArea(frame, {
      name: 'small',
      label: t('templates.field.small'),
      help: t('templates.field.small.help'),
      value: textOr(given, 'small', stored.small),
      errors,
      required: false,
      rows: 4,
      maxlength: 50_000,
    })}`,
  });
}

function acts(visit: Visit, template: EmailTemplate, language: Language, edited: EditedText | undefined): Html {
  const { frame } = visit;
  const home = `${LETTER_TEMPLATES}/${template.id}/${language.code}`;
  const mayReset = edited !== undefined && !(template.isCustom && isBase(language));
  return buttonRow(
    postButton(frame, { action: `${home}/test`, text: frame.t('templates.test'), icon: 'send' }),
    mayReset ? linkButton({ href: `${home}/reset`, text: frame.t('templates.reset') }) : undefined,
  );
}
