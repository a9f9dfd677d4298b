// Letters in the words of a template, or in words that somebody wrote for this one alone.

import { fillIn } from '#domain/mail/edited-text.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { sourceIn } from '#domain/mail/email-templates.ts';
import type { Letter } from '#domain/mail/letter.ts';
import type { TemplateSource } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { commonValues } from '#domain/mail/merge-fields.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import type { Context } from '#src/context.ts';

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
  const { code } = await languageFor(ctx, wanted);
  const filled = await letterInWords(ctx, sourceIn(template, code), { ...rest, language: code, values });
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
  const { code, direction } = await languageFor(ctx, wanted);
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
