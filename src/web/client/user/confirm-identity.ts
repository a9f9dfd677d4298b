// Asks a customer again who they are, and goes on to where they wanted to be. Query: goto, by. Fields: current or code, goto.

import { confirm, drawConfirmation } from '#web/confirm-factor-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  get: (visit) => drawConfirmation(visit, OWN_USER),
  post: (visit) => confirm(visit, OWN_USER),
});
