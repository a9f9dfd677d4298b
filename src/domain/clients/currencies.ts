// The currencies that accounts are kept in.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { currencyIsUsed } from '#domain/clients/clients.table.ts';
import type { CurrencyRow } from '#domain/clients/currencies.table.ts';
import {
  currencyRows,
  deleteCurrencyRow,
  insertCurrency,
  lockCurrencyRow,
  lockCurrencyRows,
  updateCurrencyRow,
} from '#domain/clients/currencies.table.ts';
import { seconds } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** How amounts are written, by WHMCS's number. */
export const CURRENCY_FORMATS = { 1: '1234.56', 2: '1,234.56', 3: '1.234,56', 4: '1,234' } as const;
/** So many there may be: each stands on forms, and none is asked for page by page. */
const MOST_CURRENCIES = 100;
const LONGEST_SIGN = 10;
const LEAST_RATE = 0.00001;
const MOST_RATE = 999_999_999.99999;

/** A currency. */
export type Currency = {
  readonly id: number;
  readonly code: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly isDefault: boolean;
  /** WHMCS's number for how amounts are written; 1 is 1234.56. */
  readonly format: number;
  /** How much of it one of the default currency is, as a decimal text. */
  readonly rate: string;
};

const CURRENCIES = 'currencies';
const AGE = seconds(1);

/** Every currency, as it was stored at most a second ago: each answer about a client asks, and they hardly ever change. */
export async function listCurrencies(ctx: Context): Promise<readonly Currency[]> {
  const now = ctx.now();
  return (
    ctx.snapshots.known<readonly Currency[]>(CURRENCIES, now, AGE) ??
    ctx.snapshots.get(CURRENCIES, now, AGE, async () => (await currencyRows(ctx)).map(currencyFrom))
  );
}

/** What staff say of a currency. `rate` is a decimal text such as `0.92`; of the default currency it is not read. */
export type CurrencyDefinition = Pick<Currency, 'code' | 'prefix' | 'suffix' | 'format' | 'rate'>;

/** The currency of this id. Throws not-found. */
export async function currencyOf(ctx: Context, id: number): Promise<Currency> {
  const currency = (await listCurrencies(ctx)).find((one) => one.id === id);
  if (!currency) throw notFound('currency-not-found');
  return currency;
}

/** Keeps a currency from being removed until the transaction ends. Throws invalid `currency-not-found`. */
export async function keepCurrency(tx: Context, id: number): Promise<void> {
  if (!(await lockCurrencyRow(tx, id, 'keep'))) throw invalid({ currency: 'currency-not-found' });
}

/** Whether any client is kept in it: then it stays, and so does its code, which the credit log speaks of. */
export async function isCurrencyUsed(ctx: Context, id: number): Promise<boolean> {
  return currencyIsUsed(ctx, id);
}

/** Adds a currency. Throws invalid by field, or conflict `currencies-too-many`. Answers the id. */
export async function addCurrency(ctx: Context, actor: Actor, given: CurrencyDefinition): Promise<number> {
  const columns = columnsOf(given);
  return ctx.transaction(async (tx) => {
    const all = await lockCurrencyRows(tx);
    if (all.length >= MOST_CURRENCIES) throw conflict('currencies-too-many');
    requireFreeCode(all, columns.code, undefined);
    const id = await insertCurrency(tx, { ...columns, is_default: 0 }).catch(asTaken);
    await note(tx, actor, 'created', id, `The currency ${columns.code} was added`, columns);
    return id;
  });
}

/** Changes a currency. Throws not-found, invalid by field: `currency-code-in-use` where the code has to stay. */
export async function changeCurrency(ctx: Context, actor: Actor, id: number, given: CurrencyDefinition): Promise<void> {
  await ctx.transaction(async (tx) => {
    const all = await lockCurrencyRows(tx);
    const before = all.find((one) => one.id === id);
    if (!before) throw notFound('currency-not-found');
    const columns = columnsOf(before.is_default === 1 ? { ...given, rate: ONE } : given);
    requireFreeCode(all, columns.code, id);
    if (columns.code !== before.code && (await currencyIsUsed(tx, id))) throw invalid({ code: 'currency-code-in-use' });
    await updateCurrencyRow(tx, id, columns).catch(asTaken);
    await note(tx, actor, 'updated', id, `The currency ${columns.code} was changed`, { before, after: columns });
  });
}

