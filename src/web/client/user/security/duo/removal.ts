// Removing the Duo of a customer.

import { drawDuoRemoval, removeOwnDuo } from '#web/duo-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** No fields. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawDuoRemoval(visit, OWN_USER),
  post: async (visit) => removeOwnDuo(visit, OWN_USER),
});
