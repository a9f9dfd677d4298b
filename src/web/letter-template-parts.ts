// What the pages of letter texts share: the tabs of a letter, its state in words, how it looks, and what can be put in.

import type { FilledText } from '#domain/mail/edited-text.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { templateOf } from '#domain/mail/email-templates.ts';
import { contentText } from '#domain/mail/letter-content.ts';
import type { TemplateSource, TemplateType } from '#domain/mail/letter-template.ts';
import { COMMON_FIELDS, commonValues } from '#domain/mail/merge-fields.ts';
import { stationeryFor } from '#domain/mail/stationery.ts';
import { previewOf } from '#domain/mail/template-trials.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { Language, Translate } from '#src/locales/words.ts';
import { isKey, languages } from '#src/locales/words.ts';
import type { Visit } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { moreFields } from '#web/parts/form.ts';
import type { PaperOptions } from '#web/parts/letter-paper.ts';
import { letterPaper, plainPaper } from '#web/parts/letter-paper.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { tabs } from '#web/parts/tabs.ts';
import { nothing } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

/** The list. */
export const LETTER_TEMPLATES = '/admin/letter-templates';

/** The template that the path names by `[id]`. Throws not-found. */
export async function templateInPath(visit: Visit): Promise<EmailTemplate> {
  return templateOf(visit.ctx, idInPath(visit, 'id', 'letter-template-not-found'));
}

/** The language that the path names by `[language]`. Throws not-found. */
export function languageInPath(visit: Visit): Language {
  const language = languages.find((one) => one.code === visit.params['language']);
  if (!language) throw notFound('page-not-found');
  return language;
}

/** Whether a text is the one that others fall back to. */
export function isBase(language: Language): boolean {
  return language.code === languages[0]?.code;
}

/** The permission that the visitor lacks for changing a text in a language, if any. */
export function missingFor(visit: Visit, language: Language) {
  if (!may(visit, 'Create/Edit Email Templates')) return 'Create/Edit Email Templates' as const;
  if (!isBase(language) && !may(visit, 'Manage Email Template Languages'))
    return 'Manage Email Template Languages' as const;
  return undefined;
}

/** What a letter is about, in words. */
export function typeWord(t: Translate, type: TemplateType): string {
  return t(`templates.type.${type}`);
}

/** Whose words a template goes out in, as a dot and a word. */
export function textState(visit: Visit, template: EmailTemplate): Html {
  const { t } = visit.frame;
  if (template.texts.some((one) => one.fault !== undefined)) return status('bad', t('templates.state.faulty'));
  if (template.isCustom) return status('info', t('templates.state.own'));
  return template.texts.length > 0
    ? status('info', t('templates.state.edited'))
    : status('quiet', t('templates.state.shipped'));
}

/** The tabs of a letter: one for each language, and how it is sent. */
export function templateTabs(visit: Visit, template: EmailTemplate): Html {
  const { t } = visit.frame;
  const home = `${LETTER_TEMPLATES}/${template.id}`;
  return tabs(visit.frame, {
    label: t('templates.tabs'),
    items: [
      ...languages.map(({ code, name }) => ({ href: `${home}/${code}`, text: name })),
      { href: home, text: t('templates.tab.delivery') },
    ],
  });
}

/** How a text looks with examples in place of values; or that it cannot be filled in. */
export async function previewCard(
  visit: Visit,
  template: Pick<EmailTemplate, 'fields' | 'link' | 'isCustom' | 'type'>,
  language: Language,
  source: TemplateSource,
): Promise<Html> {
  const { t } = visit.frame;
  const filled = await previewOf(visit.ctx, template, language.code, source).catch(faultWords(visit));
  const title = t('templates.preview.title');
  if ('fault' in filled)
    return card({ title, body: remark({ tone: 'warning', title: t('templates.preview.none'), body: filled.fault }) });
  const url = await publicLink(visit.ctx, '/example-link');
  const stationery = await stationeryFor(visit.ctx, template.type === 'admin' ? 'staff' : 'customers');
  return card({
    title,
    intro: t('templates.preview.intro'),
    body: sheet(visit, filled, { url, stationery, language }),
  });
}

/** A letter with its subject above, drawn for a person of its language, and as plain text behind a word. */
export function sheet(
  visit: Visit,
  filled: FilledText,
  more: Pick<PaperOptions, 'url' | 'stationery' | 'language'>,
): Html {
  const { frame } = visit;
  const { t } = frame;
  const plain = [contentText(filled.blocks, more.url), contentText(filled.small, more.url)];
  return html`${definitions(frame, [{ term: t('templates.preview.subject'), value: filled.subject }])}<div class="mt-3 mb-3">${letterPaper({ ...filled, ...more })}</div>${moreFields(
    {
      word: t('templates.preview.plain'),
      open: false,
      body: plainPaper(plain.filter((part) => part !== '').join('\n\n--\n\n')),
    },
  )}`;
}

/** A Problem that a page says in place of what it would have shown. */
export function faultWords(visit: Visit): (error: unknown) => { readonly fault: string } {
  return (error) => {
    if (!(error instanceof Problem)) throw error;
    const key = `errors.${error.code}`;
    return { fault: visit.frame.t(isKey(key) ? key : 'errors.invalid', error.values) };
  };
}

/** Everything that can be put in. */
export async function fieldsCard(visit: Visit, template: Pick<EmailTemplate, 'fields' | 'link'>): Promise<Html> {
  const { frame } = visit;
  const { t } = frame;
  const common = await commonValues(visit.ctx, frame.language);
  const rows = [
    ...(template.link === 'none' ? [] : [['link', await publicLink(visit.ctx, '/example-link')] as const]),
    ...Object.entries(template.fields).map(([name, example]) => [name, common[name] ?? example] as const),
    ...COMMON_FIELDS.filter((name) => !(name in template.fields)).map((name) => [name, common[name] ?? ''] as const),
  ].map(([name, example]) => ({ name, example: String(example) }));
  return card({
    title: t('templates.fields.title'),
    intro: t('templates.fields.intro'),
    flush: table(frame, {
      caption: t('templates.fields.title'),
      rows,
      empty: empty({ title: t('templates.fields.title') }),
      columns: [
        {
          heading: t('templates.fields.column.write'),
          kind: 'name',
          cell: ({ name }) => html`<code class="user-select-all">${`{{ ${name} }}`}</code>`,
        },
        { heading: t('templates.fields.column.holds'), cell: ({ name }) => holdsWords(t, name) },
        { heading: t('templates.fields.column.example'), cell: ({ example }) => example || nothing(frame) },
      ],
    }),
    footer: html`<p class="text-secondary mb-0">${t('templates.fields.more')}</p>`,
  });
}

/** The shipped text, behind a word: for whoever wrote another. */
export function shippedText(visit: Visit, source: TemplateSource): Html {
  const { t } = visit.frame;
  return moreFields({ word: t('templates.shipped.title'), open: false, body: sourcePaper(source) });
}

/** A text as it is written, to look at. */
export function sourcePaper(source: TemplateSource): Html {
  return plainPaper([source.subject, source.body, source.small].filter((part) => part !== '').join('\n\n--\n\n'));
}

function holdsWords(t: Translate, name: string): string {
  const key = `templates.holds.${name}`;
  return isKey(key) ? t(key) : '';
}
