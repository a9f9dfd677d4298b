// Takes a passkey of a member of staff away, after saying what is lost.

import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeyRemoval, takePasskeyAway } from '#web/passkey-pages.ts';

/** No fields. Another person's passkey is not found. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawPasskeyRemoval(visit, OWN_STAFF),
  post: async (visit) => takePasskeyAway(visit, OWN_STAFF),
});
