// Where customers come back to from Duo when they set it up on the way in.

import { duoSetUpCameBack } from '#web/duo-steps.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Query: duo_code, state. Tries are counted for the person and for the sign-in. */
export default page({
  who: { is: 'anyone' },
  spendsByGet: true,
  get: async (visit) => duoSetUpCameBack(visit, CUSTOMERS),
});
