// Putting letters in the outbox, in the transaction of what they tell of, and reading the history.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Letter, Stationery } from '#domain/mail/letter.ts';
import { letterHtml, letterText, MASKED } from '#domain/mail/letter.ts';
import type { LetterRow, LetterState, ListedLetterRow } from '#domain/mail/letters.table.ts';
import {
  askedLetterRows,
  countAskedLetterRows,
  countLetterRows,
  countLetterRowsOf,
  deleteLettersOf,
  endLetter,
  expireLettersOf,
  findLetter,
  hastenLetterRow,
  insertLetter,
  letterIdsAround,
  letterRows,
  letterRowsAt,
  lettersPage,
  moveLetterRows,
} from '#domain/mail/letters.table.ts';
import { settledLetter } from '#domain/mail/settled-letter.ts';
import { stationeryFor } from '#domain/mail/stationery.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { conflict, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What a sealed letter holds while it waits. `shownTo`: of a copy, whom the letter itself went to. */
export type SealedLetter = {
  readonly name: string;
  readonly html: string;
  readonly text: string;
  readonly shownTo?: { readonly name: string; readonly address: string };
  /** Where consent is taken back, for the head of a letter that needs it. */
  readonly unsubscribeUrl?: string;
};

const PURPOSE = 'letter';

/**
 * Queues a letter, in the words that staff gave its kind, if they did. It leaves only if the transaction is committed. One
 * of a kind that is switched off is kept in the history and goes nowhere. Answers its id.
 */
export async function queueLetter(tx: Context, shipped: Letter): Promise<number> {
  const { live, kept, copies, isOff } = await settledLetter(tx, shipped);
  const stationery = await stationeryFor(tx, toStaff(live) ? 'staff' : 'customers');
  const sealed: SealedLetter = {
    name: oneLine(live.to.name),
    ...drawn(live, stationery),
    ...(live.unsubscribe ? { unsubscribeUrl: live.unsubscribe.url } : {}),
  };
  const id = await store(tx, live, sealed, drawn(kept, stationery), isOff);
  if (isOff) return id;
  for (const address of copies) await storeCopy(tx, address, kept, drawn(kept, stationery));
  return id;
}

/** None of its links opens anything. It belongs to nobody, so once it has left nothing of the person stays with it. */
async function storeCopy(tx: Context, address: string, letter: Letter, parts: Drawn): Promise<void> {
  const { userId: _user, clientId: _client, administratorId: _staff, ...rest } = letter;
  const copy = { ...rest, kind: 'copy', to: { name: '', address } };
  const shownTo = { name: oneLine(letter.to.name), address: oneLine(letter.to.address) };
  await store(tx, copy, { name: '', ...parts, shownTo }, { html: '', text: '' }, false);
}

type Drawn = { readonly html: string; readonly text: string };

function drawn(letter: Letter, stationery: Stationery): Drawn {
  return { html: letterHtml(letter, stationery), text: letterText(letter, stationery) };
}

async function store(tx: Context, letter: Letter, live: SealedLetter, kept: Drawn, isOff: boolean): Promise<number> {
  const address = oneLine(letter.to.address);
  return insertLetter(tx, {
    created_at: tx.now(),
    kind: letter.kind,
    language: letter.language,
    to_address: address,
    subject: oneLine(letter.subject),
    sealed: isOff ? null : tx.seal.seal(PURPOSE, JSON.stringify(live), address),
    kept_html: kept.html,
    kept_text: kept.text,
    user_id: letter.userId ?? null,
    client_id: letter.clientId ?? null,
    administrator_id: letter.administratorId ?? null,
    state: isOff ? 'withheld' : 'waiting',
    next_attempt_at: isOff ? null : tx.now(),
    leased_until: null,
    expires_at: letter.expiresAt,
    sent_at: null,
    failure: null,
  });
}

