// What a section of the overview of one's own sign-in is; which there are stands in security-sections.ts.

import type { Html } from '#kit/html.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';

/** What a section is about; the overview draws a card for each, in this order. */
export const SECURITY_GROUPS = ['signing-in', 'second-factor', 'recovery', 'devices'] as const;
export type SecurityGroup = (typeof SECURITY_GROUPS)[number];

/** A section: what there is, how it stands, and the page where it is changed. */
export type SecuritySection = {
  readonly group: SecurityGroup;
  readonly title: string;
  readonly text: string | Html;
  /** `status(…)` or `badge(…)`. */
  readonly status?: Html | undefined;
  readonly link: string;
};

/** Draws the section of a topic; undefined where there is nothing for this person. Called once for each visit. */
export type SectionOf = (visit: Visit, side: OwnSide) => Promise<SecuritySection | undefined>;
