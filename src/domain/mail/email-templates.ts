// The texts of letters that staff edit: those of the shipped letters, and whole letters of their own making. A text is tried
// before it is kept, with examples in place of values; one that a later version can no longer fill in is found at its start.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FilledText } from '#domain/mail/edited-text.ts';
import { fillIn } from '#domain/mail/edited-text.ts';
import type { TemplateRow, TextRow } from '#domain/mail/email-templates.table.ts';
import {
  countFaultyTexts,
  deleteTemplateRow,
  deleteTextRow,
  findTemplateRow,
  insertTemplateRow,
  lockTemplateRow,
  noteFault,
  putTextRow,
  templateRows,
  textRows,
  updateTemplateRow,
} from '#domain/mail/email-templates.table.ts';
import type { Letter } from '#domain/mail/letter.ts';
import type { LetterTemplate, TemplateSource, TemplateType } from '#domain/mail/letter-template.ts';
import { isTemplateType, shippedSource, versionOf } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { asInvalid, fieldsIn, filledIn, LONGEST_TEXT, TextFault, warmLiquid } from '#domain/mail/liquid.ts';
import { addressLines } from '#domain/mail/mail.settings.ts';
import { COMMON_FIELDS, commonValues, fieldsOfType } from '#domain/mail/merge-fields.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { languageOf, languages, translator } from '#src/locales/words.ts';

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

/** The longest name of a template. */
const LONGEST_NAME = 100;
/** The longest subject as it is written. */
const LONGEST_SUBJECT = 500;

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

/** Makes a letter of the staff's own. Throws invalid by field, or conflict when the name is taken. Answers its number. */
export async function addTemplate(
  ctx: Context,
  actor: Actor,
  given: { readonly name: string; readonly type: string } & TemplateSource,
): Promise<number> {
  const name = oneLine(given.name);
  if (name === '') throw invalid({ name: 'name-missing' });
  if (name.length > LONGEST_NAME) throw invalid({ name: 'too-long' });
  const { type } = given;
  if (!isTemplateType(type)) throw invalid({ type: 'letter-type-unknown' });
  const language = languageOf(undefined).code;
  const source = await triedSource(ctx, { fields: fieldsOfType(type), link: 'none', isCustom: true }, language, given);
  await rowsOfAll(ctx); // so that no name is given that a shipped letter bears
  return ctx.transaction(async (tx) => {
    const id = await insertTemplateRow(tx, { kind: `custom:${newUuid()}`, type, name, is_custom: 1 });
    if (id === undefined) throw conflict('letter-template-name-taken');
    await putTextRow(tx, textRow(tx, actor, id, language, source, ''));
    await audit(tx, actor, { event: 'letter_template.created', description: `The letter "${name}" was created` });
    return id;
  });
}

/** Keeps a text of a template in a language. Throws not-found, or invalid by field with what is wrong with it. */
export async function saveText(
  ctx: Context,
  actor: Actor,
  id: number,
  language: string,
  given: TemplateSource,
): Promise<void> {
  const template = await templateOf(ctx, id);
  const { code } = spokenLanguage(language);
  const source = await triedSource(ctx, template, code, given);
  const version = template.shipped ? versionOf(shippedSource(template.shipped, code)) : '';
  await ctx.transaction(async (tx) => {
    if (!(await lockTemplateRow(tx, id))) throw notFound('letter-template-not-found');
    await putTextRow(tx, textRow(tx, actor, id, code, source, version));
    await audit(tx, actor, {
      event: 'letter_template.updated',
      description: `The letter "${template.name}" was changed (${code})`,
      details: { templateId: id, language: code, before: sourceIn(template, code), after: source },
    });
  });
}

/**
 * Takes back the text of a template in a language: the shipped one holds again, or, of a letter of the staff's own, the
 * English one. Throws not-found, or conflict for the text that others fall back to.
 */
export async function resetText(ctx: Context, actor: Actor, id: number, language: string): Promise<void> {
  const template = await templateOf(ctx, id);
  const { code } = spokenLanguage(language);
  if (template.isCustom && code === languages[0]?.code) throw conflict('letter-text-needed');
  await ctx.transaction(async (tx) => {
    if (!(await lockTemplateRow(tx, id))) throw notFound('letter-template-not-found');
    if (!(await deleteTextRow(tx, id, code))) return;
    await audit(tx, actor, {
      event: 'letter_template.reset',
      description: `The letter "${template.name}" was set back (${code})`,
      details: { templateId: id, language: code, before: sourceIn(template, code) },
    });
  });
}

