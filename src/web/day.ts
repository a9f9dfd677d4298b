// Days as date fields post them, `2026-06-01`, in UTC.

import { days } from '#kit/duration.ts';

/** The instant at which a day begins; undefined when the text names none. */
export function dayStart(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  // Dates that roll over, such as the 31st of February, are none.
  return Number.isNaN(at) || dayOf(at) !== text ? undefined : at;
}

/** The instant at which a day is over; undefined when the text names none. */
export function dayEnd(text: string): number | undefined {
  const start = dayStart(text);
  return start === undefined ? undefined : start + days(1);
}

/** The day of an instant, for a date field. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
