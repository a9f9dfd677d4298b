// The captchas of others: where each is asked whether somebody is a person, and what counts as yes. Their published protocols
// are alike: the token that the widget put into the form, and our secret, by POST to `siteverify`; JSON comes back.
// Whatever is not a plain yes is a no: no answer, an error, a wrong key (fail closed).

import { seconds } from '#kit/duration.ts';
import { postForm } from '#kit/post-form.ts';

/** A provider. */
export type CaptchaProvider = 'turnstile' | 'hcaptcha' | 'recaptcha' | 'recaptcha-v3';

/** The provider of this name, if it is one. */
export function findProvider(name: string): CaptchaProvider | undefined {
  return PROVIDERS.find((one) => one === name);
}

const PROVIDERS: readonly CaptchaProvider[] = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'];

/** What the provider has to say yes to. */
export type AskedOfProvider = {
  readonly secret: string;
  readonly token: string;
  /** What the widget was told it is for, by the providers that can be told. */
  readonly action: string;
  /** The host it has to have been solved on; undefined where any will do. */
  readonly host: string | undefined;
  /** From 0 to 1: how sure the provider has to be that it was a person, where it says. */
  readonly score: number;
};

/** `refused`: no person, too old, or used before. `unavailable`: nobody can say, and why, for the log. */
export type ProviderAnswer =
  | { readonly is: 'person' | 'refused' }
  | { readonly is: 'unavailable'; readonly why: string };

const WITHIN_MS = seconds(5);

/** Asks. Never throws. */
export async function askProvider(provider: CaptchaProvider, asked: AskedOfProvider): Promise<ProviderAnswer> {
  if (asked.token === '' || asked.token.length > 10_000) return { is: 'refused' };
  try {
    const fields = { secret: asked.secret, response: asked.token };
    return judged(provider, asked, await postForm(addressOf(provider), fields, WITHIN_MS));
  } catch (error) {
    return { is: 'unavailable', why: error instanceof Error ? error.message : 'unknown' };
  }
}

function addressOf(provider: CaptchaProvider): string {
  switch (provider) {
    case 'turnstile':
      return 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
    case 'hcaptcha':
      return 'https://api.hcaptcha.com/siteverify';
    case 'recaptcha':
    case 'recaptcha-v3':
      return 'https://www.google.com/recaptcha/api/siteverify';
  }
}

type Said = {
  readonly success?: unknown;
  readonly hostname?: unknown;
  readonly action?: unknown;
  readonly score?: unknown;
  readonly 'error-codes'?: unknown;
};

function judged(provider: CaptchaProvider, asked: AskedOfProvider, answer: unknown): ProviderAnswer {
  if (typeof answer !== 'object' || answer === null) return { is: 'unavailable', why: 'no object was answered' };
  const said: Said = answer;
  if (said.success !== true) return refusedBy(said['error-codes']);
  if (asked.host !== undefined && said.hostname !== asked.host) return { is: 'refused' };
  return actionFits(provider, asked.action, said.action) && scoreFits(provider, asked.score, said.score)
    ? { is: 'person' }
    : { is: 'refused' };
}

/** Whether the fault is the visitor's, or ours: a wrong secret has to be said to staff. */
function refusedBy(codes: unknown): ProviderAnswer {
  const given = Array.isArray(codes) ? codes.map(String) : [];
  const ours = given.filter((code) => OUR_FAULTS.has(code));
  return ours.length > 0 ? { is: 'unavailable', why: ours.join(', ') } : { is: 'refused' };
}

const OUR_FAULTS = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'sitekey-secret-mismatch',
  'bad-request',
  'internal-error',
]);

function actionFits(provider: CaptchaProvider, wanted: string, said: unknown): boolean {
  return provider === 'turnstile' || provider === 'recaptcha-v3' ? said === wanted : true;
}

/** hCaptcha scores the danger, and only for some of its customers; Google how sure it is of a person. */
function scoreFits(provider: CaptchaProvider, least: number, said: unknown): boolean {
  if (provider === 'recaptcha-v3') return typeof said === 'number' && said >= least;
  if (provider === 'hcaptcha' && typeof said === 'number') return 1 - said >= least;
  return true;
}
