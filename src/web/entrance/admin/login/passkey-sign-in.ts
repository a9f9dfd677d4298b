// Signing in by a passkey alone, for staff. What it asks for is the same for everybody.

import { page } from '#web/page.ts';
import { drawSignIn, signInByPasskey } from '#web/passkey-steps.ts';
import { STAFF } from '#web/sign-in.ts';

/** Fields: token, response, goto. Every refusal is one sentence; tries of a network are counted by domain/login. */
export default page({
  who: { is: 'anyone' },
  get: async (visit) => drawSignIn(visit, STAFF),
  post: async (visit) => signInByPasskey(visit, STAFF),
});
