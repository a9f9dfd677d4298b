// What staff change of letters: their texts, whether they go out and who gets copies, and letters of their own making.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { TextRow } from '#domain/mail/email-templates.table.ts';
import {
  deleteTemplateRow,
  deleteTextRow,
  insertTemplateRow,
  lockTemplateRow,
  putTextRow,
  updateTemplateRow,
} from '#domain/mail/email-templates.table.ts';
import { rowsOfAll, sourceIn, spokenLanguage, templateFrom, templateOf } from '#domain/mail/email-templates.ts';
import type { TemplateSource } from '#domain/mail/letter-template.ts';
import { isTemplateType, shippedSource, versionOf } from '#domain/mail/letter-template.ts';
import { addressLines } from '#domain/mail/mail.settings.ts';
import { fieldsOfType } from '#domain/mail/merge-fields.ts';
import { triedSource } from '#domain/mail/template-trials.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { languageOf, languages } from '#src/locales/words.ts';

/** The longest name of a template. */
const LONGEST_NAME = 100;

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
