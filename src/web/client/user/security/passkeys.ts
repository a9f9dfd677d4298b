// The passkeys and security keys of a customer.

import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeys } from '#web/passkey-pages.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawPasskeys(visit, OWN_USER),
});
