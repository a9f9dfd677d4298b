// What the overview of one's own sign-in shows: a section of each topic, one line here. Customers and staff share them.

import { appSection } from '#web/app-factor-pages.ts';
import { backupCodesSection } from '#web/backup-factor-pages.ts';
import { devicesSection } from '#web/device-pages.ts';
import { duoSection } from '#web/duo-pages.ts';
import { linkedAccountsSection } from '#web/federation-accounts.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { passkeySection } from '#web/passkey-pages.ts';
import { passwordSection } from '#web/password-section.ts';
import { questionSection } from '#web/question-section.ts';
import type { SectionOf, SecuritySection } from '#web/security-section.ts';
import { sessionsSection } from '#web/session-section.ts';

/** The sections, in their order within a group. A topic adds its line. */
const SECTIONS: readonly SectionOf[] = [
  passwordSection,
  passkeySection,
  linkedAccountsSection,
  devicesSection,
  sessionsSection,
  appSection,
  duoSection,
  backupCodesSection,
  questionSection,
];

/** The sections for whoever is signed in on this side. */
export async function securitySections(visit: Visit, side: OwnSide): Promise<readonly SecuritySection[]> {
  const drawn = await Promise.all(SECTIONS.map((section) => section(visit, side)));
  return drawn.filter((section) => section !== undefined);
}
