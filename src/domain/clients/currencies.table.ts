// The table of currencies.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A currency as stored. */
export type CurrencyRow = {
  id: number;
  code: string;
  prefix: string;
  suffix: string;
  is_default: number;
  format: number;
  rate: string;
};

declare module '#kit/tables.ts' {
  interface Tables {
    currencies: Omit<CurrencyRow, 'id' | 'format' | 'rate'> & {
      id: Generated<number>;
      format: Generated<number>;
      rate: Generated<string>;
    };
  }
}

/** Every currency. There are few. */
export async function currencyRows(ctx: Context): Promise<CurrencyRow[]> {
  return [...(await CURRENCIES(ctx))];
}

/** One currency, locked: see `locked` of kit/database. */
export async function lockCurrencyRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'change' | 'remove',
): Promise<CurrencyRow | undefined> {
  return locked(tx, tx.db.selectFrom('currencies').selectAll().where('id', '=', id), strength).executeTakeFirst();
}

/** Every currency, locked: for whoever changes which of them is the default. */
export async function lockCurrencyRows(tx: Context): Promise<CurrencyRow[]> {
  return locked(tx, tx.db.selectFrom('currencies').selectAll().orderBy('id'), 'change').execute();
}

/** Makes a currency. Answers the id. */
export async function insertCurrency(tx: Context, row: Omit<CurrencyRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('currencies').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Changes a currency. */
export async function updateCurrencyRow(
  tx: Context,
  id: number,
  change: Partial<Omit<CurrencyRow, 'id'>>,
): Promise<void> {
  await tx.db.updateTable('currencies').set(change).where('id', '=', id).execute();
}

/** Removes a currency. */
export async function deleteCurrencyRow(tx: Context, id: number): Promise<void> {
  await tx.db.deleteFrom('currencies').where('id', '=', id).execute();
}

const CURRENCIES = hotQuery<CurrencyRow>('select * from currencies order by id');
