// Adds credit to a client's balance. Fields: those of credit-parts.ts.

import { clientFileOf } from '#web/client-profile.ts';
import { creditForm, enterCredit } from '#web/credit-parts.ts';
import { page, show } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Credits' },
  get: async (visit) => show(creditForm(visit, await clientFileOf(visit), 'add')),
  post: (visit) => enterCredit(visit, 'add'),
});
