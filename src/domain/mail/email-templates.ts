// The texts of letters that staff edit: those of the shipped letters, and whole letters of their own making.

import type { TemplateRow, TextRow } from '#domain/mail/email-templates.table.ts';
import { findTemplateRow, insertTemplateRow, templateRows, textRows } from '#domain/mail/email-templates.table.ts';
import type { LetterTemplate, TemplateSource, TemplateType } from '#domain/mail/letter-template.ts';
import { shippedSource, versionOf } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { addressLines } from '#domain/mail/mail.settings.ts';
import { fieldsOfType } from '#domain/mail/merge-fields.ts';
import { notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { languages } from '#src/locales/words.ts';

/** A text that staff wrote, in one language (its code). */
export type EditedText = TemplateSource & {
  readonly language: string;
  readonly updatedAt: number;
  readonly administratorId: number | undefined;
  /** Why it could not be used when it last was to be; the shipped text went out. */
  readonly fault: string | undefined;
  /** Whether the shipped text has become another since. */
  readonly isBehind: boolean;
};

/** A template as staff see it. */
export type EmailTemplate = {
  readonly id: number;
  readonly kind: string;
  readonly type: TemplateType;
  readonly name: string;
  readonly isCustom: boolean;
  readonly isOff: boolean;
  readonly mayBeOff: boolean;
  readonly link: LetterTemplate['link'];
  readonly copies: readonly string[];
  /** What may be put in beside COMMON_FIELDS, with examples. */
  readonly fields: MergeValues;
  readonly texts: readonly EditedText[];
  /** What Doorward ships; undefined for a letter of the staff's own making. */
  readonly shipped: LetterTemplate | undefined;
};

/** Every template, by type and name. Those that this version is the first to have get their number by this. */
export async function everyTemplate(ctx: Context): Promise<EmailTemplate[]> {
  const rows = await rowsOfAll(ctx);
  const texts = await textRows(ctx);
  return rows
    .flatMap(
      (row) =>
        templateFrom(
          ctx,
          row,
          texts.filter((text) => text.template_id === row.id),
        ) ?? [],
    )
    .sort((a, b) => (comparable(a.name) < comparable(b.name) ? -1 : 1));
}

/** The template of this number. Throws not-found. */
export async function templateOf(ctx: Context, id: number): Promise<EmailTemplate> {
  const row = await findTemplateRow(ctx, { id });
  const template = row && templateFrom(ctx, row, await textRows(ctx, id));
  if (!template) throw notFound('letter-template-not-found');
  return template;
}

/** The template of this name, in whatever case. */
export async function findTemplateByName(ctx: Context, name: string): Promise<EmailTemplate | undefined> {
  return (await everyTemplate(ctx)).find((one) => comparable(one.name) === comparable(name));
}

/** The text that goes out in a language: the edited one, else the shipped one; of a letter of one's own else the English. */
export function sourceIn(template: EmailTemplate, language: string): TemplateSource {
  const edited = template.texts.find((one) => one.language === language);
  if (edited) return edited;
  if (template.shipped) return shippedSource(template.shipped, language);
  return template.texts.find((one) => one.language === languages[0]?.code) ?? { subject: '', body: '', small: '' };
}

/** A language that Doorward speaks, by its code. Throws not-found. */
export function spokenLanguage(code: string): (typeof languages)[number] {
  const language = languages.find((one) => one.code === code);
  if (!language) throw notFound('language-not-found');
  return language;
}

/** Every row, after making those that are missing. A shipped letter whose name staff gave to one of theirs gets its kind added. */
export async function rowsOfAll(ctx: Context): Promise<TemplateRow[]> {
  const rows = await templateRows(ctx);
  const missing = [...ctx.letterTemplates.values()].filter(({ kind }) => !rows.some((row) => row.kind === kind));
  if (missing.length === 0) return rows;
  await ctx.transaction(async (tx) => {
    for (const { kind, type, name } of missing) {
      const row = { kind, type, is_custom: 0 };
      const id = await insertTemplateRow(tx, { ...row, name });
      if (id === undefined) await insertTemplateRow(tx, { ...row, name: `${name} (${kind})` });
    }
  });
  return templateRows(ctx);
}

/** A template as its rows store it. Undefined for a row of a letter that this version does not have: it waits for one that does. */
export function templateFrom(ctx: Context, row: TemplateRow, texts: readonly TextRow[]): EmailTemplate | undefined {
  const shipped = ctx.letterTemplates.get(row.kind);
  const isCustom = row.is_custom === 1;
  if (!shipped && !isCustom) return undefined;
  const copies = addressLines().read(row.copies);
  const mayBeOff = shipped?.mayBeOff ?? true;
  return {
    id: row.id,
    kind: row.kind,
    type: row.type,
    name: row.name,
    isCustom,
    isOff: row.disabled_at !== null && mayBeOff,
    mayBeOff,
    link: shipped?.link ?? 'none',
    copies: 'value' in copies ? copies.value : [],
    fields: shipped?.fields ?? fieldsOfType(row.type),
    texts: texts.map((text) => editedFrom(text, shipped)),
    shipped,
  };
}

function editedFrom(row: TextRow, shipped: LetterTemplate | undefined): EditedText {
  return {
    language: row.language,
    subject: row.subject,
    body: row.body,
    small: row.small,
    updatedAt: row.updated_at,
    administratorId: row.administrator_id ?? undefined,
    fault: row.fault ?? undefined,
    isBehind: shipped !== undefined && versionOf(shippedSource(shipped, row.language)) !== row.version,
  };
}
