// Gives a passkey of a member of staff another name.

import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeyName, namePasskey } from '#web/passkey-pages.ts';

/** Fields: name. Another person's passkey is not found. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => drawPasskeyName(visit, OWN_STAFF),
  post: async (visit) => namePasskey(visit, OWN_STAFF),
});