/**
 * Makes a currency the default. Its rate becomes 1, and every other one follows, since a rate is how much one of the default
 * is worth. Nobody's account changes. Throws not-found.
 */
export async function makeDefaultCurrency(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const all = await lockCurrencyRows(tx);
    const next = all.find((one) => one.id === id);
    if (!next) throw notFound('currency-not-found');
    if (next.is_default === 1) return;
    for (const one of all) {
      const rate = one.id === id ? ONE : rateText(Number(one.rate) / Number(next.rate));
      await updateCurrencyRow(tx, one.id, { is_default: Number(one.id === id), rate });
    }
    const before = all.find((one) => one.is_default === 1)?.code;
    const rates = Object.fromEntries(all.map((one) => [one.code, one.rate]));
    await note(tx, actor, 'default_changed', id, `${next.code} became the default currency`, { before, rates });
  });
}

/** Removes a currency. Throws not-found, or conflict `currency-is-default`, `currency-in-use`. */
export async function removeCurrency(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await lockCurrencyRow(tx, id, 'remove'); // whoever is putting a client into it is waited for
    if (!before) throw notFound('currency-not-found');
    if (before.is_default === 1) throw conflict('currency-is-default');
    if (await currencyIsUsed(tx, id)) throw conflict('currency-in-use');
    await deleteCurrencyRow(tx, id);
    await note(tx, actor, 'deleted', id, `The currency ${before.code} was removed`, before);
  });
}

const ONE = '1.00000';

/** The line in the log; and whoever lists currencies after this sees what it tells of. */
async function note(
  tx: Context,
  actor: Actor,
  what: 'created' | 'updated' | 'default_changed' | 'deleted',
  currencyId: number,
  description: string,
  details: object,
): Promise<void> {
  await audit(tx, actor, { event: `currency.${what}`, description, details: { currencyId, ...details } });
  tx.snapshots.forget(CURRENCIES);
  tx.afterCommit(() => tx.snapshots.forget(CURRENCIES));
}

function columnsOf(given: CurrencyDefinition): Omit<CurrencyRow, 'id' | 'is_default'> {
  const faults: Record<string, string> = {};
  const code = given.code.trim().toUpperCase();
  const [prefix, suffix] = [signOf(given.prefix), signOf(given.suffix)];
  const rate = /^\d{1,9}(?:[.,]\d{1,5})?$/.test(given.rate.trim()) ? Number(given.rate.trim().replace(',', '.')) : 0;
  if (!/^[A-Z]{3}$/.test(code)) faults['code'] = 'currency-code-invalid';
  if (prefix.length > LONGEST_SIGN) faults['prefix'] = 'too-long';
  if (suffix.length > LONGEST_SIGN) faults['suffix'] = 'too-long';
  if (!Object.hasOwn(CURRENCY_FORMATS, given.format)) faults['format'] = 'setting-not-an-option';
  if (rate <= 0) faults['rate'] = 'currency-rate-invalid';
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return { code, prefix, suffix, format: given.format, rate: rateText(rate) };
}

/** A sign beside amounts keeps its spaces: ` USD`. */
function signOf(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

/** Five decimals, as WHMCS has them, never nothing, and never more than may be typed: one default after another makes them grow. */
function rateText(rate: number): string {
  return Math.min(Math.max(rate, LEAST_RATE), MOST_RATE).toFixed(5);
}

function requireFreeCode(all: readonly CurrencyRow[], code: string, exceptId: number | undefined): void {
  if (all.some((one) => one.code === code && one.id !== exceptId)) throw invalid({ code: 'currency-code-taken' });
}

/** Two at once with one code: the unique key lets one through, the other hears the same as if it had come later. */
function asTaken(error: unknown): never {
  if (/unique|duplicate key/i.test(String(error))) throw invalid({ code: 'currency-code-taken' });
  throw error;
}

function currencyFrom(row: CurrencyRow): Currency {
  return {
    id: row.id,
    code: row.code,
    prefix: row.prefix,
    suffix: row.suffix,
    isDefault: row.is_default === 1,
    format: row.format,
    rate: row.rate,
  };
}
