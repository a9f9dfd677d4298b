// One's own accounts elsewhere with which one may sign in here.

import { accountsPage } from '#web/federation-accounts.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => accountsPage(visit, OWN_USER),
});
