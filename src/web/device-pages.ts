// The list of the browsers that somebody signed in on, for customers and staff alike: which stay signed in, which are trusted
// with the second factor, and taking that back.

import type { ListedDevice } from '#domain/devices/devices.ts';
import { devicesOf, endTrust } from '#domain/devices/devices.ts';
import { rememberedOf } from '#domain/devices/remembered.ts';
import { forgetBrowser } from '#domain/sessions/browsers.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { SatWords } from '#web/device-parts.ts';
import { holderOf, whereFrom, wordsForEach } from '#web/device-parts.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, leave } from '#web/page.ts';
import { buttonRow, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import type { SecuritySection } from '#web/security-section.ts';

/** What the overview of one's own sign-in says of it. */
export async function devicesSection({ frame }: Visit, side: OwnSide): Promise<SecuritySection> {
  const { t } = frame;
  return {
    group: 'devices',
    title: t('devices.title'),
    text: t('devices.section.text'),
    link: `${side.security}/devices`,
  };
}

type Told = ListedDevice & {
  readonly words: SatWords | undefined;
  readonly rememberedUntil: number | undefined;
  readonly isThis: boolean;
};

/** Draws the list. */
export async function drawDevices(visit: Visit, side: OwnSide): Promise<Html> {
  const { frame } = visit;
  const { t } = frame;
  const told = await toldDevices(visit, side);
  const hasPlaces = told.some((one) => one.words?.place !== undefined);
  const body = stack(
    card({
      flush: deviceTable(frame, told),
      footer: hasPlaces ? html`<span class="text-secondary small">${t('devices.places-note')}</span>` : undefined,
    }),
    html`<p><a href="${sessionsOf(side)}">${t('devices.to-sessions')}</a></p>`,
  );
  const back = { href: side.security, text: t('factors.security.title') };
  return side.room(frame, { title: t('devices.title'), intro: t('devices.intro'), back, body });
}

/** Does what a button of the list says. Fields: device, an id of the list; act, `distrust` or `forget`. */
export async function changeDevice(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor, form } = visit;
  const holder = holderOf(visit, side.kind);
  const deviceId = Number(form.text('device'));
  const here = `${side.security}/devices`;
  try {
    if (!Number.isSafeInteger(deviceId)) throw notFound('device-not-found');
    if (form.text('act') === 'distrust') {
      await endTrust(ctx, actor, holder, deviceId);
      return goTo(here, { tone: 'success', key: 'devices.trust-ended' });
    }
    if (form.text('act') !== 'forget') throw notFound('device-not-found');
    await forgetBrowser(ctx, actor, holder, deviceId);
  } catch (error) {
    // Another's id and one that is gone answer alike.
    if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
    return goTo(here, { tone: 'info', key: 'errors.device-not-found' });
  }
  const isThis = deviceHere(visit, side) === deviceId;
  if (isThis) return leave(side.kind, side.door.login, { tone: 'success', key: 'devices.forgotten-here' });
  return goTo(here, { tone: 'success', key: 'devices.forgotten' });
}

async function toldDevices(visit: Visit, side: OwnSide): Promise<readonly Told[]> {
  const holder = holderOf(visit, side.kind);
  const devices = await devicesOf(visit.ctx, holder);
  const [words, remembered] = [await wordsForEach(visit, devices), await rememberedOf(visit.ctx, holder)];
  const ends = new Map([...remembered.values()].map(({ deviceId, until }) => [deviceId, until]));
  return devices.map((one) => ({
    ...one,
    words: words.get(one),
    rememberedUntil: ends.get(one.deviceId),
    isThis: one.deviceId === deviceHere(visit, side),
  }));
}

function deviceHere(visit: Visit, side: OwnSide): number | undefined {
  return (side.kind === 'user' ? visit.user : visit.administrator)?.deviceId;
}

function sessionsOf(side: OwnSide): string {
  return side.kind === 'user' ? '/user/sessions' : '/admin/account/sessions';
}

function deviceTable(frame: Frame, devices: readonly Told[]): Html {
  const { t } = frame;
  return table<Told>(frame, {
    caption: t('devices.title'),
    rows: devices,
    empty: empty({ title: t('devices.none'), text: t('devices.none-text'), icon: 'device-desktop' }),
    columns: [
      { heading: t('devices.column.browser'), kind: 'name', cell: (one) => nameCell(frame, one) },
      { heading: t('devices.column.where'), cell: (one) => whereFrom(frame, one, one.words) },
      {
        heading: t('devices.first'),
        kind: 'short',
        wideOnly: true,
        cell: (one) => date(frame, one.firstSeenAt),
      },
      { heading: t('devices.last'), kind: 'short', cell: (one) => ago(frame, one.lastSeenAt) },
      { heading: t('devices.column.acts'), kind: 'actions', cell: (one) => actsCell(frame, one) },
    ],
  });
}

function nameCell(frame: Frame, one: Told): Html {
  const { t } = frame;
  const marks = [
    one.rememberedUntil !== undefined && t('devices.remembered-until', { date: frame.formatDate(one.rememberedUntil) }),
    one.trustedUntil !== undefined && t('devices.trusted-until', { date: frame.formatDate(one.trustedUntil) }),
  ].filter((mark) => mark !== false);
  return html`${one.words?.device ?? t('client.sessions.unknown')}${one.isThis && html` ${badge(t('devices.sessions.this'), 'success')}`}${marks.map((mark) => html`<br><span class="text-secondary small">${mark}</span>`)}`;
}

function actsCell(frame: Frame, one: Told): Html {
  const { t } = frame;
  const browser = one.words?.device ?? t('client.sessions.unknown');
  const fields = { device: one.deviceId };
  return buttonRow(
    one.trustedUntil === undefined
      ? undefined
      : postButton(frame, {
          text: t('devices.trust-end'),
          about: t('devices.trust-end.about', { browser }),
          fields: { ...fields, act: 'distrust' },
          small: true,
        }),
    postButton(frame, {
      text: t('devices.forget'),
      about: `${browser}, ${one.ip}`,
      fields: { ...fields, act: 'forget' },
      tone: 'danger',
      small: true,
    }),
  );
}
