// Trying the text of a letter with examples in place of values: before it is kept, for a look at it, and at each start, since
// a later version may no longer be able to fill it in.

import type { FilledText } from '#domain/mail/edited-text.ts';
import { fillIn } from '#domain/mail/edited-text.ts';
import { countFaultyTexts, noteFault } from '#domain/mail/email-templates.table.ts';
import type { EditedText, EmailTemplate } from '#domain/mail/email-templates.ts';
import { everyTemplate, sourceIn, spokenLanguage } from '#domain/mail/email-templates.ts';
import type { Letter } from '#domain/mail/letter.ts';
import type { LetterTemplate, TemplateSource } from '#domain/mail/letter-template.ts';
import { asInvalid, fieldsIn, filledIn, LONGEST_TEXT, TextFault, warmLiquid } from '#domain/mail/liquid.ts';
import { COMMON_FIELDS, commonValues } from '#domain/mail/merge-fields.ts';
import { fromSmarty } from '#domain/mail/smarty.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { translator } from '#src/locales/words.ts';

/** The longest subject as it is written. */
const LONGEST_SUBJECT = 500;

/** What was typed, cleaned and tried. Throws invalid by field. */
export async function triedSource(
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

async function faultOf(ctx: Context, template: EmailTemplate, text: EditedText): Promise<string | undefined> {
  try {
    await fillIn(text, await exampleFilling(ctx, template, text.language));
    return undefined;
  } catch (error) {
    if (error instanceof TextFault) return error.message;
    throw error;
  }
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
