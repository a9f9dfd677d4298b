// Gives a passkey of a customer another name.

import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeyName, namePasskey } from '#web/passkey-pages.ts';

/** Fields: name. Another person's passkey is not found. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawPasskeyName(visit, OWN_USER),
  post: async (visit) => namePasskey(visit, OWN_USER),
});
