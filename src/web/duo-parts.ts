// What every page of Duo shares: the link to its prompt, what came back in the address, and the way on when it was no yes. A
// link and no form: browsers hold a form to our own addresses all the way (form-action).

import type { DuoPurpose, DuoVisit } from '#domain/credentials/duo-visit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notAllowed, Problem } from '#kit/problem.ts';
import { isKey } from '#src/locales/words.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';

/** The visit to Duo of a page. */
export function duoVisitOf({ browser }: Visit, purpose: DuoPurpose, holder: FactorHolder): DuoVisit {
  return { purpose, holder, browser };
}

/**
 * The link to Duo, or why there is none. `trusting`: a second one that trusts the browser, and for how long. `isLone`: there
 * is no other way on this page.
 */
export function duoLink(
  frame: Frame,
  link: string | undefined,
  more: {
    readonly trusting?: { readonly href: string; readonly days: number } | undefined;
    readonly isLone?: boolean;
  } = {},
): Html {
  const { t } = frame;
  if (link === undefined) {
    const body = more.isLone ? t('factors.duo.unavailable.lone') : t('errors.duo-unavailable');
    return remark({ tone: 'danger', body });
  }
  const go = linkButton({ href: link, text: t('factors.duo.go'), tone: 'primary', icon: 'external-link' });
  const { trusting } = more;
  const trust =
    trusting && linkButton({ href: trusting.href, text: t('factors.duo.go.trust', { days: trusting.days }) });
  return html`<div><div class="d-grid gap-2"><div class="dw-post">${go}</div>${trust && html`<div class="dw-post">${trust}</div>`}</div>${
    trust && html`<p class="small text-secondary mt-2 mb-0">${t('devices.trust.help')}</p>`
  }<p class="small text-secondary mt-2 mb-0">${t('factors.duo.go.help')}</p></div>`;
}

/** What Duo sent the browser back with. Without a code it has something else to say, and that is no yes. */
export function duoSent({ query }: Visit): { readonly state: string; readonly code: string } {
  return { state: query['state'] ?? '', code: query['duo_code'] ?? '' };
}

/** Does what follows a visit; whatever refuses it is said on the page that asked, where another way may be chosen. */
export async function orBackTo(page: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.kind === 'too-many') throw error;
    const key = error.code === 'code-wrong' ? 'errors.duo-denied' : `errors.${error.code}`;
    if (!isKey(key)) throw error;
    return goTo(page, { tone: 'danger', key, values: error.values });
  }
}

/** Whose session this is. Not of staff in the place of a user: they show nothing of the user's factors. */
export function ownHolder(visit: Visit, side: OwnSide): FactorHolder {
  if (visit.user?.acting) throw notAllowed('acting-secrets');
  return inSession(visit, side).holder;
}
