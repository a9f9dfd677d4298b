// Asks a customer again who they are, by Duo.

import { drawDuoStepUp } from '#web/duo-steps.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  get: async (visit) => drawDuoStepUp(visit, OWN_USER),
});
