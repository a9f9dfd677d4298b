// Adds a passkey or security key of a member of staff.

import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { addNewPasskey, drawNewPasskey } from '#web/passkey-pages.ts';

/** Fields: name, token, response. Errors at `form`, or conflict `passkeys-too-many`. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawNewPasskey(visit, OWN_STAFF),
  post: async (visit) => addNewPasskey(visit, OWN_STAFF),
});
