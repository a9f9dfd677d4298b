// E-mail addresses that nobody may come in with (behaviours.md 5.1): single ones, whole domains with all below them, and the
// kept list of providers that give an address to anybody for ten minutes. Asked for new people and clients, invitations and
// changes of an address; whoever is here already stays.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { disposableExceptions, refuseDisposable } from '#domain/guard/banned-emails.settings.ts';
import type { BannedEmailKind, BannedEmailRow } from '#domain/guard/banned-emails.table.ts';
import {
  bannedEmailRows,
  countDisposableHit,
  countHit,
  deleteBannedEmail,
  disposableHits,
  findBannedEmail,
  insertBannedEmail,
} from '#domain/guard/banned-emails.table.ts';
import { domainAndAbove, mailAddressParts, mailDomain } from '#domain/guard/mail-domain.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A refused domain or address. */
export type BannedEmail = {
  readonly id: number;
  readonly pattern: string;
  readonly kind: BannedEmailKind;
  readonly note: string;
  readonly hits: number;
  readonly lastHitAt: number | undefined;
  readonly createdAt: number;
};

/**
 * Refuses an address that nobody may come in with: throws invalid with the field `email` (or the one named). Each refusal is
 * counted in the statement that finds it, so ask outside of the transaction that it would undo.
 */
export async function requireAllowedAddress(ctx: Context, address: string, field = 'email'): Promise<void> {
  if (await isRefused(ctx, address)) throw invalid({ [field]: 'email-banned' });
}

/** Whether an address is refused; counted when it is. What is no address is no matter of this. */
export async function isRefused(ctx: Context, address: string): Promise<boolean> {
  const parts = mailAddressParts(address);
  if (!parts) return false;
  const domains = domainAndAbove(parts.domain);
  if ((await countHit(ctx, [...addressForms(parts), ...domains])) !== undefined) return true;
  if (!(await settingOf(ctx, refuseDisposable))) return false;
  const exceptions = await settingOf(ctx, disposableExceptions);
  if (domains.some((domain) => exceptions.includes(domain))) return false;
  const list = await disposableDomains();
  if (!domains.some((domain) => list.has(domain))) return false;
  await countDisposableHit(ctx);
  return true;
}

/** Refuses from now on a domain with all below it (`example.com`, `*.example.com`) or an address. Throws invalid by field, or conflict. */
export async function banEmail(
  ctx: Context,
  actor: Actor,
  given: { readonly pattern: string; readonly note: string },
): Promise<number> {
  const read = patternIn(given.pattern);
  if (!read) throw invalid({ pattern: 'email-pattern-invalid' });
  if (given.note.length > 500) throw invalid({ note: 'too-long' });
  return ctx.transaction(async (tx) => {
    const id = await insertBannedEmail(tx, {
      ...read,
      note: oneLine(given.note),
      hits: 0,
      last_hit_at: null,
      created_at: tx.now(),
    });
    if (id === undefined) throw conflict('email-pattern-listed');
    await audit(tx, actor, {
      event: 'ban.email.added',
      description: `The e-mail ${read.kind} ${read.pattern} was banned`,
    });
    return id;
  });
}

/** Lets a domain or address in again. Throws not-found. */
export async function unbanEmail(ctx: Context, actor: Actor, id: number): Promise<string> {
  return ctx.transaction(async (tx) => {
    const pattern = await deleteBannedEmail(tx, id);
    if (pattern === undefined) throw notFound('banned-email-not-found');
    await audit(tx, actor, { event: 'ban.email.removed', description: `The ban of the e-mail ${pattern} was lifted` });
    return pattern;
  });
}

/** A page of what is refused, the newest first; searched by any part of it. */
export async function pageOfBannedEmails(
  ctx: Context,
  search: string,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<BannedEmail>> {
  const page = { limit: size + 1, olderThan: place.after, newerThan: place.before };
  const read = (await bannedEmailRows(ctx, comparable(search).slice(0, 254), page)).map(bannedFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** One of them. Throws not-found. */
export async function bannedEmailOf(ctx: Context, id: number): Promise<BannedEmail> {
  const row = await findBannedEmail(ctx, id);
  if (!row || row.kind === 'disposable') throw notFound('banned-email-not-found');
  return bannedFrom(row);
}

/** Whether the list of disposable providers is asked, how many domains it holds and how often it refused somebody. */
export async function disposableState(
  ctx: Context,
): Promise<{ readonly on: boolean; readonly domains: number; readonly hits: number }> {
  const [on, list, hits] = [
    await settingOf(ctx, refuseDisposable),
    await disposableDomains(),
    await disposableHits(ctx),
  ];
  return { on, domains: list.size, hits };
}

/** The address itself, and without what follows a plus: the same mailbox under another name. */
function addressForms({ local, domain }: { local: string; domain: string }): string[] {
  const [bare = ''] = local.split('+');
  return bare === '' || bare === local ? [`${local}@${domain}`] : [`${local}@${domain}`, `${bare}@${domain}`];
}

function patternIn(text: string): { pattern: string; kind: 'domain' | 'address' } | undefined {
  const plain = text.trim();
  if (/^[^@]+@/.test(plain)) {
    const parts = mailAddressParts(plain);
    return parts && { pattern: `${parts.local}@${parts.domain}`, kind: 'address' };
  }
  const domain = mailDomain(plain);
  return domain === undefined ? undefined : { pattern: domain, kind: 'domain' };
}

let disposable: Promise<ReadonlySet<string>> | undefined;

/** The kept list, read at its first use: most installations never ask it. */
function disposableDomains(): Promise<ReadonlySet<string>> {
  disposable ??= import('disposable-email-domains-js').then((list) => list.disposableEmailBlocklistSet());
  return disposable;
}

function bannedFrom(row: BannedEmailRow): BannedEmail {
  return {
    id: row.id,
    pattern: row.pattern,
    kind: row.kind,
    note: row.note,
    hits: row.hits,
    lastHitAt: row.last_hit_at ?? undefined,
    createdAt: row.created_at,
  };
}
