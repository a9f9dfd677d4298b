// What a client filled in: who may see and set it, whether it fits, how it is kept. A field for staff alone is not there for
// anybody else: what a customer sends for it is not looked at.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { clientUpdated } from '#domain/clients/clients.events.ts';
import type { CustomField } from '#domain/fields/custom-fields.ts';
import { fieldOf, keepFields, listFields } from '#domain/fields/custom-fields.ts';
import type { FieldValueRow } from '#domain/fields/field-values.table.ts';
import { dropValue, putValue, valueRowsOf } from '#domain/fields/field-values.table.ts';
import { readPattern } from '#kit/pattern.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { manyLines, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** Who sees or fills in: staff and programs all of it, customers what is not for staff alone, newcomers what the order form asks. */
export type Audience = 'staff' | 'customer' | 'newcomer';

/** What was typed or sent, by the id of the field. What is absent stays as it is. */
export type TypedValues = ReadonlyMap<number, string>;

/** What a client filled in. Of a password only whether there is one: `text` is empty. */
export type FieldValue = { readonly field: CustomField; readonly text: string; readonly isSet: boolean };

const LONGEST_LINE = 500;
const LONGEST_TEXT = 5000;
const PURPOSE = 'custom-field';

/** The fields that somebody sees, in their order. */
export async function fieldsFor(ctx: Context, audience: Audience): Promise<CustomField[]> {
  return (await listFields(ctx)).filter((field) => isFor(field, audience));
}

/** What a client filled in, of the fields that somebody sees: one of each, also where nothing is. */
export async function valuesFor(ctx: Context, clientId: number, audience: Audience): Promise<FieldValue[]> {
  const fields = await fieldsFor(ctx, audience);
  if (fields.length === 0) return [];
  const stored = new Map((await valueRowsOf(ctx, clientId)).map((row) => [row.field_id, row]));
  return fields.map((field) => {
    const row = stored.get(field.id);
    return { field, text: row && row.sealed === 0 ? row.value : '', isSet: row !== undefined };
  });
}

/** Whether somebody sees a field. */
function isFor(field: CustomField, audience: Audience): boolean {
  switch (audience) {
    case 'staff':
      return true;
    case 'customer':
      return !field.adminOnly;
    case 'newcomer':
      return !field.adminOnly && field.onOrderForm;
  }
}

/** Whether a field has to be filled in where somebody sees it: staff may leave everything out. */
export function isRequired(field: CustomField, audience: Audience): boolean {
  return field.required && audience !== 'staff' && isFor(field, audience);
}

/** The name under which a form posts a field, and under which its fault is told. */
export function fieldName(id: number): string {
  return `custom-${id}`;
}

/** How values are checked. `whole`: a new account, of which every required field has to be there. */
export type FillingIn = {
  readonly audience: Audience;
  /** Whose required fields have to be filled in; the audience's unless told. A program fills in for a newcomer. */
  readonly requiredOf?: Audience | undefined;
  readonly whole?: boolean;
  /** Required fields may be left out or emptied (`skipvalidation`). */
  readonly lenient?: boolean;
};

/** Values that fit, by field, ready to be stored, or what is wrong by the name of the field; `names`: what those are called. */
export type CheckedValues = {
  readonly values: readonly { readonly field: CustomField; readonly text: string }[];
  readonly faults: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
};

/** Checks what was filled in. `stored`: which fields have a value already, so that an empty password means the same as before. */
export function checkValues(
  fields: readonly CustomField[],
  typed: TypedValues,
  how: FillingIn,
  stored: ReadonlySet<number> = new Set(),
): CheckedValues {
  const faults: Record<string, string> = {};
  const values: { field: CustomField; text: string }[] = [];
  const names: Record<string, string> = {};
  for (const field of fields.filter((one) => isFor(one, how.audience))) {
    const sent = typed.get(field.id);
    if (sent === undefined && !how.whole) continue;
    const text = plain(field, sent ?? '');
    if (text === '' && field.type === 'password' && stored.has(field.id)) continue;
    if (text === '' && !how.lenient && isRequired(field, how.requiredOf ?? how.audience)) {
      faults[fieldName(field.id)] = field.type === 'tick' ? 'custom-field-tick-missing' : 'custom-field-missing';
      names[fieldName(field.id)] = field.name;
      continue;
    }
    const fault = text === '' ? undefined : valueFault(field, text);
    if (fault) {
      faults[fieldName(field.id)] = fault;
      names[fieldName(field.id)] = field.name;
    } else values.push({ field, text });
  }
  return { values, faults, names };
}

/** Checks what is filled in for a new account. */
export async function checkNewValues(ctx: Context, typed: TypedValues, how: FillingIn): Promise<CheckedValues> {
  return checkValues(await listFields(ctx), typed, { ...how, whole: true });
}

/** Throws invalid by field when something does not fit; what each is called stands among the values. */
export function requireFitting(checked: CheckedValues): void {
  if (Object.keys(checked.faults).length > 0) throw faultsOf(checked);
}

/**
 * The refusal of values that do not fit, between what is wrong before and after them on the form. `field` is what the first is
 * called, `of:<name>` what each is.
 */
