// The passkeys and security keys of a member of staff.

import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeys } from '#web/passkey-pages.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawPasskeys(visit, OWN_STAFF),
});
