// Passkeys and security keys of a person: made, answered with, named, taken away; of customers and staff alike (ASVS 5.0
// V6.3.3, V6.5.1, V6.7.1). What is stored signs nobody in: public keys, and counters.

import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder, Spend } from '#domain/credentials/factor.ts';
import { tellFactorAdded, tellFactorRemoved } from '#domain/credentials/factor-changes.ts';
import { passkeyCopied } from '#domain/credentials/passkeys.events.ts';
import { passkeySignIn, passkeysForAdministrators, passkeysForUsers } from '#domain/credentials/passkeys.settings.ts';
import type { NewPasskey, StoredPasskey } from '#domain/credentials/passkeys.table.ts';
import {
  countPasskeys,
  deletePasskey,
  findPasskey,
  handleOf,
  insertHandle,
  insertPasskey,
  makeSecondOnly,
  noteUse,
  selectPasskeys,
  updateName,
} from '#domain/credentials/passkeys.table.ts';
import { authenticatorName } from '#domain/credentials/passkeys-authenticators.ts';
import type { Asking, Challenge } from '#domain/credentials/passkeys-challenge.ts';
import { CHALLENGE_MS, challengeFrom, newChallenge, spendChallenge } from '#domain/credentials/passkeys-challenge.ts';
import type { SignedAnswer, Verified } from '#domain/credentials/passkeys-response.ts';
import { ALGORITHMS, signedAnswerIn, verifyAnswer, verifyEnrolment } from '#domain/credentials/passkeys-response.ts';
import { canHavePasskeys, passkeySite } from '#domain/credentials/passkeys-site.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { constantTimeEqual, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

export type { StoredPasskey } from '#domain/credentials/passkeys.table.ts';

/** The factor's name, in a Proof and in addresses. */
export const PASSKEY = 'passkey';

/** As many one person may have: enough for every device, few enough for a list. */
export const MOST_PASSKEYS = 20;
/** The longest name of one, in characters. */
export const LONGEST_PASSKEY_NAME = 60;

/** Whether people of this kind may set up passkeys here. */
export async function arePasskeysOffered(ctx: Context, kind: FactorHolder['kind']): Promise<boolean> {
  const allowed = await settingOf(ctx, kind === 'user' ? passkeysForUsers : passkeysForAdministrators);
  return allowed && (await canHavePasskeys(ctx));
}

/** Whether a passkey alone signs people of this kind in. */
export async function doPasskeysSignIn(ctx: Context, kind: FactorHolder['kind']): Promise<boolean> {
  return (await settingOf(ctx, passkeySignIn)) && (await arePasskeysOffered(ctx, kind));
}

/** The passkeys of a person, the oldest first. */
export async function passkeysOf(ctx: Context, holder: FactorHolder): Promise<readonly StoredPasskey[]> {
  return selectPasskeys(ctx, holder);
}

/** A person's passkey of this id. Throws not-found, for another's too. */
export async function passkeyOf(ctx: Context, holder: FactorHolder, id: number): Promise<StoredPasskey> {
  const passkey = (await selectPasskeys(ctx, holder)).find((one) => one.id === id);
  if (!passkey) throw notFound('passkey-not-found');
  return passkey;
}

/** What a page asks the browser for: `options` are public and go to the authenticator, `token` comes back with its answer. */
export type Ceremony = { readonly token: string; readonly options: Readonly<Record<string, unknown>> };

/** What the authenticator shows beside our name. */
export type ShownName = { readonly name: string; readonly displayName: string };

/**
 * Asks for a new passkey of a person. One that can be found without a name is preferred (for signing in without a password),
 * and one that checks its person; a plain security key will do, as a second factor. No attestation: whoever made it is no
 * business of ours.
 */
export async function askForNew(ctx: Context, asking: Asking, shown: ShownName): Promise<Ceremony> {
  const holder = holderOf(asking);
  const handle = (await handleOf(ctx, holder)) ?? randomToken();
  const { token, challenge } = newChallenge(ctx, asking, handle);
  const [site, known] = [await passkeySite(ctx), await selectPasskeys(ctx, holder)];
  const options = {
    challenge,
    rp: { id: site.host, name: await settingOf(ctx, companyName) },
    user: { id: handle, ...shown },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: known.map(named),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    attestation: 'none',
    timeout: CHALLENGE_MS,
  };
  return { token, options };
}

/**
 * Asks for an answer of a passkey: at the front door of any that the browser has, so that the page tells nothing of who
 * exists; later of those of the person. Whether it has to check its person depends on what is asked (`needsVerification`).
 */
