// Adds a passkey or security key of a customer.

import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { addNewPasskey, drawNewPasskey } from '#web/passkey-pages.ts';

/** Fields: name, token, response. Errors at `form`, or conflict `passkeys-too-many`. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawNewPasskey(visit, OWN_USER),
  post: async (visit) => addNewPasskey(visit, OWN_USER),
});
