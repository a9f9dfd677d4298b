// What pages of second factors share: the way back, the way on, the names of factors.

import type { Factor } from '#domain/credentials/factor.ts';
import { isKey } from '#src/locales/words.ts';
import { customerPath, staffPath } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import type { Frame } from '#web/parts/frame.ts';
import type { Door } from '#web/sign-in.ts';

/** The overview, as the list that a page belongs to. */
export function wayBackIn({ frame }: Pick<Visit, 'frame'>, side: OwnSide): { href: string; text: string } {
  return { href: side.security, text: frame.t('factors.security.title') };
}

/** Where somebody wanted to be, if it is inside this side's pages; else ''. */
export function onwardIn(door: Door, goto: string): string {
  return (door.side === 'user' ? customerPath(goto) : staffPath(goto)) ?? '';
}

/** The name of a factor in words. */
export function factorWord({ t }: Frame, { name }: Pick<Factor, 'name'>): string {
  const key = `factors.name.${name}`;
  return isKey(key) ? t(key) : name;
}
