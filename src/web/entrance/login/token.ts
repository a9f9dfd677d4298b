// Takes over the session that a program got by ValidateLogin: the program's page posts its token here, and this browser is
// signed in. The token works once and for a short time, so a post from another site may carry it.

import { signInByHandover } from '#domain/login/sign-in.ts';
import { minutes } from '#kit/duration.ts';
import { customerPath } from '#web/goto.ts';
import { enter, goTo, page } from '#web/page.ts';

/** Fields: token, and goto inside our own pages. A token that opens nothing leads to the sign-in page. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'login-token', most: 600, withinMs: minutes(15) },
  acceptsForeignPosts: true,

  get: async () => goTo('/login'),

  post: async (visit) => {
    const session = await signInByHandover(visit.ctx, visit.form.text('token'), {
      ip: visit.ip,
      userAgent: visit.userAgent,
      origin: 'handover',
      replaces: visit.user?.sessionId,
    });
    if (!session) return goTo('/login', { tone: 'info', key: 'entrance.token.refused' });
    return enter(session, customerPath(visit.form.text('goto')) ?? '/');
  },
});
