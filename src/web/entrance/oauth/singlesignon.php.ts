// Spends a single sign-on token: the browser that opens the link within its minute is signed in, once.

import { redeemSsoToken } from '#domain/sso/sso.ts';
import { enter, goTo, page } from '#web/page.ts';

/**
 * Query: access_token. Leads to what the token was made for: a page of ours, or an address that the operator entered. A
 * token that opens nothing leads to the sign-in page, or home for whoever is signed in already (the link was clicked twice).
 */
export default page({
  who: { is: 'anyone' },
  spendsByGet: true,

  get: async (visit) => {
    const { ctx, ip, userAgent, user } = visit;
    const from = { ip, userAgent, replaces: user?.sessionId };
    const answer = await redeemSsoToken(ctx, visit.query['access_token'] ?? '', from);
    if ('session' in answer) return enter(answer.session, answer.target);
    if (!user) return goTo('/login', { tone: 'info', key: 'entrance.sso.refused' });
    return goTo('/', { tone: 'info', key: 'entrance.sso.refused-here', values: { who: user.email } });
  },
});
