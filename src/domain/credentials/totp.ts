// Authenticator apps of a person: several, named. A seed is shown once, while it is set up, and sealed from then on; a code of
// it is spent once (ASVS 5.0 V6.5.1; RFC 6238 section 5.2).

import type { Actor } from '#domain/audit/actor.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { tellFactorAdded, tellFactorRemoved } from '#domain/credentials/factor-changes.ts';
import type { AuthenticatorRow } from '#domain/credentials/totp.table.ts';
import {
  authenticatorRows,
  deleteAuthenticator,
  insertAuthenticator,
  renameAuthenticatorRow,
  spendStep,
} from '#domain/credentials/totp.table.ts';
import { freshSeed, seedAddress, stepOfCode } from '#domain/credentials/totp-code.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The factor's name. */
export const TOTP = 'totp';
/** So many a person may have: one for each of their devices, and a few more. */
export const MOST_AUTHENTICATORS = 10;
/** So long its name may be. */
export const MOST_IN_NAME = 60;
/** For how long a seed that was shown may be confirmed by its first code. */
export const SET_UP_MS: number = minutes(30);

/** An authenticator as its person sees it. */
export type Authenticator = {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
};

/** The authenticators of a person, the oldest first. */
export async function authenticatorsOf(ctx: Context, holder: FactorHolder): Promise<readonly Authenticator[]> {
  return (await authenticatorRows(ctx, holder)).map(authenticatorFrom);
}

/** One of a person's authenticators. Throws not-found: another's is as little there as one that does not exist. */
export async function authenticatorOf(ctx: Context, holder: FactorHolder, id: number): Promise<Authenticator> {
  const found = (await authenticatorsOf(ctx, holder)).find((one) => one.id === id);
  if (!found) throw notFound('authenticator-not-found');
  return found;
}

/** A seed to be set up: what is shown of it, and `draft`, by which the page hands it back without being able to make one. */
export type SeedDraft = { readonly seed: string; readonly address: string; readonly draft: string };

/**
 * Begins setting up an authenticator: nothing is stored. The draft is sealed and good in this browser, for this person, for
 * half an hour and once. `label`: what the app shows beside the company. Whoever looks at the page a second time gets
 * another seed, so that one that somebody else saw is not the one that is set up.
 */
export async function draftAuthenticator(
  ctx: Context,
  whose: { readonly holder: FactorHolder; readonly browser: string; readonly label: string },
): Promise<SeedDraft> {
  const seed = await freshSeed();
  const draft = ctx.seal.seal(DRAFT, JSON.stringify({ seed, until: ctx.now() + SET_UP_MS }), boundTo(whose));
  return { seed, draft, address: await addressOf(ctx, seed, whose.label) };
}

/** The draft of a form that was refused, to be shown again; undefined when it holds no more, or is not this person's. */
export async function draftAgain(
  ctx: Context,
  whose: { readonly holder: FactorHolder; readonly browser: string; readonly label: string },
  draft: string,
): Promise<SeedDraft | undefined> {
  const opened = openDraft(ctx, whose, draft);
  return opened && { seed: opened.seed, draft, address: await addressOf(ctx, opened.seed, whose.label) };
}

/** A seed whose first code was right. */
export type ConfirmedSeed = { readonly seed: string; readonly step: number; readonly until: number };

/**
 * Looks at the first code of a seed that is set up: it shows that the app has it. Throws invalid with the field `code`, or
 * not-allowed `set-up-over` when the draft is not ours, of somebody else, or too old.
 */
export async function confirmDraft(
  ctx: Context,
  whose: { readonly holder: FactorHolder; readonly browser: string },
  draft: string,
  code: string,
): Promise<ConfirmedSeed> {
  const opened = openDraft(ctx, whose, draft);
  if (!opened) throw notAllowed('set-up-over');
  if (code === '') throw invalid({ code: 'code-missing' });
  const step = await stepOfCode(opened.seed, code, ctx.now(), -1);
  if (step === undefined) throw invalid({ code: 'first-code-wrong' });
  return { ...opened, step };
}

/**
 * Stores an authenticator: its first code is spent, and so is the draft. Call it in the transaction that holds the person.
 * `keepSessionId`: their session that does it. Throws conflict `too-many-authenticators`, or not-allowed `set-up-over`.
 */
