// The Duo of a customer: how it stands, or the way to set it up.

import { drawOwnDuo } from '#web/duo-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawOwnDuo(visit, OWN_USER),
});
