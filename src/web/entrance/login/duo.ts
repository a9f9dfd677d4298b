// The second step of signing in by Duo, where a customer has it. No session exists yet.

import { drawDuoSecondFactor } from '#web/duo-steps.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawDuoSecondFactor(visit, CUSTOMERS),
});
