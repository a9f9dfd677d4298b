// The tables of edited texts: a row for each template, and one for each language in which its text was written.

import type { Generated } from 'kysely';
import type { TemplateType } from '#domain/mail/letter-template.ts';
import { locked } from '#kit/database/database.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A template as stored. `copies` is a list of addresses, one a line. */
export type TemplateRow = {
  id: number;
  kind: string;
  type: TemplateType;
  name: string;
  name_key: string;
  is_custom: number;
  disabled_at: number | null;
  copies: string;
  created_at: number;
  updated_at: number;
};

/** A text as stored. */
export type TextRow = {
  template_id: number;
  language: string;
  subject: string;
  body: string;
  small: string;
  version: string;
  updated_at: number;
  administrator_id: number | null;
  fault: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    email_templates: Omit<TemplateRow, 'id'> & { id: Generated<number> };
    email_template_texts: TextRow;
  }
}

/** Every template. There are few. */
export async function templateRows(ctx: Context): Promise<TemplateRow[]> {
  return ctx.db.selectFrom('email_templates').selectAll().orderBy('id').execute();
}

/** One template. */
export async function findTemplateRow(
  ctx: Context,
  by: { id: number } | { kind: string },
): Promise<TemplateRow | undefined> {
  const query = ctx.db.selectFrom('email_templates').selectAll();
  return ('id' in by ? query.where('id', '=', by.id) : query.where('kind', '=', by.kind)).executeTakeFirst();
}

/** One template, held until the transaction ends. */
export async function lockTemplateRow(tx: Context, id: number): Promise<TemplateRow | undefined> {
  return locked(tx, tx.db.selectFrom('email_templates').selectAll().where('id', '=', id), 'change').executeTakeFirst();
}

/** Puts a template in, unless one of its kind or name is there. Answers its id, or undefined. */
export async function insertTemplateRow(
  tx: Context,
  row: { kind: string; type: TemplateType; name: string; is_custom: number },
): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('email_templates')
    .values({
      ...row,
      name_key: comparable(row.name),
      disabled_at: null,
      copies: '',
      created_at: tx.now(),
      updated_at: tx.now(),
    })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Switches a template off or on, and says who gets copies. */
export async function updateTemplateRow(
  tx: Context,
  id: number,
  change: { disabled_at: number | null; copies: string },
): Promise<void> {
  await tx.db
    .updateTable('email_templates')
    .set({ ...change, updated_at: tx.now() })
    .where('id', '=', id)
    .execute();
}

/** Removes a template that staff made, with its texts. Answers whether it went. */
export async function deleteTemplateRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('email_templates')
    .where('id', '=', id)
    .where('is_custom', '=', 1)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Every text, or those of one template, by language. */
export async function textRows(ctx: Context, templateId?: number): Promise<TextRow[]> {
  const query = ctx.db.selectFrom('email_template_texts').selectAll().orderBy('template_id').orderBy('language');
  return (templateId === undefined ? query : query.where('template_id', '=', templateId)).execute();
}

/** The text of a template in a language. */
export async function findTextRow(ctx: Context, templateId: number, language: string): Promise<TextRow | undefined> {
  return ctx.db
    .selectFrom('email_template_texts')
    .selectAll()
    .where('template_id', '=', templateId)
    .where('language', '=', language)
    .executeTakeFirst();
}

/** Puts a text in the place of the one before; whatever was wrong with that is over. */
export async function putTextRow(tx: Context, row: Omit<TextRow, 'fault'>): Promise<void> {
  const { template_id: _id, language: _language, ...change } = row;
  await tx.db
    .insertInto('email_template_texts')
    .values({ ...row, fault: null })
    .onConflict((on) => on.columns(['template_id', 'language']).doUpdateSet({ ...change, fault: null }))
    .execute();
}

/** Removes a text. Answers whether there was one. */
export async function deleteTextRow(tx: Context, templateId: number, language: string): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('email_template_texts')
    .where('template_id', '=', templateId)
    .where('language', '=', language)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Notes why a text, as it was at `updatedAt`, could not be used; or that it can. */
export async function noteFault(
  tx: Context,
  of: Pick<TextRow, 'template_id' | 'language' | 'updated_at'>,
  fault: string | null,
): Promise<void> {
  await tx.db
    .updateTable('email_template_texts')
    .set({ fault })
    .where('template_id', '=', of.template_id)
    .where('language', '=', of.language)
    .where('updated_at', '=', of.updated_at)
    .execute();
}

/** How many texts cannot be used. */
export async function countFaultyTexts(ctx: Context): Promise<number> {
  const counted = await ctx.db
    .selectFrom('email_template_texts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('fault', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}
