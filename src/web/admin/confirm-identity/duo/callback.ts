// Where staff come back to from Duo when they were asked again who they are.

import { duoStepUpCameBack } from '#web/duo-steps.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Query: duo_code, state. Tries are counted for the person by domain/login. */
export default page({
  who: { is: 'staff', permission: 'any' },
  spendsByGet: true,
  get: async (visit) => duoStepUpCameBack(visit, OWN_STAFF),
});
