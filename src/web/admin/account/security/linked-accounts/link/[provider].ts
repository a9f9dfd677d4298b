// Where linking an account elsewhere begins.

import { linkStart } from '#web/federation.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Query: key, which only the list of linked accounts makes, for this very session. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  spendsByGet: true,
  get: async (visit) => linkStart(visit, OWN_STAFF),
});
