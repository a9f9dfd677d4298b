// One authenticator app of a customer: its name, and the way to remove it. Fields: name.

import { drawApp, renameApp } from '#web/app-factor-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  stepUp: true,
  get: (visit) => drawApp(visit, OWN_USER),
  post: (visit) => renameApp(visit, OWN_USER),
});
