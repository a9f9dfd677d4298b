// How somebody who lost their second factors comes back in.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, wholeNumber } from '#domain/settings/setting.ts';

/** So long everybody concerned has to say no, from the approval on. */
export const recoveryWaitingHours: Setting<number> = {
  name: 'recovery-waiting-hours',
  area: 'security',
  kind: wholeNumber(0, 168, 'hours'),
  fallback: 24,
};

/** Whether the owner of all accounts that somebody may enter can vouch for them; staff always can. */
export const ownersApproveRecovery: Setting<boolean> = {
  name: 'owners-approve-recovery',
  area: 'security',
  kind: flag(),
  fallback: true,
};
