// Links the account elsewhere that was just shown to be one's own.

import { confirmLink, confirmPage } from '#web/federation-accounts.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => confirmPage(visit, OWN_STAFF),
  post: async (visit) => confirmLink(visit, OWN_STAFF),
});