/**
 * Queues once more what a letter of the history said, to where it went. Its words are those that were kept, so one whose
 * link was masked cannot: throws conflict `letter-without-fresh`, or not-found. Answers the id of the new one.
 */
export async function repeatLetter(tx: Context, id: number, expiresAt: number): Promise<number> {
  const row = await findLetter(tx, id);
  if (!row) throw notFound('letter-not-found');
  const { kept_html: html, kept_text: text } = row;
  if (text === '' || html.includes(MASKED) || text.includes(MASKED)) throw conflict('letter-without-fresh');
  const live: SealedLetter = { name: '', html, text };
  return insertLetter(tx, {
    created_at: tx.now(),
    kind: row.kind,
    language: row.language,
    to_address: row.to_address,
    subject: row.subject,
    sealed: tx.seal.seal(PURPOSE, JSON.stringify(live), row.to_address),
    kept_html: html,
    kept_text: text,
    user_id: row.user_id,
    client_id: row.client_id,
    administrator_id: row.administrator_id,
    state: 'waiting',
    next_attempt_at: tx.now(),
    leased_until: null,
    expires_at: expiresAt,
    sent_at: null,
    failure: null,
  });
}

/** Takes back the waiting letters to a person, of one kind or all: a newer one replaces them, or they say what no longer holds. */
export async function withdrawLetters(
  tx: Context,
  kind: string | undefined,
  to: { userId: number } | { administratorId: number },
): Promise<void> {
  await expireLettersOf(tx, kind, to);
}

/** Forgets the letters of an account that is being deleted, sent or not: they hold names, addresses and what was said. */
export async function forgetLettersOf(tx: Context, clientId: number): Promise<void> {
  await deleteLettersOf(tx, clientId);
}

/** Gives the letters of one account to another: all, or only these. Only `merging` calls this, which keeps the list of what moved. */
export async function moveLetters(
  tx: Context,
  from: number,
  into: number,
  only?: readonly number[],
): Promise<number[]> {
  return moveLetterRows(tx, from, into, only);
}

/** How many letters there are in the history of an account, counted up to COUNT_CAP. */
export async function countLettersOf(ctx: Context, clientId: number): Promise<number> {
  return countLetterRowsOf(ctx, clientId, COUNT_CAP);
}

/** Takes back one letter while it waits: its link opens nothing any more. */
export async function withdrawLetter(tx: Context, id: number): Promise<void> {
  await endLetter(tx, id, 'expired');
}

/** Opens a waiting letter for sending it, or for the operator who has no mail server yet. */
export function unsealLetter(ctx: Context, row: LetterRow): SealedLetter | undefined {
  const text = row.sealed === null ? undefined : ctx.seal.open(PURPOSE, row.sealed, row.to_address);
  return text === undefined ? undefined : (JSON.parse(text) as SealedLetter); // sealed by queueLetter
}

/** A letter of the history as people see it: never a live link, except to the operator's command line. */
export type KeptLetter = {
  readonly id: number;
  readonly createdAt: number;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly state: LetterState;
  readonly attempts: number;
  readonly nextAttemptAt: number | undefined;
  readonly expiresAt: number;
  readonly sentAt: number | undefined;
  readonly failure: string | undefined;
  readonly userId: number | undefined;
  readonly clientId: number | undefined;
  readonly administratorId: number | undefined;
};

/** The history, newest first. */
export async function letterHistory(
  ctx: Context,
  filter: { userId?: number | undefined; clientId?: number | undefined; state?: LetterState | undefined },
  page: { limit: number; before?: number | undefined },
): Promise<KeptLetter[]> {
  return (await lettersPage(ctx, filter, page)).map(kept);
}

