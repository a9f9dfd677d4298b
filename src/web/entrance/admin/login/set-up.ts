// The last step of signing in for staff who need a second factor and have none: which one it shall be. No session exists yet.

import { drawChoice } from '#web/login-factor-pages.ts';
import { page } from '#web/page.ts';
import { STAFF } from '#web/sign-in.ts';

export default page({
  who: { is: 'anyone' },
  get: (visit) => drawChoice(visit, STAFF),
});
