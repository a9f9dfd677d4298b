// Removing an authenticator app of a member of staff.

import { drawRemoval, removeApp } from '#web/app-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: (visit) => drawRemoval(visit, OWN_STAFF),
  post: (visit) => removeApp(visit, OWN_STAFF),
});
