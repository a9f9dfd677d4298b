// Where customers come back to from Duo while they sign in. What is in the address counts once, in the browser that was sent.

import { duoSecondFactorCameBack } from '#web/duo-steps.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Query: duo_code, state. Five tries, ten minutes (domain/login); then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },
  spendsByGet: true,
  get: async (visit) => duoSecondFactorCameBack(visit, CUSTOMERS),
});