/** Switches a template off or on, and says who gets copies of its letters. Throws not-found, conflict, or invalid by field. */
export async function changeDelivery(
  ctx: Context,
  actor: Actor,
  id: number,
  given: { readonly isOff: boolean; readonly copies: string },
): Promise<void> {
  const read = addressLines().read(given.copies);
  if ('fault' in read) throw invalid({ copies: read.fault });
  await ctx.transaction(async (tx) => {
    const row = await lockTemplateRow(tx, id);
    const before = row && templateFrom(tx, row, []);
    if (!row || !before) throw notFound('letter-template-not-found');
    if (given.isOff && !before.mayBeOff) throw conflict('letter-must-go-out');
    const disabledAt = given.isOff ? (row.disabled_at ?? tx.now()) : null;
    await updateTemplateRow(tx, id, { disabled_at: disabledAt, copies: read.value.join('\n') });
    await audit(tx, actor, {
      event: 'letter_template.delivery_changed',
      description: `Letters "${before.name}" are ${given.isOff ? 'switched off' : 'sent'}`,
      details: {
        templateId: id,
        before: { off: before.isOff, copies: before.copies },
        after: { off: given.isOff, copies: read.value },
      },
    });
  });
}

/** Removes a letter of the staff's own making with all its texts. Throws not-found, or conflict for a shipped one. */
export async function removeTemplate(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await lockTemplateRow(tx, id);
    if (!row) throw notFound('letter-template-not-found');
    if (!(await deleteTemplateRow(tx, id))) throw conflict('letter-template-is-shipped');
    await audit(tx, actor, { event: 'letter_template.deleted', description: `The letter "${row.name}" was deleted` });
  });
}

/** A letter filled in with examples: what staff see before they keep or send it. Throws invalid by field. */
export async function previewOf(
  ctx: Context,
  template: Pick<EmailTemplate, 'fields' | 'link' | 'isCustom'>,
  language: string,
  source: TemplateSource,
): Promise<FilledText> {
  return tried(ctx, template, language, source);
}

/** The letter with examples, for sending it to oneself. Throws invalid by field. */
export async function exampleLetter(
  ctx: Context,
  template: EmailTemplate,
  language: string,
  about: Pick<Letter, 'to' | 'expiresAt'> & { readonly administratorId: number },
): Promise<Letter> {
  const { code, direction } = spokenLanguage(language);
  const { subject, blocks, small } = await tried(ctx, template, code, sourceIn(template, code));
  const button = await exampleButton(ctx, template, code);
  return {
    kind: 'example',
    ...(template.type === 'admin' ? {} : { asToCustomers: true as const }),
    language: code,
    direction,
    ...about,
    subject,
    paragraphs: [],
    small: [],
    content: { blocks, small },
    ...(button ? { button: { ...button, orCopy: translator(code)('mail.or-copy') } } : {}),
  };
}

/** A letter of the staff's own making, or a shipped one whose fields are all known, filled in. Throws TextFault. */
export async function letterOfTemplate(
  ctx: Context,
  template: EmailTemplate,
  about: Pick<Letter, 'to' | 'expiresAt' | 'clientId' | 'administratorId'> & {
    readonly language: string;
    readonly values: MergeValues;
  },
): Promise<Letter> {
  const { language: wanted, values, ...rest } = about;
  const source = sourceIn(template, languageOf(wanted).code);
  const filled = await letterInWords(ctx, source, { ...rest, language: wanted, values });
  return { ...filled, kind: template.isCustom ? 'custom' : template.kind, copies: template.copies };
}

/** A letter in these very words. Fields that are not there are empty. Throws TextFault. */
export async function letterInWords(
  ctx: Context,
  source: TemplateSource,
  about: Pick<Letter, 'to' | 'expiresAt' | 'clientId' | 'administratorId'> & {
    readonly language: string;
    readonly values: MergeValues;
  },
): Promise<Letter> {
  const { language: wanted, values, ...rest } = about;
  const { code, direction } = languageOf(wanted);
  const { subject, blocks, small } = await fillIn(source, {
    values: { ...(await commonValues(ctx, code)), ...values },
    button: undefined,
    link: 'none',
    strict: false,
  });
  return {
    kind: 'custom',
    language: code,
    direction,
    ...rest,
    subject,
    paragraphs: [],
    small: [],
    content: { blocks, small },
  };
}

/** The fields that a text asks for and that nobody here fills in: a program has to give them. Throws TextFault. */
export async function strangeFields(
  template: Pick<EmailTemplate, 'fields' | 'link'>,
  source: TemplateSource,
): Promise<string[]> {
  const asked = await Promise.all([source.subject, source.body, source.small].map(fieldsIn));
  const known = [...COMMON_FIELDS, ...Object.keys(template.fields), ...(template.link === 'none' ? [] : ['link'])];
  return [...new Set(asked.flat())].filter((name) => !known.includes(name));
}

/** How many texts could not be used when they last were to be. */
export async function numberOfFaultyTexts(ctx: Context): Promise<number> {
  return countFaultyTexts(ctx);
}

/**
 * Tries every edited text with examples, as at each start: what a new version can no longer fill in is noted and logged, and
 * its shipped text goes out. Answers how many cannot be used.
 */
export async function reviewTexts(ctx: Context): Promise<number> {
  const templates = (await everyTemplate(ctx)).filter((one) => one.texts.length > 0);
  if (templates.length > 0) await warmLiquid();
  let faulty = 0;
  for (const template of templates) {
    for (const text of template.texts) {
      const fault = await faultOf(ctx, template, text);
      if (fault !== undefined) {
        faulty += 1;
        ctx.log.warn(
          { letter: template.name, language: text.language, fault },
          'an edited letter cannot be used: the shipped text goes out',
        );
      }
      const row = { template_id: template.id, language: text.language, updated_at: text.updatedAt };
      if (fault !== text.fault) await noteFault(ctx, row, fault ?? null);
    }
  }
  return faulty;
}

