// What the lists of sessions of customers and of staff have in common: what is known of each session's browser, and signing
// out everywhere.

import { devicesOf } from '#domain/devices/devices.ts';
import { rememberedOf } from '#domain/devices/remembered.ts';
import { signOutEverywhere } from '#domain/sessions/browsers.ts';
import type { ListedSession } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { SatWords } from '#web/device-parts.ts';
import { holderOf, wordsForEach } from '#web/device-parts.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { leave } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import type { Frame } from '#web/parts/frame.ts';
import { badge } from '#web/parts/status.ts';

/** A session with the words of where it is, and whether its browser stays signed in, or is trusted. */
export type ToldSession = ListedSession & {
  readonly words: SatWords | undefined;
  readonly isRemembered: boolean;
  readonly isTrusted: boolean;
};

/** Finds what there is to tell of each session. */
export async function toldSessions(
  visit: Visit,
  side: OwnSide,
  sessions: readonly ListedSession[],
): Promise<readonly ToldSession[]> {
  const holder = holderOf(visit, side.kind);
  const [words, devices, remembered] = await Promise.all([
    wordsForEach(visit, sessions),
    devicesOf(visit.ctx, holder),
    rememberedOf(visit.ctx, holder),
  ]);
  const trusted = new Set(devices.filter((one) => one.trustedUntil !== undefined).map((one) => one.deviceId));
  return sessions.map((one) => ({
    ...one,
    words: words.get(one),
    isRemembered: one.rememberedId !== undefined && remembered.has(one.rememberedId),
    isTrusted: one.deviceId !== undefined && trusted.has(one.deviceId),
  }));
}

/** The marks behind a session's browser; `own`: the words for the one that looks at the list. */
export function sessionMarks({ t }: Frame, session: ToldSession, own: string | undefined): Html {
  return html`${own !== undefined && html` ${badge(own, 'success')}`}${session.isRemembered && html` ${badge(t('devices.sessions.marks.remembered'))}`}${session.isTrusted && html` ${badge(t('devices.sessions.marks.trusted'))}`}`;
}

/** The way out of all browsers at once, this one too. Posts `session` as `everywhere`. */
export function everywhereCard(frame: Frame, side: OwnSide): Html {
  const { t } = frame;
  return card({
    title: t('devices.sessions.everywhere'),
    body: html`<p>${t('devices.sessions.everywhere-text')}</p>${postButton(frame, { text: t('devices.sessions.everywhere-button'), fields: { session: 'everywhere' }, tone: 'danger' })}<p class="mt-3 mb-0"><a href="${side.security}/devices">${t('devices.sessions.devices')}</a></p>`,
  });
}

/** Signs out everywhere. */
export async function leaveEverywhere(visit: Visit, side: OwnSide): Promise<Answer> {
  const { holder, sessionId } = inSession(visit, side);
  await signOutEverywhere(visit.ctx, visit.actor, holder, sessionId);
  return leave(side.kind, side.door.login, { tone: 'success', key: 'devices.sessions.everywhere-done' });
}
