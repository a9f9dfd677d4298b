// The backup codes of a customer: how many are left. Query: goto, the way on.

import { drawCodes } from '#web/backup-factor-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: (visit) => drawCodes(visit, OWN_USER),
});
