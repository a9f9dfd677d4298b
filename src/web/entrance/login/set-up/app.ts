// Setting up an authenticator app on the way in, for customers who need a second factor and have none. No session exists yet.

import { minutes } from '#kit/duration.ts';
import { addAppAtSignIn, drawAppAtSignIn } from '#web/app-factor-pages.ts';
import { page } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';

/** Fields: draft, code, name, goto. Twenty tries, ten minutes (domain/login); then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'login-set-up', most: 60, withinMs: minutes(15) },
  get: (visit) => drawAppAtSignIn(visit, CUSTOMERS),
  post: (visit) => addAppAtSignIn(visit, CUSTOMERS),
});