/** A page of the history, the newest first: all, those of a state, those to an address in whatever case. */
export async function pageOfLetters(
  ctx: Context,
  filter: { readonly state?: LetterState | undefined; readonly to?: string | undefined },
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<KeptLetter>> {
  const page = { limit: size + 1, olderThan: place.after, newerThan: place.before };
  const read = (await letterRowsAt(ctx, filter, page)).map(kept);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** Puts a letter that waits for its next try in front: it leaves with the next round. Throws not-found, or conflict when it does not wait. */
export async function hastenLetter(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const letter = await letterOf(tx, id);
    if (!(await hastenLetterRow(tx, id))) throw conflict('letter-not-waiting');
    await audit(tx, actor, {
      event: 'letter.hastened',
      description: `A waiting letter to ${letter.to} was put in front`,
      clientId: letter.clientId,
      userId: letter.userId,
      details: { letterId: id, kind: letter.kind },
    });
  });
}

/**
 * A page of the letters around an account, the newest first: those to it, and those to its owner that belong to no account
 * at all, such as the link for a password. What went to the owner about another account is none of this one's.
 */
export async function pageOfLettersAround(
  ctx: Context,
  of: { clientId: number; ownerId: number | undefined },
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<KeptLetter>> {
  const ids = await letterIdsAround(ctx, of, { limit: size + 1, olderThan: place.after, newerThan: place.before });
  const rows = new Map((await letterRows(ctx, ids)).map((row) => [row.id, kept(row)]));
  const read = ids.flatMap((id) => rows.get(id) ?? []);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** A letter of the history with what it says and when it was last tried. */
export type ToldLetter = KeptLetter & { readonly html: string };

/** The letters to a client as programs ask for them, the newest first, and how many they are in all. */
export async function sliceOfClientLetters(
  ctx: Context,
  asked: Parameters<typeof askedLetterRows>[1],
  part: { readonly skip: number; readonly limit: number },
): Promise<{ readonly letters: readonly ToldLetter[]; readonly total: number }> {
  const total = await countAskedLetterRows(ctx, asked);
  const rows = total > part.skip ? await askedLetterRows(ctx, asked, part) : [];
  return { letters: rows.map((row) => ({ ...kept(row), html: row.kept_html })), total };
}

/** The letter of a client's history. Throws not-found for one of somebody else, as for none. */
export async function letterOfClient(
  ctx: Context,
  clientId: number,
  id: number,
): Promise<KeptLetter & { html: string; text: string }> {
  const letter = await letterOf(ctx, id);
  if (letter.clientId !== clientId) throw notFound('letter-not-found');
  return letter;
}

/** How many letters there are of a state, counted up to COUNT_CAP. */
export async function countLetters(ctx: Context, state: LetterState): Promise<CappedCount> {
  const count = await countLetterRows(ctx, state, COUNT_CAP + 1);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

/** One letter of the history with its masked text. Throws not-found. */
export async function letterOf(ctx: Context, id: number): Promise<KeptLetter & { html: string; text: string }> {
  const row = await findLetter(ctx, id);
  if (!row) throw notFound('letter-not-found');
  return { ...kept(row), html: row.kept_html, text: row.kept_text };
}

/** One letter as it would leave, while it waits; masked once it has ended. For the operator's command line only. */
export async function liveLetterOf(ctx: Context, id: number): Promise<KeptLetter & { html: string; text: string }> {
  const row = await findLetter(ctx, id);
  if (!row) throw notFound('letter-not-found');
  const live = row.expires_at > ctx.now() ? unsealLetter(ctx, row) : undefined;
  return { ...kept(row), html: live?.html ?? row.kept_html, text: live?.text ?? row.kept_text };
}

function toStaff(letter: Letter): boolean {
  return letter.administratorId !== undefined && letter.asToCustomers === undefined;
}

function kept(row: ListedLetterRow): KeptLetter {
  return {
    id: row.id,
    createdAt: row.created_at,
    kind: row.kind,
    to: row.to_address,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    expiresAt: row.expires_at,
    sentAt: row.sent_at ?? undefined,
    failure: row.failure ?? undefined,
    userId: row.user_id ?? undefined,
    clientId: row.client_id ?? undefined,
    administratorId: row.administrator_id ?? undefined,
  };
}
