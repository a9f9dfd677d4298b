// One authenticator app of a member of staff: its name, and the way to remove it. Fields: name.

import { drawApp, renameApp } from '#web/app-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: (visit) => drawApp(visit, OWN_STAFF),
  post: (visit) => renameApp(visit, OWN_STAFF),
});
