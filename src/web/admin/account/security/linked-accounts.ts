// One's own accounts elsewhere with which one may sign in here.

import { accountsPage } from '#web/federation-accounts.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => accountsPage(visit, OWN_STAFF),
});
