// The sentence that waits for the next page, in a cookie that we signed: whoever can set a cookie puts no words in our mouth.

import { constantTimeEqual } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { Language } from '#src/locales/words.ts';
import { isKey, translator } from '#src/locales/words.ts';
import type { CookieJar } from '#web/cookies.ts';
import { noticeValue, readNotice } from '#web/cookies.ts';
import type { NextNotice } from '#web/page.ts';
import type { Notice } from '#web/parts/frame.ts';

/** The sentence that waits for this page, in its words; it waits no more. */
export function takeNotice(ctx: Context, jar: CookieJar, language: Language): Notice | undefined {
  const value = jar.read('notice');
  if (!value) return undefined;
  jar.clear('notice');
  const [notice = '', signature = ''] = value.split('.');
  if (!constantTimeEqual(signature, ctx.seal.sign('notice', notice))) return undefined; // not a sentence of ours
  const read = readNotice(notice);
  if (!read || !isKey(read.key)) return undefined;
  const t = translator(language.code);
  const tone = (['success', 'info', 'warning', 'danger'] as const).find((one) => one === read.tone) ?? 'info';
  try {
    return { tone, text: t(read.key, read.values) };
  } catch {
    return undefined; // values that do not fit the sentence: not ours
  }
}

/** A sentence waits for the next page that is drawn: one that nobody has seen yet goes along through a second redirect. */
export function keepNotice(ctx: Context, jar: CookieJar, fresh: NextNotice | undefined): void {
  const waiting = jar.read('notice');
  const value = fresh && noticeValue(fresh);
  if (value !== undefined) jar.write('notice', `${value}.${ctx.seal.sign('notice', value)}`);
  else if (waiting) jar.write('notice', waiting);
}
