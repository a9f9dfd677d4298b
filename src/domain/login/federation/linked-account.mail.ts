// The letters that tell somebody that an account elsewhere was linked with theirs, or is no more, so that a change that was
// not theirs does not stay unseen (ASVS 5.0 V6.3.7). Staff get their own: what is written to customers need not fit them.

import type { Letter } from '#domain/mail/letter.ts';
import type { WrittenText } from '#domain/mail/letter-template.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import type { Translate } from '#src/locales/words.ts';

const FIELDS = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_email: 'robin.sample@example.com',
  provider_name: 'Google',
  provider_account: 'robin@example.net',
  reset_url: 'https://my.example.com/password/reset',
} as const;
type Values = { readonly [Name in keyof typeof FIELDS]: string };

const shared = { fields: FIELDS as Values, link: 'none', mayBeOff: false } as const;

function linkedText(t: Translate, { name, provider_name, provider_account, ...given }: Values): WrittenText {
  const company = given.company_name;
  return {
    subject: t('federation.letter.linked.subject', { company, provider: provider_name }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('federation.letter.linked.text', {
        company,
        provider: provider_name,
        account: provider_account,
        address: given.login_email,
      }),
      t('federation.letter.linked.not-you'),
      given.reset_url,
    ],
    small: [t('federation.letter.why')],
  };
}

function unlinkedText(t: Translate, { name, provider_name, provider_account, ...given }: Values): WrittenText {
  const company = given.company_name;
  return {
    subject: t('federation.letter.unlinked.subject', { company, provider: provider_name }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('federation.letter.unlinked.text', {
        company,
        provider: provider_name,
        account: provider_account,
        address: given.login_email,
      }),
      t('federation.letter.unlinked.not-you'),
      given.reset_url,
    ],
    small: [t('federation.letter.why')],
  };
}

/** For customers. */
export const accountLinkedTemplate = letterTemplate({
  kind: 'account-linked',
  name: 'Sign-In Integration Linked',
  type: 'general',
  ...shared,
  write: linkedText,
});
export const accountUnlinkedTemplate = letterTemplate({
  kind: 'account-unlinked',
  name: 'Sign-In Integration Unlinked',
  type: 'general',
  ...shared,
  write: unlinkedText,
});
/** For staff. */
export const staffAccountLinkedTemplate = letterTemplate({
  kind: 'staff-account-linked',
  name: 'Admin Sign-In Integration Linked',
  type: 'admin',
  ...shared,
  write: linkedText,
});
export const staffAccountUnlinkedTemplate = letterTemplate({
  kind: 'staff-account-unlinked',
  name: 'Admin Sign-In Integration Unlinked',
  type: 'admin',
  ...shared,
  write: unlinkedText,
});

/** Writes one of them in the person's language. */
export function linkedAccountLetter(
  what: 'linked' | 'unlinked',
  about: {
    readonly to: { readonly address: string; readonly name: string; readonly language: string };
    readonly company: string;
    readonly provider: string;
    readonly account: string;
    readonly resetUrl: string;
    readonly expiresAt: number;
    readonly userId?: number | undefined;
    readonly administratorId?: number | undefined;
  },
): Letter {
  const isStaff = about.administratorId !== undefined;
  const linked = isStaff ? staffAccountLinkedTemplate : accountLinkedTemplate;
  const unlinked = isStaff ? staffAccountUnlinkedTemplate : accountUnlinkedTemplate;
  return letterBy(what === 'linked' ? linked : unlinked, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      login_email: about.to.address,
      provider_name: about.provider,
      provider_account: about.account,
      reset_url: about.resetUrl,
    },
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}
