// For staff whose account elsewhere is linked with nobody here.

import { unknownPage } from '#web/federation.ts';
import { page } from '#web/page.ts';
import { STAFF } from '#web/sign-in.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => unknownPage(visit, STAFF),
});
