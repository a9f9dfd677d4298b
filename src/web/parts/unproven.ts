// Asks whoever is signed in to confirm their address, on every page of the client area until they did.

import type { Html } from '#kit/html.ts';
import { postButton } from './button.ts';
import type { Frame } from './frame.ts';
import { remark } from './notice.ts';

/** The page that says more of it, and to which the button posts. */
const PAGE = '/user/confirmation';

/** The banner, or nothing where there is nothing to ask or the page itself asks. */
export function unprovenBanner(frame: Frame): Html | undefined {
  if (!frame.user?.isUnproven || frame.path === PAGE) return undefined;
  return remark({
    tone: 'warning',
    body: frame.t('registration.banner.text', { address: frame.user.email }),
    action: postButton(frame, { action: PAGE, text: frame.t('registration.banner.send'), small: true }),
  });
}
