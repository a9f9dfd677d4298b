// Where customers come back to from another site. What is in the address counts once, in the browser in which it was begun.

import { ANSWER_FIELDS, callback } from '#web/federation.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Query, or an answer posted by the provider's page: code, state, iss, error. */
export default page({
  who: { is: 'anyone' },
  spendsByGet: true,
  postsComeBackByGet: ANSWER_FIELDS,
  get: async (visit) => callback(visit, CUSTOMERS),
});
