// Asks whoever is signed in whether it is they who speak to support, on every page of the client area until they answered.

import type { Html } from '#kit/html.ts';
import { linkButton } from './button.ts';
import type { Frame } from './frame.ts';
import { remark } from './notice.ts';

/** The page on which it is answered. */
const PAGE = '/user/support-question';

/** The banner; nothing where nobody asks, on the page itself, and for staff in the person's place. */
export function askedBanner(frame: Frame): Html | undefined {
  if (!frame.user?.isAsked || frame.acting || frame.path === PAGE) return undefined;
  return remark({
    tone: 'warning',
    title: frame.t('support.asked.title'),
    body: frame.t('support.asked.text', { company: frame.brand.name }),
    action: linkButton({ href: PAGE, text: frame.t('support.asked.open'), small: true }),
  });
}
