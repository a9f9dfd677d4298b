// Telling people by letter, at once, what happened to their second factors (ASVS 5.0 V6.3.7).

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import type { NewsReader, TakenAwayBy } from '#domain/login/factor-news.mail.ts';
import { backupCodesLetter, factorAddedLetter, factorRemovedLetter } from '#domain/login/factor-news.mail.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { isKey, languageOf, translator } from '#src/locales/words.ts';

/** Tells that a factor was set up. */
export async function tellFactorSetUp(tx: Context, holder: FactorHolder, factor: string): Promise<void> {
  const reader = await readerOf(tx, holder);
  await queueLetter(tx, factorAddedLetter(reader, wordsOf(reader, [factor])));
}

/** Tells that factors were taken away, and by whom; one letter for all of them. */
export async function tellFactorsTakenAway(
  tx: Context,
  holder: FactorHolder,
  factors: readonly string[],
  by: TakenAwayBy,
): Promise<void> {
  const reader = await readerOf(tx, holder);
  await queueLetter(tx, factorRemovedLetter(reader, wordsOf(reader, factors), by));
}

/** Tells that a backup code was used, or that new ones were made, and how many are left. */
export async function tellBackupCodes(
  tx: Context,
  holder: FactorHolder,
  what: 'used' | 'made',
  left: number,
): Promise<void> {
  await queueLetter(tx, backupCodesLetter(await readerOf(tx, holder), what, left));
}

async function readerOf(tx: Context, holder: FactorHolder): Promise<NewsReader> {
  const person = holder.kind === 'user' ? await userOf(tx, holder.id) : await administratorOf(tx, holder.id);
  return {
    to: { address: person.email, name: nameOf(person), language: (await languageFor(tx, person.language)).code },
    company: await settingOf(tx, companyName),
    signIn: 'username' in person ? person.username : person.email,
    securityUrl: await publicLink(tx, holder.kind === 'user' ? '/user/security' : '/admin/account/security'),
    expiresAt: tx.now() + days(7),
    ...ofHolder(holder),
  };
}

/** The names of factors as the reader's language has them. */
function wordsOf({ to }: NewsReader, factors: readonly string[]): string {
  const { code } = languageOf(to.language);
  const t = translator(code);
  const words = factors.map((factor) => {
    const key = `factors.name.${factor}`;
    return isKey(key) ? t(key) : factor;
  });
  return new Intl.ListFormat(code, { type: 'conjunction' }).format(words);
}
