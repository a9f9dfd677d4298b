// The second step of signing in by a passkey or security key, where a member of staff has one. No session exists yet.

import { page } from '#web/page.ts';
import { drawSecondFactor, offerSecondFactor } from '#web/passkey-steps.ts';
import { STAFF } from '#web/sign-in.ts';

/** Fields: token, response, goto. Five tries, ten minutes (domain/login); then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawSecondFactor(visit, STAFF),
  post: async (visit) => offerSecondFactor(visit, STAFF),
});
