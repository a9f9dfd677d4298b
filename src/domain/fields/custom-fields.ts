// Custom client fields: what they ask, in what form, and of whom (behaviours.md 1.14).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FieldRow, FieldType } from '#domain/fields/custom-fields.table.ts';
import {
  deleteFieldRow,
  fieldRows,
  insertField,
  keepFieldRows,
  lockFieldRow,
  updateFieldRow,
} from '#domain/fields/custom-fields.table.ts';
import { countValues } from '#domain/fields/field-values.table.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import type { PatternFault } from '#kit/pattern.ts';
import { readPattern } from '#kit/pattern.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { manyLines, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

export type { FieldType } from '#domain/fields/custom-fields.table.ts';

/** The kinds, in the order they are offered. */
export const FIELD_TYPES: readonly FieldType[] = ['text', 'link', 'password', 'dropdown', 'tick', 'textarea'];

/** As many there may be: each stands on every form. */
export const MOST_FIELDS = 100;
const MOST_OPTIONS = 200;
const LONGEST_OPTION = 200;
const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 1000;

/** What a field is made of. */
export type FieldDefinition = {
  readonly name: string;
  readonly description: string;
  readonly type: FieldType;
  /** What a drop-down offers; empty for every other kind. */
  readonly options: readonly string[];
  /** A regular expression that a text has to fit, or empty (kit/pattern.ts says which there are). */
  readonly pattern: string;
  /** Never reaches the client area. */
  readonly adminOnly: boolean;
  readonly required: boolean;
  /** Asked at the registration and at an order. */
  readonly onOrderForm: boolean;
  readonly onInvoice: boolean;
  /** Smaller ones come first. */
  readonly position: number;
};

/** A custom field. */
export type CustomField = FieldDefinition & { readonly id: number };

/** Every field, in the order they are shown. One read. */
export async function listFields(ctx: Context): Promise<CustomField[]> {
  return (await fieldRows(ctx)).map(fieldFrom);
}

/** The field of this id. Throws not-found. */
export async function fieldOf(ctx: Context, id: number): Promise<CustomField> {
  const field = (await listFields(ctx)).find((one) => one.id === id);
  if (!field) throw notFound('custom-field-not-found');
  return field;
}

/** The fields of these ids, kept from removal until the transaction ends. Those that are gone are left out. */
export async function keepFields(tx: Context, ids: readonly number[]): Promise<CustomField[]> {
  return (await keepFieldRows(tx, ids)).map(fieldFrom);
}

/** How many clients filled in a field, counted up to COUNT_CAP. */
export async function valuesOfField(ctx: Context, id: number): Promise<CappedCount> {
  const count = await countValues(ctx, id, COUNT_CAP + 1);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

/** Makes a field. Throws invalid by field, or conflict `custom-fields-full`. Answers the id. */
export async function addField(ctx: Context, actor: Actor, given: FieldDefinition): Promise<number> {
  const faults = definitionFaults(given);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return ctx.transaction(async (tx) => {
    if ((await fieldRows(tx)).length >= MOST_FIELDS) throw conflict('custom-fields-full', { most: MOST_FIELDS });
    const id = await insertField(tx, { ...columnsOf(given), created_at: tx.now(), updated_at: tx.now() });
    await audit(tx, actor, {
      event: 'custom_field.created',
      description: `The custom field ${oneLine(given.name)} was created`,
      details: { fieldId: id, ...columnsOf(given) },
    });
    return id;
  });
}

/**
 * Changes a field; what was filled in stays as it is, and is checked when it is next changed. Throws invalid by field, or
 * conflict `custom-field-type-fixed`: what is sealed stays sealed, and what is not must not pass for it.
 */
export async function changeField(ctx: Context, actor: Actor, id: number, given: FieldDefinition): Promise<void> {
  const faults = definitionFaults(given);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  await ctx.transaction(async (tx) => {
    const before = await lockFieldRow(tx, id, 'remove'); // nobody fills it in meanwhile
    if (!before) throw notFound('custom-field-not-found');
    const sealing = (before.type === 'password') !== (given.type === 'password');
    if (sealing && (await countValues(tx, id, 1)) > 0) throw invalid({ type: 'custom-field-type-fixed' });
    await updateFieldRow(tx, id, { ...columnsOf(given), updated_at: tx.now() });
    await audit(tx, actor, {
      event: 'custom_field.updated',
      description: `The custom field ${oneLine(given.name)} was changed`,
      details: { fieldId: id, before: columnsOf(fieldFrom(before)), after: columnsOf(given) },
    });
  });
}

/** Removes a field and what every client filled in. Throws not-found. */
export async function removeField(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await lockFieldRow(tx, id, 'remove');
    if (!row || !(await deleteFieldRow(tx, id))) throw notFound('custom-field-not-found');
    await audit(tx, actor, {
      event: 'custom_field.deleted',
      description: `The custom field ${row.name} was deleted, with what clients had filled in`,
      details: { fieldId: id },
    });
  });
}

