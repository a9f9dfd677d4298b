// A visit as the frame has made it of a request, with what the frame alone needs to know beside it.

import type { Entry } from '#domain/access/entry.ts';
import type { CookieJar } from '#web/cookies.ts';
import type { Answer, Visit } from '#web/page.ts';

/** A visit, and how it came about. */
export type MadeVisit = {
  readonly visit: Visit;
  /** What became of entering the account that the path names, for pages of one. */
  readonly entry: Entry | undefined;
  readonly jar: CookieJar;
  /** Our public origin. */
  readonly origin: string;
  /** The tokens by which a post shows that its form was drawn for this browser. */
  readonly csrfs: readonly string[];
  readonly turnedAway?: Answer;
};
