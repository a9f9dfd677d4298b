// Moments: short for the eye, whole on hover and for screen readers.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';

/** A moment as its date. `at` is milliseconds since 1970 UTC; undefined draws `absent` (a dash with that word). */
export function date(frame: Frame, at: number | undefined, absent?: string): Html {
  return at === undefined ? nothing(frame, absent) : moment(frame, at, frame.formatDate(at));
}

/** A moment as date and time of day. */
export function dateTime(frame: Frame, at: number | undefined, absent?: string): Html {
  return at === undefined
    ? nothing(frame, absent)
    : html`<time datetime="${iso(at)}">${frame.formatDateTime(at)}</time>`;
}

/** A moment as distance from now, such as "3 hours ago"; further than 30 days away, as its date. */
export function ago(frame: Frame, at: number | undefined, absent?: string): Html {
  return at === undefined ? nothing(frame, absent) : moment(frame, at, distance(frame, at) ?? frame.formatDate(at));
}

function moment(frame: Frame, at: number, short: string): Html {
  const whole = frame.formatDateTime(at);
  return html`<time datetime="${iso(at)}" title="${whole}"><span aria-hidden="true">${short}</span><span class="visually-hidden">${whole}</span></time>`;
}

/** A dash for the eye and a word for the ear, where a value is not there. */
export function nothing(frame: Frame, word: string = frame.t('common.nothing')): Html {
  return html`<span class="dw-nothing"><span aria-hidden="true">–</span><span class="visually-hidden">${word}</span></span>`;
}

function distance(frame: Frame, at: number): string | undefined {
  const seconds = Math.round((at - frame.now) / 1000);
  const size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(frame.language, { numeric: 'auto' });
  if (size < 60) return format.format(0, 'second');
  if (size < 60 * 60) return format.format(Math.trunc(seconds / 60), 'minute');
  if (size < 24 * 60 * 60) return format.format(Math.trunc(seconds / 3600), 'hour');
  return size < 30 * 24 * 60 * 60 ? format.format(Math.trunc(seconds / 86_400), 'day') : undefined;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
