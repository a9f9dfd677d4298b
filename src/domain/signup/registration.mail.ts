// The letters of registering: to whoever has the address already, to whoever waits for staff, and that staff refused.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** To whom, and from whom. */
export type RegistrationLetter = {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly expiresAt: number;
  readonly userId?: number | undefined;
};

const EXAMPLE = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_email: 'robin.sample@example.com',
};

/** Somebody registered with an address that has a sign-in. */
export const addressTakenTemplate = letterTemplate({
  kind: 'registration-taken',
  name: 'Registration With Known Address',
  type: 'general',
  fields: { ...EXAMPLE, reset_url: 'https://my.example.com/password/reset' },
  link: 'offered',
  mayBeOff: false,
  write: (t, { name, company_name: company, login_email: address, reset_url: resetUrl }) => ({
    subject: t('registration.letter.taken.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('registration.letter.taken.text', { company, address }),
      t('registration.letter.taken.reset'),
      resetUrl,
    ],
    button: t('registration.letter.taken.button'),
    small: [t('registration.letter.why', { company, address }), t('registration.letter.not-you')],
  }),
});

/** The registration came in, and staff look at it. */
export const registrationWaitsTemplate = letterTemplate({
  kind: 'registration-waits',
  name: 'Registration Received',
  type: 'general',
  fields: EXAMPLE,
  link: 'none',
  mayBeOff: true,
  write: (t, { name, company_name: company, login_email: address }) => ({
    subject: t('registration.letter.waits.subject', { company }),
    paragraphs: [t('mail.greeting', { name }), t('registration.letter.waits.text', { company })],
    small: [t('registration.letter.why', { company, address }), t('registration.letter.not-you')],
  }),
});

/** Staff refused the registration. */
export const registrationRefusedTemplate = letterTemplate({
  kind: 'registration-refused',
  name: 'Registration Refused',
  type: 'general',
  fields: EXAMPLE,
  link: 'none',
  mayBeOff: true,
  write: (t, { name, company_name: company, login_email: address }) => ({
    subject: t('registration.letter.refused.subject', { company }),
    paragraphs: [t('mail.greeting', { name }), t('registration.letter.refused.text', { company })],
    small: [t('registration.letter.why', { company, address })],
  }),
});

/** Tells whoever has the address. `loginUrl` and `resetUrl`: the two ways in. */
export function addressTakenLetter(
  about: RegistrationLetter & { readonly loginUrl: string; readonly resetUrl: string },
): Letter {
  return letterBy(addressTakenTemplate, {
    ...about,
    values: { ...valuesOf(about), reset_url: about.resetUrl },
    url: about.loginUrl,
  });
}

/** Tells whoever registered that staff look at it. */
export function registrationWaitsLetter(about: RegistrationLetter): Letter {
  return letterBy(registrationWaitsTemplate, { ...about, values: valuesOf(about) });
}

/** Tells whoever registered that staff refused. */
export function registrationRefusedLetter(about: RegistrationLetter): Letter {
  return letterBy(registrationRefusedTemplate, { ...about, values: valuesOf(about) });
}

function valuesOf({ to, company }: RegistrationLetter) {
  return { name: to.name, company_name: company, login_email: to.address };
}
