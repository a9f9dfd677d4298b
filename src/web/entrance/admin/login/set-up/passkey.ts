// Setting up a passkey on the way in, where signing in of staff goes no further without a second factor.

import { page } from '#web/page.ts';
import { drawSetUp, setUpPasskey } from '#web/passkey-steps.ts';
import { STAFF } from '#web/sign-in.ts';

/** Fields: token, response, goto. Twenty tries, ten minutes from the step before. */
export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawSetUp(visit, STAFF),
  post: async (visit) => setUpPasskey(visit, STAFF),
});
