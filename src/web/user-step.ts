// A step that staff take about one user: a form or a confirmation of its own, and the way back to where they came from.

import type { Html } from '#kit/html.ts';
import type { Answer, NextNotice, Visit } from '#web/page.ts';
import { goTo } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { may, wholeNumber, withQuery } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';

/** A step about a user. `back` as `wayBack` says. */
export function userStep(
  visit: Visit,
  drawn: { readonly title: string; readonly intro?: string | undefined; readonly body: Html } & {
    readonly back: { readonly href: string; readonly text: string };
  },
): Html {
  return adminRoom(visit.frame, { ...drawn, errors: visit.errors });
}

/** A step with nothing to fill in: what the one button does, in `body`, and a way out. */
export function oneButtonStep(
  visit: Visit,
  file: UserFile,
  drawn: { readonly title: string; readonly body: Html; readonly button: string; readonly tone?: 'danger' },
): Html {
  const { title, ...asked } = drawn;
  const back = wayBack(visit, file);
  const secondary = linkButton({ href: back.href, text: visit.frame.t('admin.client.cancel') });
  return userStep(visit, {
    title,
    back,
    body: card({ body: form(visit.frame, { action: keepingWay(visit), secondary, ...asked }) }),
  });
}

/** After a step: the way back, with a word that it is done. The word may name the user. */
export function goBack(
  visit: Visit,
  file: UserFile,
  key: NextNotice['key'],
  values: NextNotice['values'] = { name: file.name },
): Answer {
  return goTo(wayBack(visit, file).href, { tone: 'success', key, values });
}

/** Where one came from: the people of the client that the query names, else the user's own page. */
export function wayBack(visit: Visit, file: UserFile): { href: string; text: string } {
  const client = wholeNumber(visit.query['client']);
  if (client !== undefined && may(visit, 'View Clients Summary'))
    return { href: `/admin/clients/${client}/users`, text: visit.frame.t('admin.client.tab.users') };
  return may(visit, 'List Users')
    ? { href: file.href, text: file.name }
    : { href: '/admin', text: visit.frame.t('common.admin.home') };
}

/** The address to post to: this page, with where one came from. */
export function keepingWay(visit: Visit): string {
  return withQuery(visit.path, { client: wholeNumber(visit.query['client']) });
}
