// Whether security questions are asked.

import type { Setting } from '#domain/settings/setting.ts';
import { flag } from '#domain/settings/setting.ts';

/**
 * A legacy for installations that come from elsewhere: what a family knows guards little, and ASVS 5.0 V6.4.2 forbids such
 * questions. Therefore off, and never more than a hurdle in front of the letter (behaviours.md, section 15, number 24).
 */
export const securityQuestionsAsked: Setting<boolean> = {
  name: 'security-questions',
  area: 'security',
  kind: flag(),
  fallback: false,
};
