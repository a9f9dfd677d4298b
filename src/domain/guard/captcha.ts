// Showing that one is a person, where the operator asks for it: by a proof of work in the browser (ALTCHA: nobody else is
// asked), by the captcha of another, or by a question for those without scripts. A captcha slows abuse down; the limits of
// each door hold with and without it. Programs at the API and single sign-on are not asked (behaviours.md 3.6).

import type { Payload } from 'altcha-lib';
import type { CaptchaForm } from '#domain/guard/captcha.settings.ts';
import {
  captchaForms,
  captchaProtection,
  captchaQuestion,
  captchaScore,
  captchaSecretKey,
  captchaSiteKey,
  captchaType,
} from '#domain/guard/captcha.settings.ts';
import type { CaptchaProvider } from '#domain/guard/captcha-providers.ts';
import { askProvider, findProvider } from '#domain/guard/captcha-providers.ts';
import type { Question } from '#domain/guard/captcha-question.ts';
import { makeQuestion, takeAnswer } from '#domain/guard/captcha-question.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, usesSoFar } from '#domain/guard/limits.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import { secretOf, settingOf } from '#domain/settings/settings.ts';
import { networkName } from '#kit/address.ts';
import { hours, minutes } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What a form shows. `challenge` is JSON for our script; a provider's widget needs the site key. */
export type Captcha = { readonly question: Question | undefined } & (
  | { readonly kind: 'altcha'; readonly challenge: string }
  | { readonly kind: CaptchaProvider; readonly siteKey: string; readonly action: string }
);

/** Who is at the form. */
export type CaptchaVisitor = { readonly ip: string; readonly isSignedIn: boolean };

/** Three failures from a network within an hour, and it is asked, until the hour is over. */
const FAILURES: Limit = { name: 'captcha-failures', most: 3, withinMs: hours(1) };

/** A proof is some 250 derivations of 2,000 rounds: half a second of a desk's browser, a few of an old phone's. */
const WORK = { algorithm: 'PBKDF2/SHA-256', cost: 2000, keyLength: 32, keyPrefix: '00' } as const;
const HOLDS_MS = minutes(30);

/** The captcha of a form, where one is due; made anew at each call. */
export async function captchaFor(
  ctx: Context,
  form: CaptchaForm,
  visitor: CaptchaVisitor,
): Promise<Captcha | undefined> {
  if (!(await isDue(ctx, form, visitor))) return undefined;
  const question = (await settingOf(ctx, captchaQuestion)) ? makeQuestion(ctx, form) : undefined;
  const provider = await chosenProvider(ctx);
  if (provider) return { kind: provider.kind, siteKey: provider.siteKey, action: actionOf(form), question };
  return { kind: 'altcha', challenge: await makeChallenge(ctx, form), question };
}

/** What a form sent: `text` gives a field. */
export type SentCaptcha = CaptchaVisitor & { readonly text: (name: string) => string };

/**
 * Refuses a form that had to show a person and did not: invalid `captcha-missing`, `captcha-over` (too old, or used before),
 * `captcha-refused`, or with the field `captchaAnswer`; too-many; unavailable `captcha-unavailable` when the provider cannot
 * be asked. What was shown is spent.
 */
export async function requireCaptcha(ctx: Context, form: CaptchaForm, sent: SentCaptcha): Promise<void> {
  if (!(await isDue(ctx, form, sent))) return;
  const answer = sent.text('captchaAnswer');
  if (answer.trim() !== '' && (await settingOf(ctx, captchaQuestion)))
    return takeAnswer(ctx, form, { token: sent.text('captchaQuestion'), answer, ip: sent.ip });
  const provider = await chosenProvider(ctx);
  if (provider) return requireProvider(ctx, form, provider, sent.text);
  return requireWork(ctx, form, sent.text('captcha'));
}

/** Notes what may make a captcha due, where that goes by failures: something refused, or done that must not be done often. */
export async function noteForCaptcha(ctx: Context, ip: string): Promise<void> {
  if ((await settingOf(ctx, captchaProtection)) === 'after-failures') await countUse(ctx, FAILURES, networkName(ip));
}

async function isDue(ctx: Context, form: CaptchaForm, { ip, isSignedIn }: CaptchaVisitor): Promise<boolean> {
  const protection = await settingOf(ctx, captchaProtection);
  if (protection === 'off' || !(await settingOf(ctx, captchaForms)).includes(form)) return false;
  if (protection === 'visitors') return !isSignedIn;
  if (protection === 'after-failures') return (await usesSoFar(ctx, FAILURES, networkName(ip))).count >= FAILURES.most;
  return true;
}

type ChosenProvider = { readonly kind: CaptchaProvider; readonly siteKey: string; readonly secret: string };

