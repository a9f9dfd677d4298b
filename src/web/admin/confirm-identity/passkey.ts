// Asks a member of staff again who they are, by a passkey.

import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawStepUp, stepUpByPasskey } from '#web/passkey-steps.ts';

/** Fields: token, response, goto. Tries are counted for the person by domain/login. */
export default page({
  who: { is: 'staff', permission: 'any' },

  get: async (visit) => drawStepUp(visit, OWN_STAFF),
  post: async (visit) => stepUpByPasskey(visit, OWN_STAFF),
});
