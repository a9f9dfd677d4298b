// Backup codes: ten, each good once in place of a second factor that is lost (behaviours.md, section 15, number 8). Sixty
// random bits each (ASVS 5.0 V6.5.3, V6.5.4 ask for twenty), kept as a slow hash of what the installation's key makes of the
// code (V6.5.2), so that a stolen database does not even allow guessing.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { backupCodesMade, backupCodeUsed } from '#domain/credentials/backup-codes.events.ts';
import {
  countBackupCodes,
  findBackupCode,
  putBackupCodes,
  spendBackupCode,
} from '#domain/credentials/backup-codes.table.ts';
import type { FactorHolder, Spend } from '#domain/credentials/factor.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, notAllowed } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** The factor's name. */
export const BACKUP_CODE = 'backup-code';
/** So many are made at a time. */
export const BACKUP_CODES = 10;
/** At so many left, or fewer, their person is told that they run out. */
export const FEW_BACKUP_CODES = 3;
/** For how long codes that were shown may be taken on. */
export const BACKUP_DRAFT_MS: number = minutes(30);

/** Letters and digits that nobody takes for another: 32 of them, five bits each. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
/** Twelve beside the four that name the row. */
const LENGTH = 16;
const BEGINNING = 4;

/** What a person has: how many are left, and since when. */
export async function backupCodesOf(
  ctx: Context,
  holder: FactorHolder,
): Promise<{ readonly left: number; readonly madeAt: number | undefined }> {
  return countBackupCodes(ctx, holder);
}

/** Codes that are shown and not stored yet, and `draft`, by which the page hands them back without being able to make any. */
export type CodesDraft = { readonly codes: readonly string[]; readonly draft: string };

/**
 * Draws ten codes to be shown; nothing is stored, and older ones go on working, until the person has kept them. The draft
 * is sealed and good in this browser, for this person, for half an hour and once.
 */
export function draftBackupCodes(ctx: Context, holder: FactorHolder, browser: string): CodesDraft {
  const codes = new Map<string, string>();
  while (codes.size < BACKUP_CODES) {
    const code = freshCode();
    codes.set(code.slice(0, BEGINNING), code);
  }
  const until = ctx.now() + BACKUP_DRAFT_MS;
  const drawn = [...codes.values()];
  const draft = ctx.seal.seal(DRAFT, JSON.stringify({ codes: drawn, until }), boundTo(holder, browser));
  return { codes: drawn.map(asShown), draft };
}

/** Codes ready to be stored. */
export type SealedCodes = {
  readonly rows: readonly { readonly beginning: string; readonly hash: string }[];
  readonly draft: string;
  readonly until: number;
};

/** Seals the codes of a draft: slow, so before any transaction. Throws not-allowed `codes-over` when it is not ours, or too old. */
export async function sealBackupCodes(
  ctx: Context,
  whose: { readonly holder: FactorHolder; readonly browser: string },
  draft: string,
): Promise<SealedCodes> {
  const opened = openDraft(ctx, whose, draft);
  if (!opened) throw notAllowed('codes-over');
  const rows: { beginning: string; hash: string }[] = [];
  // One after the other: nobody who signs in waits for ten of somebody else's.
  for (const code of opened.codes)
    rows.push({ beginning: code.slice(0, BEGINNING), hash: await ctx.passwords.seal(keyed(ctx, whose.holder, code)) });
  return { rows, draft, until: opened.until };
}

/**
 * Stores sealed codes in place of all that the person had. Call it in a transaction that holds the person. Throws
 * not-allowed `codes-over` when they were stored already, or conflict `factor-first` where they would stand in for nothing.
 */
export async function keepBackupCodes(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  { rows, draft, until }: SealedCodes,
): Promise<void> {
  if (!(await spendOnce(tx, `backup codes ${fingerprint(draft)}`, until))) throw notAllowed('codes-over');
  if (!(await hasSecondFactor(tx, holder))) throw conflict('factor-first');
  const before = await countBackupCodes(tx, holder);
  await putBackupCodes(tx, holder, rows);
  await audit(tx, actor, {
    event: `${holder.kind === 'user' ? 'user' : 'admin'}.2fa.backup_codes_made`,
    description: `${rows.length} backup codes were made; older ones open nothing any more`,
    ...(holder.kind === 'user' ? { userId: holder.id } : { administratorId: holder.id }),
  });
  await tx.bus.announce(tx, backupCodesMade, { holder, left: rows.length, isFirst: before.madeAt === undefined });
}

/** How a code would be spent; undefined when it is none of this person's. One hash at the most. */
export async function spendingOfBackupCode(
  ctx: Context,
  holder: FactorHolder,
  text: string,
): Promise<Spend | undefined> {
  const code = text.toLowerCase().replace(/[\s-]/g, '');
  if (code.length !== LENGTH || [...code].some((letter) => !LETTERS.includes(letter))) return undefined;
  const row = await findBackupCode(ctx, holder, code.slice(0, BEGINNING));
  if (!row || !(await ctx.passwords.check(keyed(ctx, holder, code), row.hash)).matches) return undefined;
  return async (tx) => {
    if (!(await spendBackupCode(tx, row.id))) return false;
    const { left } = await countBackupCodes(tx, holder);
    await tx.bus.announce(tx, backupCodeUsed, { holder, left });
    return true;
  };
}

const DRAFT = 'backup-codes-draft';

function freshCode(): string {
  const bytes = Buffer.from(randomToken(LENGTH), 'base64url');
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** In groups of four, as they are read and typed. */
function asShown(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What is hashed: nobody without the installation's key can try a code against the hash, nor move it to another person. */
function keyed(ctx: Context, { kind, id }: FactorHolder, code: string): string {
  return ctx.seal.sign('backup-code', `${kind} ${id}|${code}`);
}

function boundTo({ kind, id }: FactorHolder, browser: string): string {
  return `${kind} ${id}|${browser}`;
}

function openDraft(
  ctx: Context,
  { holder, browser }: { readonly holder: FactorHolder; readonly browser: string },
  draft: string,
): { readonly codes: readonly string[]; readonly until: number } | undefined {
  const text = ctx.seal.open(DRAFT, draft, boundTo(holder, browser));
  if (text === undefined) return undefined;
  const opened: { codes: string[]; until: number } = JSON.parse(text); // sealed by draftBackupCodes
  return opened.until > ctx.now() ? opened : undefined;
}
