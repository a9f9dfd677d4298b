// Where a sign-in of customers with another site begins.

import { startPage } from '#web/federation.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Query: key, goto. With the key of a page of ours the browser goes on to the provider; without it, it gets that link. */
export default page({
  who: { is: 'anyone' },
  spendsByGet: true,
  get: async (visit) => startPage(visit, CUSTOMERS),
});
