// Credit: a client's balance and the log of all that changed it (behaviours.md 1.8). An entry and the balance change in one
// transaction, the balance by one statement; it never falls below zero. Amounts are in hundredths of the client's currency,
// also where it has other coins, as the wire has them.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { findClient, holdClient } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { moveCredit } from '#domain/clients/entrusted-fields.ts';
import { creditChanged } from '#domain/credit/credit.events.ts';
import type { CreditRow } from '#domain/credit/credit.table.ts';
import { creditRowsOf, creditRowsPage, insertCreditEntry } from '#domain/credit/credit.table.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { conflict, invalid, notFound, Problem } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The largest amount and balance: what a decimal of 16 digits and 2 places can hold. */
export const MOST_CREDIT_MINOR = 99_999_999_999_999;

/** An entry of the log. `relatedId`: the invoice it was spent on, or 0. `day` is a calendar day, `2026-03-31`. */
export type CreditEntry = {
  readonly id: number;
  readonly clientId: number;
  readonly currency: string;
  readonly day: string;
  readonly description: string;
  readonly amountMinor: number;
  readonly balanceMinor: number;
  readonly relatedId: number;
  readonly administrator: string;
  readonly createdAt: number;
};

/** What makes an entry. */
export type NewCredit = {
  readonly type: 'add' | 'remove';
  /** Above zero. */
  readonly amountMinor: number;
  readonly description: string;
  /** Today where it is absent. */
  readonly day?: string | undefined;
  /** In whose name it stands; whoever acts where it is absent. */
  readonly inNameOf?: { readonly id: number; readonly name: string } | undefined;
  /** The form's own key: sent twice, it counts once. */
  readonly requestKey?: string | undefined;
};

/**
 * Adds to a client's balance or takes from it, with an entry in the log. Answers the new balance, or `again` when this very
 * request was done before. Throws not-found `client-not-found`, invalid by field, conflict `credit-too-low` with the balance
 * left as it is, or conflict `credit-too-high`.
 */
export async function changeCredit(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: NewCredit,
): Promise<{ readonly balanceMinor: number } | 'again'> {
  const description = oneLine(given.description);
  if (description.length > 1000) throw invalid({ description: 'too-long' });
  if (!Number.isSafeInteger(given.amountMinor) || given.amountMinor <= 0) throw invalid({ amount: 'amount-missing' });
  if (given.amountMinor > MOST_CREDIT_MINOR) throw invalid({ amount: 'amount-too-high' });
  const signed = given.type === 'add' ? given.amountMinor : -given.amountMinor;
  try {
    return await ctx.transaction(async (tx) => {
      const moved = await moveCredit(tx, clientId, signed, MOST_CREDIT_MINOR);
      if (!moved) throw await whyNot(tx, clientId, given.type);
      const currency = (await listCurrencies(tx)).find((one) => one.id === moved.currencyId)?.code ?? '';
      const entryId = await insertCreditEntry(tx, {
        client_id: clientId,
        currency,
        day: given.day ?? new Date(tx.now()).toISOString().slice(0, 10),
        description,
        amount_minor: signed,
        balance_minor: moved.creditMinor,
        related_id: 0,
        administrator_id: given.inNameOf?.id ?? (actor.kind === 'administrator' ? actor.administratorId : null),
        administrator: oneLine(given.inNameOf?.name ?? actor.name),
        request_key: given.requestKey ?? null,
        created_at: tx.now(),
      });
      if (entryId === undefined) throw new Problem('conflict', DONE_BEFORE); // undoes the balance
      await audit(tx, actor, {
        event: given.type === 'add' ? 'client.credit.added' : 'client.credit.removed',
        description: `Credit was ${given.type === 'add' ? 'added' : 'removed'}: ${description}`,
        clientId,
        details: { entryId, amountMinor: signed, balanceMinor: moved.creditMinor, currency },
      });
      await tx.bus.announce(tx, creditChanged, {
        clientId,
        entryId,
        amountMinor: signed,
        balanceMinor: moved.creditMinor,
      });
      return { balanceMinor: moved.creditMinor };
    });
  } catch (error) {
    if (error instanceof Problem && error.code === DONE_BEFORE) return 'again';
    throw error;
  }
}

const DONE_BEFORE = 'done-before';

/** Every entry of a client, the oldest first. For the wire, which does not leaf. */
export async function creditsOf(ctx: Context, clientId: number): Promise<CreditEntry[]> {
  return (await creditRowsOf(ctx, clientId)).map(entryFrom);
}

/** A page of the entries of a client, or of all clients, the newest first; also of clients that are gone. */
export async function pageOfCredits(
  ctx: Context,
  clientId: number | undefined,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<CreditEntry>> {
  const read = (await creditRowsPage(ctx, clientId, { ...place, limit: size + 1 })).map(entryFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** An amount as the wire writes it: `24.50`, `-3.00`. */
export function amountOf(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * An amount from what a person or a program wrote: `12`, `12.5`, `12.34`, above zero. No sign, no exponent, no separator of
 * thousands; with a comma for the point where `comma` says so.
 */
export function readAmount(text: string, comma = false): number | 'missing' | 'misshapen' {
  const clean = comma ? text.trim().replace(',', '.') : text.trim();
  if (clean === '') return 'missing';
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(clean);
  if (!match) return 'misshapen';
  const minor = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return minor === 0 ? 'missing' : minor;
}

async function whyNot(tx: Context, clientId: number, type: NewCredit['type']): Promise<Problem> {
  if (!(await findClient(tx, clientId))) return notFound('client-not-found');
  const { creditMinor } = await holdClient(tx, clientId, 'keep');
  return conflict(type === 'remove' ? 'credit-too-low' : 'credit-too-high', { balance: amountOf(creditMinor) });
}

function entryFrom(row: CreditRow): CreditEntry {
  return {
    id: row.id,
    clientId: row.client_id,
    currency: row.currency,
    day: row.day,
    description: row.description,
    amountMinor: row.amount_minor,
    balanceMinor: row.balance_minor,
    relatedId: row.related_id,
    administrator: row.administrator,
    createdAt: row.created_at,
  };
}
