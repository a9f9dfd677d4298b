// Asks a member of staff again who they are, by Duo.

import { drawDuoStepUp } from '#web/duo-steps.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => drawDuoStepUp(visit, OWN_STAFF),
});
