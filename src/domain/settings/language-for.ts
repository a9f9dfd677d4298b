// The language in which somebody is written to.

import { defaultLanguage } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import type { Language } from '#src/locales/words.ts';
import { findLanguage, languageOf } from '#src/locales/words.ts';

/**
 * The one they chose, by its stored name or code; else the operator's. Whoever puts words or dates into a letter asks this
 * first, so that all of the letter is in one language.
 */
export async function languageFor(ctx: Context, chosen: string | undefined): Promise<Language> {
  return findLanguage(chosen ?? '') ?? languageOf(await settingOf(ctx, defaultLanguage));
}
