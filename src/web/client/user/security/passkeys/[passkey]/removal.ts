// Takes a passkey of a customer away, after saying what is lost.

import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';
import { drawPasskeyRemoval, takePasskeyAway } from '#web/passkey-pages.ts';

/** No fields. Another person's passkey is not found. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  get: async (visit) => drawPasskeyRemoval(visit, OWN_USER),
  post: async (visit) => takePasskeyAway(visit, OWN_USER),
});