/** WHMCS's way of writing a field, `{$client_name}`, as ours. What else its language can say stays words. */
export function fromSmarty(text: string): string {
  return text.replaceAll(/\{\$([a-z_][a-z0-9_]{0,99})\}/gi, '{{ $1 }}');
}

async function faultOf(ctx: Context, template: EmailTemplate, text: EditedText): Promise<string | undefined> {
  try {
    await fillIn(text, await exampleFilling(ctx, template, text.language));
    return undefined;
  } catch (error) {
    if (error instanceof TextFault) return error.message;
    throw error;
  }
}

/** What was typed, cleaned and tried. */
async function triedSource(
  ctx: Context,
  template: Pick<EmailTemplate, 'fields' | 'link' | 'isCustom'>,
  language: string,
  given: TemplateSource,
): Promise<TemplateSource> {
  const source = {
    subject: fromSmarty(oneLine(given.subject)),
    body: fromSmarty(given.body.replaceAll(/\r\n?/g, '\n').trim()),
    small: fromSmarty(given.small.replaceAll(/\r\n?/g, '\n').trim()),
  };
  if (source.subject === '') throw invalid({ subject: 'letter-subject-missing' });
  if (source.subject.length > LONGEST_SUBJECT) throw invalid({ subject: 'too-long' });
  if (source.body === '') throw invalid({ body: 'letter-body-missing' });
  for (const field of ['body', 'small'] as const)
    if (source[field].length > LONGEST_TEXT) throw invalid({ [field]: 'too-long' });
  await tried(ctx, template, language, source);
  return source;
}

/** Fills in each part by itself first, so that the fault stands at its field. */
async function tried(
  ctx: Context,
  template: Pick<EmailTemplate, 'fields' | 'link' | 'isCustom'>,
  language: string,
  source: TemplateSource,
): Promise<FilledText> {
  const filling = await exampleFilling(ctx, template, language);
  const values = filling.button ? { ...filling.values, link: filling.button.url } : filling.values;
  const fillOne = async (field: 'subject' | 'body' | 'small'): Promise<void> => {
    const known = field === 'subject' ? filling.values : values;
    try {
      if (filling.strict) await requireKnown(source[field], Object.keys(known));
      const as = field === 'subject' ? 'line' : 'markup';
      const button = field === 'body' ? filling.button?.label : undefined;
      await filledIn(source[field], { values: known, as, strict: filling.strict, button });
    } catch (error) {
      throw asInvalid(field, error);
    }
  };
  for (const field of ['subject', 'body', 'small'] as const) await fillOne(field);
  try {
    return await fillIn(source, filling);
  } catch (error) {
    throw asInvalid('body', error);
  }
}

/** Also what stands where the example does not lead. */
async function requireKnown(source: string, known: readonly string[]): Promise<void> {
  const strange = (await fieldsIn(source)).find((name) => !known.includes(name));
  if (strange !== undefined) throw new TextFault(`there is no field called ${strange} here`);
}

async function exampleFilling(
  ctx: Context,
  template: Pick<EmailTemplate, 'fields' | 'link' | 'isCustom'>,
  language: string,
) {
  return {
    values: { ...template.fields, ...(await commonValues(ctx, language)) },
    button: await exampleButton(ctx, template, language),
    link: template.link,
    strict: !template.isCustom,
  };
}

async function exampleButton(
  ctx: Context,
  template: Pick<EmailTemplate, 'fields' | 'link'> & { readonly shipped?: LetterTemplate | undefined },
  language: string,
): Promise<{ label: string; url: string } | undefined> {
  if (template.link === 'none') return undefined;
  const label = template.shipped?.write(translator(language), template.fields).button;
  return {
    label: label ?? translator(language)('templates.button.example'),
    url: await publicLink(ctx, '/example-link'),
  };
}

/** Every row, after making those that are missing. A shipped letter whose name staff gave to one of theirs gets its kind added. */
async function rowsOfAll(ctx: Context): Promise<TemplateRow[]> {
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

/** Undefined for a row of a letter that this version does not have: it waits for one that does. */
function templateFrom(ctx: Context, row: TemplateRow, texts: readonly TextRow[]): EmailTemplate | undefined {
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

function textRow(
  tx: Context,
  actor: Actor,
  id: number,
  language: string,
  source: TemplateSource,
  version: string,
): Omit<TextRow, 'fault'> {
  return {
    template_id: id,
    language,
    subject: source.subject,
    body: source.body,
    small: source.small,
    version,
    updated_at: tx.now(),
    administrator_id: actor.kind === 'administrator' ? actor.administratorId : null,
  };
}

function spokenLanguage(code: string): (typeof languages)[number] {
  const language = languages.find((one) => one.code === code);
  if (!language) throw notFound('language-not-found');
  return language;
}
