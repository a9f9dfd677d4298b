// Setting up Duo on the way in, for staff who need a second factor and have none. No session exists yet.

import { drawDuoSetUp } from '#web/duo-steps.ts';
import { page } from '#web/page.ts';
import { STAFF } from '#web/sign-in.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawDuoSetUp(visit, STAFF),
});
