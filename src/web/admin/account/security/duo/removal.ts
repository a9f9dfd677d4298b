// Removing the Duo of a member of staff.

import { drawDuoRemoval, removeOwnDuo } from '#web/duo-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawDuoRemoval(visit, OWN_STAFF),
  post: async (visit) => removeOwnDuo(visit, OWN_STAFF),
});
