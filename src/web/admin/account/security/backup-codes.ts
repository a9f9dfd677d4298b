// The backup codes of a member of staff: how many are left. Query: goto, the way on.

import { drawCodes } from '#web/backup-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: (visit) => drawCodes(visit, OWN_STAFF),
});
