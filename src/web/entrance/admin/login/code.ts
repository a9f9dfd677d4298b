// The second step of a staff's sign-in: the code of an authenticator app. No session exists yet.

import { drawCode, offerTyped } from '#web/login-factor-pages.ts';
import { page } from '#web/page.ts';
import { STAFF } from '#web/sign-in.ts';

/** Fields: code, goto; any typed code is taken, a backup code too. Five tries, ten minutes; then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },
  get: (visit) => drawCode(visit, STAFF),
  post: (visit) => offerTyped(visit, STAFF, undefined),
});
