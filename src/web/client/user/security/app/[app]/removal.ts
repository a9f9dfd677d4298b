// Removing an authenticator app of a customer.

import { drawRemoval, removeApp } from '#web/app-factor-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: (visit) => drawRemoval(visit, OWN_USER),
  post: (visit) => removeApp(visit, OWN_USER),
});
