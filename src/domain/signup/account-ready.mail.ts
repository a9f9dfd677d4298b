// The letter to a new person whose password was chosen already, at a checkout or by a program on their behalf. It holds
// neither the password nor a link that would replace it: who knows it signs in, who does not asks for a new one.

import type { Letter } from '#domain/mail/letter.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** Writes the letter in the person's language. `resetUrl`: where a new password is asked for. */
export function accountReadyLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly loginUrl: string;
  readonly resetUrl: string;
  readonly expiresAt: number;
  readonly userId: number;
  readonly clientId: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: 'account-ready',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('mail.account-ready.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('mail.account-ready.text', values),
      t('mail.account-ready.unknown-password', values),
      about.resetUrl,
    ],
    button: { label: t('mail.account-ready.button'), url: about.loginUrl, orCopy: t('mail.or-copy') },
    small: [t('mail.welcome.why', values), t('mail.welcome.not-you', values)],
    expiresAt: about.expiresAt,
    userId: about.userId,
    clientId: about.clientId,
  };
}
