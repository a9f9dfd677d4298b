// What an invitation gives, in words, for its letter.

import type { Given } from '#domain/access/giving.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { days } from '#kit/duration.ts';
import { listedWords } from '#kit/listed-words.ts';
import { translator } from '#src/locales/words.ts';

/** The permissions as one line. */
export function permissionsLine(permissions: readonly AccessPermission[], language: string): string {
  const t = translator(language);
  const words = permissions.map((one) => t(`client.permission.${one}`));
  return listedWords(language, words);
}

/** From when until when, as a whole sentence; an access without an end has one too. */
export function termLine({ startsAt, endsAt, lastsMs }: Given, language: string): string {
  const t = translator(language);
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  const begin = startsAt === undefined ? '' : day.format(startsAt);
  // An end is the first instant that is out, at midnight: people name the day before it.
  const end = endsAt === undefined ? '' : day.format(endsAt - 1);
  if (end !== '') return begin === '' ? t('access.term.until', { end }) : t('access.term.from-until', { begin, end });
  if (lastsMs !== undefined) {
    const count = Math.round(lastsMs / days(1));
    return begin === '' ? t('access.term.lasts', { count }) : t('access.term.lasts-from', { begin, count });
  }
  return begin === '' ? t('access.term.open') : t('access.term.from', { begin });
}
