// The letter with a link for setting a password: the first one for a new person, or a new one.

import type { Letter } from '#domain/mail/letter.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** What the letter needs to know. `hours` and `minutes` say how long the link holds. */
export type SetPasswordLetter = {
  readonly welcome: boolean;
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  /** What they sign in with; the address unless told. */
  readonly signInName?: string;
  readonly company: string;
  readonly url: string;
  readonly holdsMinutes: number;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
};

/** Writes the letter in the person's language. */
export function setPasswordLetter(about: SetPasswordLetter): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = {
    name: about.to.name,
    company: about.company,
    hours: Math.round(about.holdsMinutes / 60),
    minutes: about.holdsMinutes,
    address: about.signInName ?? about.to.address,
  };
  return {
    kind: about.welcome ? 'welcome' : 'set-password',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: about.welcome ? t('mail.welcome.subject', values) : t('mail.set-password.subject', values),
    paragraphs: about.welcome
      ? [t('mail.greeting', values), t('mail.welcome.text', values), t('mail.welcome.holds', values)]
      : [t('mail.greeting', values), t('mail.set-password.text', values), t('mail.set-password.holds', values)],
    button: { label: t('mail.set-password.button'), url: about.url, orCopy: t('mail.or-copy') },
    small: [
      about.welcome ? t('mail.welcome.why', values) : t('mail.set-password.why', values),
      about.welcome ? t('mail.welcome.not-you', values) : t('mail.set-password.not-you', values),
    ],
    expiresAt: about.expiresAt,
    ...(about.userId === undefined ? {} : { userId: about.userId }),
    ...(about.administratorId === undefined ? {} : { administratorId: about.administratorId }),
  };
}
