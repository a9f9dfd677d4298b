// The sign-in page of customers: an e-mail address and a password.

import { isRegistrationOpen } from '#domain/signup/registration.ts';
import { invalid } from '#kit/problem.ts';
import { rememberTick } from '#web/device-parts.ts';
import { providerButtons } from '#web/federation.ts';
import { customerPath } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { passkeyButton } from '#web/passkey-steps.ts';
import { CUSTOMERS, gotoOf, knock } from '#web/sign-in.ts';
import { signInPicture } from '#web/sign-in-pictures.ts';
import { confirmingWords } from '#web/verification.ts';

/**
 * Fields: email, password, remember, goto. Every refusal is one sentence (`login-wrong`) after the same work; how often one may try
 * is counted by domain/login, for a name and for a network (`too-many-tries`). What is left empty is said before any work.
 */
export default page({
  who: { is: 'anyone' },
  captcha: 'login',

  get: async (visit) => {
    if (visit.user) return goTo(CUSTOMERS.goOn(gotoOf(visit)));
    const typed = { email: visit.form.text('email'), goto: customerPath(gotoOf(visit)) ?? '', errors: visit.errors };
    const mayRegister = await isRegistrationOpen(visit.ctx);
    const [passkey, remember] = [await passkeyButton(visit, CUSTOMERS), await rememberTick(visit, CUSTOMERS)];
    const more = { mayRegister, passkey, remember, others: await providerButtons(visit, CUSTOMERS) };
    return show(signInPicture(visit.frame, { ...typed, ...confirmingWords(visit), ...more }));
  },

  post: async (visit) => {
    const { email, password } = filledIn(visit);
    return knock(visit, CUSTOMERS, email, password);
  },
});

function filledIn({ form }: Visit): { email: string; password: string } {
  const [email, password] = [form.text('email').trim(), form.text('password')];
  const missing = {
    ...(email === '' ? { email: 'email-missing' } : {}),
    ...(password === '' ? { password: 'password-missing' } : {}),
  };
  if (email === '' || password === '') throw invalid(missing);
  return { email, password };
}
