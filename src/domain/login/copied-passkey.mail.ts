// The letter about a passkey whose key may have been copied. It holds no link that opens anything (ASVS 5.0 V6.3.5).

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

/** Its texts for customers and for staff. */
export const [copiedPasskeyTemplate, staffCopiedPasskeyTemplate] = letterTwins({
  kind: 'passkey-copied',
  name: 'Passkey Possibly Copied',
  fields: { name: 'Robin Sample', company_name: 'Example Hosting', passkey: 'Blue security key' },
  link: 'none',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('passkeys.letter.copied.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('passkeys.letter.copied.text', { passkey: given.passkey, company: given.company_name }),
      t('passkeys.letter.copied.what'),
      t('passkeys.letter.copied.do'),
    ],
    small: [t('passkeys.letter.copied.why')],
  }),
});

/** Writes the letter in the person's language. `expiresAt`: until when it is worth sending. */
export function copiedPasskeyLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly passkey: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
}): Letter {
  return letterBy(about.administratorId === undefined ? copiedPasskeyTemplate : staffCopiedPasskeyTemplate, {
    kind: 'passkey-copied',
    to: about.to,
    values: { name: about.to.name, company_name: about.company, passkey: about.passkey },
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}
