// The Duo of a member of staff: how it stands, or the way to set it up.

import { drawOwnDuo } from '#web/duo-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawOwnDuo(visit, OWN_STAFF),
});
