// The letters that tell somebody that an account elsewhere was linked with theirs, or is no more, so that a change that was
// not theirs does not stay unseen (ASVS 5.0 V6.3.7). Staff get their own: what is written to customers need not fit them.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

const FIELDS = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_email: 'robin.sample@example.com',
  provider_name: 'Google',
  provider_account: 'robin@example.net',
  reset_url: 'https://my.example.com/password/reset',
};

function twins(what: 'linked' | 'unlinked', name: string) {
  return letterTwins({
    kind: `account-${what}`,
    name,
    fields: FIELDS,
    link: 'none',
    mayBeOff: false,
    write: (t, { company_name: company, provider_name: provider, ...given }) => ({
      subject: t(`federation.letter.${what}.subject`, { company, provider }),
      paragraphs: [
        t('mail.greeting', { name: given.name }),
        t(`federation.letter.${what}.text`, {
          company,
          provider,
          account: given.provider_account,
          address: given.login_email,
        }),
        t(`federation.letter.${what}.not-you`),
        given.reset_url,
      ],
      small: [t('federation.letter.why')],
    }),
  });
}

/** For customers and for staff. */
export const [accountLinkedTemplate, staffAccountLinkedTemplate] = twins('linked', 'Sign-In Integration Linked');
export const [accountUnlinkedTemplate, staffAccountUnlinkedTemplate] = twins(
  'unlinked',
  'Sign-In Integration Unlinked',
);

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
