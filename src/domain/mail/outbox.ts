// Putting letters in the outbox, in the transaction of what they tell of, and reading the history.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Letter, Stationery } from '#domain/mail/letter.ts';
import { letterHtml, letterText, masked } from '#domain/mail/letter.ts';
import type { LetterRow, LetterState, ListedLetterRow } from '#domain/mail/letters.table.ts';
import {
  countLetterRows,
  expireLettersOf,
  findLetter,
  hastenLetterRow,
  insertLetter,
  letterIdsAround,
  letterRows,
  letterRowsAt,
  lettersPage,
} from '#domain/mail/letters.table.ts';
import { mailSignature } from '#domain/mail/mail.settings.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing.ts';
import { COUNT_CAP } from '#kit/listing.ts';
import { conflict, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What a sealed letter holds while it waits. */
export type SealedLetter = { readonly name: string; readonly html: string; readonly text: string };

const PURPOSE = 'letter';

/** Queues a letter. It leaves only if the transaction is committed. Answers its id. */
export async function queueLetter(tx: Context, letter: Letter): Promise<number> {
  const stationery = await stationeryOf(tx);
  const live: SealedLetter = {
    name: oneLine(letter.to.name),
    html: letterHtml(letter, stationery),
    text: letterText(letter, stationery),
  };
  const kept = masked(letter);
  return insertLetter(tx, {
    created_at: tx.now(),
    kind: letter.kind,
    language: letter.language,
    to_address: letter.to.address,
    subject: oneLine(letter.subject),
    sealed: tx.seal.seal(PURPOSE, JSON.stringify(live), letter.to.address),
    kept_html: letterHtml(kept, stationery),
    kept_text: letterText(kept, stationery),
    user_id: letter.userId ?? null,
    client_id: letter.clientId ?? null,
    administrator_id: letter.administratorId ?? null,
    state: 'waiting',
    next_attempt_at: tx.now(),
    leased_until: null,
    expires_at: letter.expiresAt,
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

async function stationeryOf(tx: Context): Promise<Stationery> {
  return { companyName: await settingOf(tx, companyName), signature: await settingOf(tx, mailSignature) };
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
