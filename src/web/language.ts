// In which language a visit is answered: the person's own choice first, then what this browser chose (`?language=german`, as
// in addresses that people know), then what it asks for, then the operator's.

import { languageFor } from '#domain/settings/language-for.ts';
import type { Context } from '#src/context.ts';
import type { Language } from '#src/locales/words.ts';
import { findLanguage, languageAskedFor, languages } from '#src/locales/words.ts';
import type { CookieJar } from '#web/cookies.ts';
import type { LanguageChoice } from '#web/parts/frame.ts';

/** What is known of the language that somebody wants. */
export type LanguageWish = {
  /** The stored name of whoever is signed in; empty when they never chose. */
  readonly own: string;
  /** The parameter `language` of the address. */
  readonly inAddress: string | undefined;
  readonly acceptLanguage: string | undefined;
};

/** The language of a visit. A choice in the address is remembered by the browser. */
export async function languageOfVisit(ctx: Context, jar: CookieJar, wish: LanguageWish): Promise<Language> {
  const chosen = wish.inAddress === undefined ? undefined : findLanguage(wish.inAddress);
  if (chosen && jar.read('language') !== chosen.code) jar.write('language', chosen.code);
  return (
    findLanguage(wish.own) ??
    chosen ??
    findLanguage(jar.read('language') ?? '') ??
    languageAskedFor(wish.acceptLanguage) ??
    (await languageFor(ctx, undefined))
  );
}

/** The same page in every language, for somebody who has no profile to choose one in. Its path, which may hold a token, is not repeated. */
export function languageChoices(query: Readonly<Record<string, string>>): LanguageChoice[] {
  return languages.map(({ code, name }) => {
    const parameters = new URLSearchParams({ ...query, language: code });
    return { code, name, href: `?${parameters}` };
  });
}
