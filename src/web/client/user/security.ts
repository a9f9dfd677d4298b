// How a customer signs in, and where they are signed in: the overview.

import { OWN_USER } from '#web/own-side.ts';
import { page, show } from '#web/page.ts';
import { securityOverview } from '#web/security-pages.ts';

export default page({
  who: { is: 'user' },
  get: async (visit) => show(await securityOverview(visit, OWN_USER)),
});