export function faultsOf(
  { faults, names }: CheckedValues,
  before: Readonly<Record<string, string>> = {},
  after: Readonly<Record<string, string>> = {},
  values: Readonly<Record<string, string | number>> = {},
): Error {
  const [first] = Object.values(names);
  const called = Object.fromEntries(Object.entries(names).map(([name, field]) => [`of:${name}`, field]));
  return invalid(
    { ...before, ...faults, ...after },
    { ...values, ...called, ...(first === undefined ? {} : { field: first }) },
  );
}

/**
 * Stores what was filled in for a client, in the transaction of what it belongs to. Throws invalid by field. Answers the
 * names of the fields that really changed.
 */
export async function storeValues(
  tx: Context,
  actor: Actor,
  clientId: number,
  typed: TypedValues,
  how: FillingIn,
): Promise<string[]> {
  if (typed.size === 0 && !how.whole) return [];
  const rows = await valueRowsOf(tx, clientId);
  const checked = checkValues(await listFields(tx), typed, how, new Set(rows.map((row) => row.field_id)));
  requireFitting(checked);
  const kept = new Map(
    (
      await keepFields(
        tx,
        checked.values.map(({ field }) => field.id).sort((a, b) => a - b),
      )
    ).map((one) => [one.id, one]),
  );
  const changed: string[] = [];
  for (const { field, text } of checked.values) {
    const now = kept.get(field.id);
    if (now?.type !== field.type) continue; // gone or another thing meanwhile
    if (await store(tx, clientId, now, text, rows)) changed.push(field.name);
  }
  if (changed.length > 0) await noteChange(tx, actor, clientId, changed);
  return changed;
}

/** What a password field holds, in clear: for a page of its own that staff open on purpose, and that is logged. Throws not-found. */
export async function revealValue(ctx: Context, actor: Actor, clientId: number, fieldId: number): Promise<string> {
  const field = await fieldOf(ctx, fieldId);
  const row = (await valueRowsOf(ctx, clientId)).find((one) => one.field_id === fieldId);
  const text = row?.sealed === 1 ? openedValue(ctx, row) : undefined;
  if (text === undefined) throw notFound('custom-field-empty');
  await audit(ctx, actor, {
    event: 'client.field.revealed',
    description: `The hidden field ${field.name} of a client was looked at`,
    clientId,
    details: { fieldId },
  });
  return text;
}

/** Takes away what a client filled in: the way to empty a password field. Throws not-found. */
export async function clearValue(ctx: Context, actor: Actor, clientId: number, fieldId: number): Promise<void> {
  const field = await fieldOf(ctx, fieldId);
  await ctx.transaction(async (tx) => {
    await dropValue(tx, clientId, fieldId);
    await noteChange(tx, actor, clientId, [field.name]);
  });
}

async function noteChange(tx: Context, actor: Actor, clientId: number, names: readonly string[]): Promise<void> {
  await audit(tx, actor, {
    event: 'client.updated',
    description: `Custom fields of a client were changed: ${names.join(', ')}`,
    clientId,
    details: { customFields: names },
  });
  await tx.bus.announce(tx, clientUpdated, { clientId, fields: ['customFields'] });
}

async function store(
  tx: Context,
  clientId: number,
  field: CustomField,
  text: string,
  rows: readonly FieldValueRow[],
): Promise<boolean> {
  const before = rows.find((row) => row.field_id === field.id);
  const sealed = field.type === 'password';
  if (before === undefined && text === '') return false;
  if (before && text !== '' && (sealed ? openedValue(tx, before) : before.value) === text) return false;
  if (text === '') await dropValue(tx, clientId, field.id);
  else
    await putValue(tx, {
      client_id: clientId,
      field_id: field.id,
      value: sealed ? sealedFor(tx, clientId, field.id, text) : text,
      sealed: Number(sealed),
    });
  return true;
}

/** What a hidden value says; undefined when our key does not open it. For this topic's own files. */
export function openedValue(ctx: Context, row: FieldValueRow): string | undefined {
  return ctx.seal.open(PURPOSE, row.value, `${row.client_id}:${row.field_id}`);
}

/** A hidden value as it is kept: sealed for this field of this client and no other. For this topic's own files. */
export function sealedFor(ctx: Context, clientId: number, fieldId: number, text: string): string {
  return ctx.seal.seal(PURPOSE, text, `${clientId}:${fieldId}`);
}

/** The text in the form in which it is kept. */
/** What was filled in as it is stored. */
export function plain(field: CustomField, text: string): string {
  switch (field.type) {
    case 'text':
    case 'link':
    case 'dropdown':
      return oneLine(text);
    case 'password':
      return text.toWellFormed();
    case 'tick':
      return ['1', 'on', 'true', 'yes'].includes(text.trim().toLowerCase()) ? 'on' : '';
    case 'textarea':
      return manyLines(text);
  }
}

function valueFault(field: CustomField, text: string): string | undefined {
  if (text.length > (field.type === 'textarea' ? LONGEST_TEXT : LONGEST_LINE)) return 'too-long';
  if (field.type === 'dropdown' && !field.options.includes(text)) return 'setting-not-an-option';
  if (field.type === 'link' && !isLink(text)) return 'link-invalid';
  if (field.pattern === '') return undefined;
  const read = readPattern(field.pattern);
  return 'pattern' in read && !read.pattern.matches(text) ? 'custom-field-invalid' : undefined;
}

/** An address of the web: nothing that would run when it is clicked, and no name and password in it. */
function isLink(text: string): boolean {
  if (!/^https?:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
