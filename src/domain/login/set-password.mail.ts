// The letter with a link for setting a password: the first one for a new person, or a new one; to customers and to staff.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

const EXAMPLE = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_name: 'robin.sample@example.com',
  hours: 1,
  minutes: 60,
};

/** To whoever asked for a new password, or whom staff help: the texts for customers and for staff. */
export const [setPasswordTemplate, staffSetPasswordTemplate] = letterTwins({
  kind: 'set-password',
  name: 'Password Reset Validation',
  fields: EXAMPLE,
  link: 'needed',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('mail.set-password.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('mail.set-password.text', { address: given.login_name }),
      t('mail.set-password.holds', { minutes: given.minutes }),
    ],
    button: t('mail.set-password.button'),
    small: [
      t('mail.set-password.why', { address: given.login_name, company: given.company_name }),
      t('mail.set-password.not-you'),
    ],
  }),
});

/** To a new customer whose account is ready, and to new staff. */
export const [welcomeTemplate, staffWelcomeTemplate] = letterTwins({
  kind: 'welcome',
  name: 'Account Welcome',
  staffName: 'Admin Invitation',
  fields: { ...EXAMPLE, hours: 72, minutes: 4320 },
  link: 'needed',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('mail.welcome.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('mail.welcome.text', { company: given.company_name, address: given.login_name }),
      t('mail.welcome.holds', { hours: given.hours }),
    ],
    button: t('mail.set-password.button'),
    small: [
      t('mail.welcome.why', { address: given.login_name, company: given.company_name }),
      t('mail.welcome.not-you', { company: given.company_name }),
    ],
  }),
});

/** What the letter needs to know. `holdsMinutes`: how long the link holds. */
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
  const toStaff = about.administratorId !== undefined;
  const first = toStaff ? staffWelcomeTemplate : welcomeTemplate;
  const another = toStaff ? staffSetPasswordTemplate : setPasswordTemplate;
  return letterBy(about.welcome ? first : another, {
    kind: about.welcome ? 'welcome' : 'set-password',
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      login_name: about.signInName ?? about.to.address,
      hours: Math.round(about.holdsMinutes / 60),
      minutes: about.holdsMinutes,
    },
    url: about.url,
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}
