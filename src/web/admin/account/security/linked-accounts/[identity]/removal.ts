// Takes away the link with an account elsewhere.

import { confirmUnlink, unlinkPage } from '#web/federation-accounts.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => unlinkPage(visit, OWN_STAFF),
  post: async (visit) => confirmUnlink(visit, OWN_STAFF),
});