export async function addAuthenticator(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  given: { readonly name: string; readonly confirmed: ConfirmedSeed; readonly keepSessionId: number | undefined },
): Promise<string> {
  const { seed, step, until } = given.confirmed;
  if (!(await spendOnce(tx, `authenticator ${fingerprint(seed)}`, until))) throw notAllowed('set-up-over');
  if ((await authenticatorRows(tx, holder)).length >= MOST_AUTHENTICATORS)
    throw conflict('too-many-authenticators', { most: MOST_AUTHENTICATORS });
  await insertAuthenticator(tx, {
    user_id: holder.kind === 'user' ? holder.id : null,
    administrator_id: holder.kind === 'administrator' ? holder.id : null,
    name: oneLine(given.name).slice(0, MOST_IN_NAME),
    sealed_secret: tx.seal.seal(SEED, seed, nameOf(holder)),
    last_step: step,
    created_at: tx.now(),
    last_used_at: null,
  });
  await tellFactorAdded(tx, actor, holder, TOTP, given.keepSessionId);
  return TOTP;
}

/** Gives an authenticator another name. Throws invalid with the field `name`, or not-found. */
export async function renameAuthenticator(ctx: Context, holder: FactorHolder, id: number, name: string): Promise<void> {
  const fresh = oneLine(name);
  if (fresh === '') throw invalid({ name: 'authenticator-name-missing' });
  if (fresh.length > MOST_IN_NAME) throw invalid({ name: 'authenticator-name-long' });
  if (!(await renameAuthenticatorRow(ctx, holder, id, fresh))) throw notFound('authenticator-not-found');
}

/** Takes away one of a person's own authenticators. Call it by `loseFactor` (login/own-factors.ts). Throws not-found. */
export async function removeAuthenticator(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  id: number,
  keepSessionId: number | undefined,
): Promise<void> {
  if (!(await deleteAuthenticator(tx, holder, id))) throw notFound('authenticator-not-found');
  await tellFactorRemoved(tx, actor, holder, TOTP, { by: 'self', keepSessionId });
}

/** How a code of one of a person's authenticators would be spent; undefined when it is no unspent code of any. */
export async function spendingOfCode(
  ctx: Context,
  holder: FactorHolder,
  code: string,
): Promise<((tx: Context) => Promise<boolean>) | undefined> {
  for (const row of await authenticatorRows(ctx, holder)) {
    const seed = ctx.seal.open(SEED, row.sealed_secret, nameOf(holder));
    if (seed === undefined) {
      ctx.log.error(
        { authenticator: row.id },
        'the seed of an authenticator was not sealed by this installation for its person',
      );
      continue;
    }
    const step = await stepOfCode(seed, code, ctx.now(), row.last_step);
    if (step !== undefined) return (tx) => spendStep(tx, row.id, step);
  }
  return undefined;
}

const SEED = 'authenticator';
const DRAFT = 'authenticator-draft';

/** A seed is sealed for its person: moved to another row, it opens no more. */
function nameOf({ kind, id }: FactorHolder): string {
  return `${kind} ${id}`;
}

function boundTo({ holder, browser }: { readonly holder: FactorHolder; readonly browser: string }): string {
  return `${nameOf(holder)}|${browser}`;
}

function openDraft(
  ctx: Context,
  whose: { readonly holder: FactorHolder; readonly browser: string },
  draft: string,
): { readonly seed: string; readonly until: number } | undefined {
  const text = ctx.seal.open(DRAFT, draft, boundTo(whose));
  if (text === undefined) return undefined;
  const opened: { seed: string; until: number } = JSON.parse(text); // sealed by draftAuthenticator
  return opened.until > ctx.now() ? opened : undefined;
}

/** A colon parts the company from the person in the address, so neither may have one. */
async function addressOf(ctx: Context, seed: string, label: string): Promise<string> {
  const issuer = (await settingOf(ctx, companyName)).replaceAll(':', ' ').trim() || 'Doorward';
  return seedAddress(seed, { issuer, label: label.replaceAll(':', ' ') });
}

function authenticatorFrom(row: AuthenticatorRow): Authenticator {
  return { id: row.id, name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at ?? undefined };
}