/** The provider by the settings. Without its keys nobody could pass it, staff included: then our own check holds. */
async function chosenProvider(ctx: Context): Promise<ChosenProvider | undefined> {
  const kind = findProvider(await settingOf(ctx, captchaType));
  if (!kind) return undefined;
  const [siteKey, secret] = await Promise.all([settingOf(ctx, captchaSiteKey), secretOf(ctx, captchaSecretKey)]);
  return siteKey === '' || secret === undefined ? undefined : { kind, siteKey, secret };
}

/** Providers take letters, digits and underscores. */
function actionOf(form: CaptchaForm): string {
  return form.replaceAll('-', '_');
}

async function requireProvider(
  ctx: Context,
  form: CaptchaForm,
  provider: ChosenProvider,
  text: (name: string) => string,
): Promise<void> {
  const token = text(tokenField(provider.kind));
  if (token === '') throw new Problem('invalid', 'captcha-missing');
  // The providers hold a token to one use as well; here it holds whatever they do.
  if (!(await spendOnce(ctx, `captcha ${provider.kind} ${token}`, ctx.now() + HOLDS_MS)))
    throw new Problem('invalid', 'captcha-over');
  const answer = await askProvider(provider.kind, {
    secret: provider.secret,
    token,
    action: actionOf(form),
    host: await publicHost(ctx),
    score: await settingOf(ctx, captchaScore),
  });
  if (answer.is === 'unavailable') {
    ctx.log.error(
      { provider: provider.kind, why: answer.why },
      'a captcha could not be checked: forms that ask are closed',
    );
    throw new Problem('unavailable', 'captcha-unavailable');
  }
  if (answer.is === 'refused') throw new Problem('invalid', 'captcha-refused');
}

/** The field that the provider's own widget puts into the form. */
function tokenField(provider: CaptchaProvider): string {
  switch (provider) {
    case 'turnstile':
      return 'cf-turnstile-response';
    case 'hcaptcha':
      return 'h-captcha-response';
    case 'recaptcha':
      return 'g-recaptcha-response';
    case 'recaptcha-v3':
      return 'captcha'; // our script asks for it when the form is sent
  }
}

/** Where the widget must have been solved. An installation that is only tried out, on this machine, has any. */
async function publicHost(ctx: Context): Promise<string | undefined> {
  const origin = await publicOrigin(ctx);
  return isLoopbackOrigin(origin) ? undefined : new URL(origin).hostname;
}

async function makeChallenge(ctx: Context, form: CaptchaForm): Promise<string> {
  const { createChallenge } = await import('altcha-lib');
  const challenge = await createChallenge({
    ...WORK,
    deriveKey: await derivation(),
    hmacSignatureSecret: signingKey(ctx),
    data: { form, at: ctx.now() },
  });
  return JSON.stringify(challenge);
}

/** Signed by us, for this form, young enough, solved, and for the first time. In this order: what is forged costs nothing. */
async function requireWork(ctx: Context, form: CaptchaForm, sent: string): Promise<void> {
  if (sent === '') throw new Problem('invalid', 'captcha-missing');
  const payload = payloadIn(sent);
  if (!payload) throw new Problem('invalid', 'captcha-refused');
  const { parameters } = payload.challenge;
  const { verifySolution } = await import('altcha-lib');
  const result = await verifySolution({
    ...payload,
    deriveKey: await derivation(),
    hmacSignatureSecret: signingKey(ctx),
  }).catch(() => undefined); // whatever nonsense was sent
  if (!result?.verified || parameters.data?.['form'] !== form) throw new Problem('invalid', 'captcha-refused');
  const endsAt = Number(parameters.data['at']) + HOLDS_MS;
  if (!(await spendOnce(ctx, `captcha ${parameters.nonce}`, endsAt))) throw new Problem('invalid', 'captcha-over');
}

/** What ALTCHA's clients send: JSON in base64. */
function payloadIn(sent: string): Payload | undefined {
  if (sent.length > 4000) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(sent, 'base64').toString('utf8'));
    return isPayload(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isPayload(read: unknown): read is Payload {
  if (typeof read !== 'object' || read === null || !('challenge' in read) || !('solution' in read)) return false;
  const { challenge, solution } = read;
  if (typeof challenge !== 'object' || challenge === null || typeof solution !== 'object' || solution === null)
    return false;
  return 'parameters' in challenge && typeof challenge.parameters === 'object' && challenge.parameters !== null;
}

async function derivation() {
  return (await import('altcha-lib/algorithms/pbkdf2')).deriveKey;
}

function signingKey(ctx: Context): string {
  return ctx.seal.sign('captcha-key', 'altcha');
}