export async function askForAnswer(ctx: Context, asking: Asking): Promise<Ceremony> {
  const { token, challenge } = newChallenge(ctx, asking);
  const { host } = await passkeySite(ctx);
  const known = asking.whose ? await selectPasskeys(ctx, asking.whose) : [];
  const options = {
    challenge,
    rpId: host,
    allowCredentials: known.filter((one) => one.site === host).map(named),
    userVerification: needsVerification(asking) ? 'required' : 'preferred',
    timeout: CHALLENGE_MS,
  };
  return { token, options };
}

/** A new passkey that was verified, and what is spent when it is stored. */
export type Enrolment = { readonly made: NewPasskey; readonly challenge: Challenge };

/** Verifies what came back for `askForNew`, outside of a transaction. Throws invalid with the field `form`. */
export async function checkNew(ctx: Context, asking: Asking, token: string, response: string): Promise<Enrolment> {
  const challenge = challengeFrom(ctx, asking, token);
  if (!challenge) throw invalid({ form: 'passkey-expired' });
  const made = await verifyEnrolment(ctx, await passkeySite(ctx), challenge, response);
  if (!made) throw invalid({ form: 'passkey-not-made' });
  return { made, challenge };
}

/**
 * Stores a verified passkey and tells of it. `name`: as typed; empty for what its maker is called, else `otherwise`.
 * `keepSessionId`: the session that stays. Answers the factor's name. Throws invalid by field, or conflict `passkeys-too-many`.
 */
export async function addPasskey(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  { made, challenge }: Enrolment,
  given: { readonly name: string; readonly otherwise: string; readonly keepSessionId: number | undefined },
): Promise<string> {
  const name = nameFrom(given.name) || authenticatorName(made.authenticator) || nameFrom(given.otherwise);
  if (!(await spendChallenge(tx, challenge))) throw invalid({ form: 'passkey-expired' });
  await insertHandle(tx, holder, challenge.handle);
  // Another page was quicker with the first passkey of this person: this one knows them by a name that nobody keeps.
  if ((await handleOf(tx, holder)) !== challenge.handle) throw invalid({ form: 'passkey-expired' });
  if ((await countPasskeys(tx, holder)) >= MOST_PASSKEYS) throw conflict('passkeys-too-many', { most: MOST_PASSKEYS });
  const id = await insertPasskey(tx, holder, made, name);
  if (id === undefined) throw invalid({ form: 'passkey-known' });
  await note(tx, actor, holder, 'added', { passkey: id, name });
  await tellFactorAdded(tx, actor, holder, PASSKEY, given.keepSessionId);
  return PASSKEY;
}

/** Gives a passkey another name. Throws invalid with the field `name`, or not-found. */
export async function renamePasskey(
  ctx: Context,
  actor: Actor,
  holder: FactorHolder,
  id: number,
  typed: string,
): Promise<void> {
  const name = nameFrom(typed);
  if (name === '') throw invalid({ name: 'passkey-name-missing' });
  await ctx.transaction(async (tx) => {
    if (!(await updateName(tx, holder, id, name))) throw notFound('passkey-not-found');
    await note(tx, actor, holder, 'renamed', { passkey: id, name });
  });
}

/** Takes a person's own passkey away and tells of it; every other session of theirs ends. Throws not-found. */
export async function removePasskey(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  id: number,
  keepSessionId: number,
): Promise<void> {
  const { name } = await passkeyOf(tx, holder, id);
  if (!(await deletePasskey(tx, holder, id))) throw notFound('passkey-not-found');
  await note(tx, actor, holder, 'removed', { passkey: id, name });
  await tellFactorRemoved(tx, actor, holder, PASSKEY, { by: 'self', keepSessionId });
}

/**
 * Lets the passkeys that a user has stand beside a password alone: after a reset by letter of an address that was never proved,
 * they may be of whoever opened the account with it (account pre-hijacking), or of whoever had it before its owner put the address
 * back. They are not taken away: a reset takes no factor.
 */
export async function holdPasskeysBack(tx: Context, userId: number): Promise<void> {
  await makeSecondOnly(tx, userId);
}

/** What an answer came to: wrong, or whose it is and how it is spent inside the transaction that rests on it. */
export type AnswerCheck =
  | { readonly is: 'wrong'; readonly why: 'expired' | 'unknown' | 'wrong' | 'not-verified' | 'copied' }
  | { readonly is: 'right'; readonly holder: FactorHolder; readonly spend: Spend };

/**
 * Looks whether an answer is right, outside of a transaction. Where `asking` names a person it has to be a passkey of theirs;
 * at the front door it is one of whoever its authenticator says, and both have to agree.
 */
