// The second step of signing in, where a second factor is set up: its code. No session exists yet.

import { waitingSide } from '#domain/login/next-step.ts';
import { invalid } from '#kit/problem.ts';
import { customerPath, withGoto } from '#web/goto.ts';
import { page, show } from '#web/page.ts';
import { CUSTOMERS, gotoOf, offerTypedCode, startAgain } from '#web/sign-in.ts';
import { codePicture } from '#web/sign-in-pictures.ts';

/** Fields: code, goto. Five tries, ten minutes (domain/login); then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => {
    const waits = await waitingSide(visit.ctx, 'second-factor', visit.attempt ?? '');
    if (waits !== CUSTOMERS.side) return startAgain(visit, CUSTOMERS);
    const goto = customerPath(gotoOf(visit)) ?? '';
    return show(codePicture(visit.frame, { again: withGoto('/login', goto), goto, errors: visit.errors }));
  },

  post: async (visit) => {
    const code = visit.form.text('code').replace(/[\s-]/g, '');
    if (code === '') throw invalid({ code: 'code-missing' });
    return offerTypedCode(visit, CUSTOMERS, code);
  },
});
