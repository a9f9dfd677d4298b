// The answer to the security question, before the letter. What follows is the same whatever was answered, and whether there
// is anybody to answer: the letter alone says more, and it goes to whoever reads that mailbox.

import { captchaFor } from '#domain/guard/captcha.ts';
import { requestPasswordLink } from '#domain/login/forgotten-password.ts';
import { questionForAddress } from '#domain/login/security-question.ts';
import { afterCaptcha } from '#web/captcha.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { cameByAddress, questionPicture, typedAddress } from '#web/reset-parts.ts';

/**
 * Fields: email, token, answer. The captcha, where one is due, was shown on the page before, which `token` proves. Five tries
 * an hour for an address, and for a person wherever they are asked (domain/login).
 */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => {
    const email = visit.form.text('email').trim();
    const question = email === '' ? undefined : await questionForAddress(visit.ctx, email);
    if (!cameByAddress(visit, email) && (await isCaptchaDue(visit))) return goTo('/password/reset');
    return question ? show(questionPicture(visit, { email, question: question.text })) : goTo('/password/reset');
  },

  post: async (visit) => {
    const email = typedAddress(visit.form);
    const send = async () => {
      await requestPasswordLink(visit.ctx, email, visit.ip, visit.form.text('answer'));
      return goTo('/password/reset/sent');
    };
    return cameByAddress(visit, email) ? send() : afterCaptcha(visit, 'password-reset', send);
  },
});

async function isCaptchaDue({ ctx, ip, user, administrator }: Visit): Promise<boolean> {
  const isSignedIn = user !== undefined || administrator !== undefined;
  return (await captchaFor(ctx, 'password-reset', { ip, isSignedIn })) !== undefined;
}
