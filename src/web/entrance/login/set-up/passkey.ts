// Setting up a passkey on the way in, where signing in of customers goes no further without a second factor.

import { page } from '#web/page.ts';
import { drawSetUp, setUpPasskey } from '#web/passkey-steps.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Fields: token, response, goto. Twenty tries, ten minutes from the step before. */
export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawSetUp(visit, CUSTOMERS),
  post: async (visit) => setUpPasskey(visit, CUSTOMERS),
});
