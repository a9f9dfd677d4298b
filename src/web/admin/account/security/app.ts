// The authenticator apps of a member of staff, and setting up another one.

import { minutes } from '#kit/duration.ts';
import { addApp, drawApps } from '#web/app-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Fields: draft, code, name. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  limit: { name: 'authenticator-set-up', most: 60, withinMs: minutes(15) },
  get: (visit) => drawApps(visit, OWN_STAFF),
  post: (visit) => addApp(visit, OWN_STAFF),
});
