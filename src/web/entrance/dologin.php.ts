// Where sign-in forms of older web sites post to. Such a form carries no proof of whose browser sent it, so any site could
// sign a visitor in as somebody else by it (login CSRF). Therefore it signs in nobody: it draws our own form with the
// address filled in, and what was sent as the password is not looked at.

import { customerPath } from '#web/goto.ts';
import { goTo, page, show } from '#web/page.ts';
import { CUSTOMERS } from '#web/sign-in.ts';
import { signInPicture } from '#web/sign-in-pictures.ts';

/** Fields: username or email, goto. */
export default page({
  who: { is: 'anyone' },
  captcha: 'login',
  acceptsForeignPosts: true,

  get: async () => goTo('/login'),

  post: async ({ frame, form, user }) => {
    const goto = form.text('goto');
    if (user) return goTo(CUSTOMERS.goOn(goto));
    const email = (form.text('username') || form.text('email')).trim().slice(0, 254);
    const again = { ...frame, notice: { tone: 'info', text: frame.t('entrance.login.once-more') } } as const;
    return show(signInPicture(again, { email, goto: customerPath(goto) ?? '', errors: undefined }));
  },
});
