// Where staff come back to from Duo when they set it up. What is in the address counts once, in the browser that was sent.

import { ownDuoCameBack } from '#web/duo-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Query: duo_code, state. Only the page before draws the way here, and it asks who this is; tries are counted. */
export default page({
  who: { is: 'staff', permission: 'any' },
  spendsByGet: true,
  get: async (visit) => ownDuoCameBack(visit, OWN_STAFF),
});