/** The lines of a drop-down as typed: one a line, or with commas between them as WHMCS has them. */
export function optionsIn(text: string): string[] {
  const lines = text.includes('\n') ? text.split('\n') : text.split(',');
  return [...new Set(lines.map(oneLine).filter((one) => one !== ''))];
}

function definitionFaults(given: FieldDefinition): Record<string, string> {
  const faults: Record<string, string> = {};
  if (oneLine(given.name) === '') faults['name'] = 'name-missing';
  else if (given.name.length > LONGEST_NAME) faults['name'] = 'too-long';
  if (given.description.length > LONGEST_DESCRIPTION) faults['description'] = 'too-long';
  if (!FIELD_TYPES.includes(given.type)) faults['type'] = 'setting-not-an-option';
  if (given.type === 'dropdown' && given.options.length === 0) faults['options'] = 'custom-field-options-missing';
  if (given.options.length > MOST_OPTIONS || given.options.some((one) => one.length > LONGEST_OPTION))
    faults['options'] = 'too-long';
  if (given.pattern !== '' && takesPattern(given.type)) {
    const read = readPattern(given.pattern);
    if ('fault' in read) faults['pattern'] = PATTERN_FAULTS[read.fault];
  }
  if (given.adminOnly && given.onOrderForm) faults['onOrderForm'] = 'custom-field-admin-only';
  if (!Number.isInteger(given.position) || given.position < 0 || given.position > 100_000)
    faults['position'] = 'setting-number-out-of-range';
  return faults;
}

const PATTERN_FAULTS: Readonly<Record<PatternFault, string>> = {
  unreadable: 'pattern-unreadable',
  unsupported: 'pattern-unsupported',
  'too-large': 'pattern-too-large',
};

/** Whether a kind is typed, so that a pattern can be asked of it. */
function takesPattern(type: FieldType): boolean {
  return type !== 'dropdown' && type !== 'tick';
}

function columnsOf(given: FieldDefinition): Omit<FieldRow, 'id' | 'created_at' | 'updated_at'> {
  return {
    name: oneLine(given.name),
    description: manyLines(given.description),
    type: given.type,
    options: JSON.stringify(given.type === 'dropdown' ? given.options : []),
    pattern: takesPattern(given.type) ? given.pattern : '',
    admin_only: Number(given.adminOnly),
    required: Number(given.required),
    on_order_form: Number(given.onOrderForm),
    on_invoice: Number(given.onInvoice),
    position: given.position,
  };
}

function fieldFrom(row: FieldRow): CustomField {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    type: row.type,
    options: JSON.parse(row.options) as string[], // written by columnsOf
    pattern: row.pattern,
    adminOnly: row.admin_only === 1,
    required: row.required === 1,
    onOrderForm: row.on_order_form === 1,
    onInvoice: row.on_invoice === 1,
    position: row.position,
  };
}