export async function checkAnswer(ctx: Context, asking: Asking, token: string, response: string): Promise<AnswerCheck> {
  const challenge = challengeFrom(ctx, asking, token);
  if (!challenge) return { is: 'wrong', why: 'expired' };
  const answer = signedAnswerIn(response);
  const passkey = answer && (await findPasskey(ctx, answer.credentialId));
  if (!answer) return { is: 'wrong', why: 'unknown' };
  const isTheirs = passkey !== undefined && (await belongs(ctx, asking, passkey, answer));
  // The same work, whether there is such a passkey or not (ASVS 5.0 V6.3.8).
  const key = isTheirs ? passkey : { credentialId: answer.credentialId, publicKey: NOBODYS_KEY };
  const verified = await verifyAnswer(ctx, await passkeySite(ctx), challenge, answer, key);
  if (!isTheirs) return { is: 'wrong', why: 'unknown' };
  if (!verified) return { is: 'wrong', why: 'wrong' };
  if (needsVerification(asking) && !verified.verifiedPerson) return { is: 'wrong', why: 'not-verified' };
  if (stoodStill(passkey, verified)) return copied(ctx, passkey, challenge);
  const spend = async (tx: Context): Promise<boolean> =>
    (await spendChallenge(tx, challenge)) && noteUse(tx, passkey.id, verified, asking.purpose === 'sign-in');
  return { is: 'right', holder: passkey.holder, spend };
}

/** Beside a password, having it is enough; alone, or where a session is not trusted any more, it has to check its person. */
function needsVerification({ purpose }: Asking): boolean {
  return purpose === 'sign-in' || purpose === 'step-up';
}

/** Whether a passkey is one that `asking` may be answered by; what the authenticator says of whose it is has to fit. */
async function belongs(
  ctx: Context,
  { side, whose, purpose }: Asking,
  { holder, secondOnly }: StoredPasskey,
  { handle }: SignedAnswer,
): Promise<boolean> {
  if (holder.kind !== side || (whose && whose.id !== holder.id)) return false;
  if (purpose === 'sign-in' && secondOnly) return false;
  if (handle === undefined) return whose !== undefined;
  return constantTimeEqual(handle, (await handleOf(ctx, holder)) ?? '');
}

/** The counter of a key goes forward with each use, unless it counts nothing (WebAuthn level 3, 7.2, step 22). */
function stoodStill(stored: StoredPasskey, { signCount }: Verified): boolean {
  return (signCount > 0 || stored.signCount > 0) && signCount <= stored.signCount;
}

/**
 * The key answered rightly and its counter did not go forward: one of two holders of the same key. Refused, noted and told,
 * once for each challenge, so that an answer that is sent twice is no alarm.
 */
async function copied(ctx: Context, passkey: StoredPasskey, challenge: Challenge): Promise<AnswerCheck> {
  const { holder, id, name } = passkey;
  const isFresh = await ctx.transaction(async (tx) => {
    if (!(await spendChallenge(tx, challenge))) return false;
    await note(tx, systemActor('Sign-in protection'), holder, 'copied', { passkey: id, name });
    await tx.bus.announce(tx, passkeyCopied, { holder, passkeyId: id, name });
    return true;
  });
  return { is: 'wrong', why: isFresh ? 'copied' : 'wrong' };
}

const NOTES = {
  added: 'A passkey was added',
  renamed: 'A passkey got another name',
  removed: 'A passkey was removed',
  copied: 'A passkey was refused: its counter did not go forward, so its key may have been copied',
} as const;

async function note(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  what: keyof typeof NOTES,
  details: { readonly passkey: number; readonly name: string },
): Promise<void> {
  await audit(tx, actor, {
    event: `${holder.kind === 'user' ? 'user' : 'admin'}.passkey.${what}`,
    description: `${NOTES[what]}: ${details.name}`,
    ...(holder.kind === 'user' ? { userId: holder.id } : { administratorId: holder.id }),
    details,
  });
}

function nameFrom(typed: string): string {
  return oneLine(typed).slice(0, LONGEST_PASSKEY_NAME).trim();
}

function named({ credentialId, transports }: StoredPasskey): Readonly<Record<string, unknown>> {
  return { type: 'public-key', id: credentialId, transports };
}

function holderOf({ whose }: Asking): FactorHolder {
  if (!whose) throw new Error('a passkey is set up by somebody');
  return whose;
}

/** A P-256 key in COSE form (RFC 9053, 7.1) whose private half was thrown away. */
const NOBODYS_KEY =
  'pQECAyYgASFYIGtjD-8zrHBgF1QM_eBLLFfQ6eFsIggziDlJ-jgA0vNWIlggUCePH1hsc0WevaLje5-mMJAho-ri-PkebitdFDrLS_E';
