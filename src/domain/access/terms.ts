// From when until when an access holds. Nothing has to run for it to begin or to end: every reading asks the clock.

import { days } from '#kit/duration.ts';

/** A term in milliseconds since 1970 UTC: from `startsAt` on, and from `endsAt` on no more. Absent: always, for ever. */
export type Term = { readonly startsAt: number | undefined; readonly endsAt: number | undefined };

/** Longer terms are slips of the keyboard. */
const LONGEST = days(366 * 20);

/** Whether a term runs at an instant. */
export function runs(term: Term, now: number): boolean {
  return (term.startsAt === undefined || term.startsAt <= now) && !isOver(term, now);
}

/** Whether a term is over at an instant. */
export function isOver(term: Pick<Term, 'endsAt'>, now: number): boolean {
  return term.endsAt !== undefined && term.endsAt <= now;
}

/** What is wrong with a term, by field, as keys of locales/en/errors.json. */
export function termFaults({ startsAt, endsAt }: Term, now: number): Record<string, string> {
  if (startsAt !== undefined && startsAt > now + LONGEST) return { startsAt: 'term-too-far' };
  if (endsAt === undefined) return {};
  if (endsAt <= now) return { endsAt: 'term-in-the-past' };
  if (startsAt !== undefined && endsAt <= startsAt) return { endsAt: 'term-backwards' };
  return endsAt > now + LONGEST ? { endsAt: 'term-too-far' } : {};
}
