// Where customers come back to from Duo when they were asked again who they are.

import { duoStepUpCameBack } from '#web/duo-steps.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Query: duo_code, state. Tries are counted for the person by domain/login. */
export default page({
  who: { is: 'user' },
  acting: 'never',
  spendsByGet: true,
  get: async (visit) => duoStepUpCameBack(visit, OWN_USER),
});
