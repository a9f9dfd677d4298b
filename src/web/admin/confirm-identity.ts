// Asks a member of staff again who they are, and goes on to where they wanted to be. Query: goto, by. Fields: current or code, goto.

import { confirm, drawConfirmation } from '#web/confirm-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  get: (visit) => drawConfirmation(visit, OWN_STAFF),
  post: (visit) => confirm(visit, OWN_STAFF),
});
