// Setting up Duo on the way in, for customers who need a second factor and have none. No session exists yet.

import { drawDuoSetUp } from '#web/duo-steps.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawDuoSetUp(visit, CUSTOMERS),
});
