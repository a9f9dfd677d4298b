// The authenticator apps of a customer, and setting up another one.

import { minutes } from '#kit/duration.ts';
import { addApp, drawApps } from '#web/app-factor-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Fields: draft, code, name. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  limit: { name: 'authenticator-set-up', most: 60, withinMs: minutes(15) },
  get: (visit) => drawApps(visit, OWN_USER),
  post: (visit) => addApp(visit, OWN_USER),
});
