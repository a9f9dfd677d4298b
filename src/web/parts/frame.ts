// What every drawing needs to know of the visit: words, formats, who is here, where. The drawing half of a `Visit`.

import type { Html } from '#kit/html.ts';
import type { Translate } from '#src/locales/words.ts';

/** What happened just before, said once at the top of the next page. */
export type Notice = { readonly tone: 'success' | 'info' | 'warning' | 'danger'; readonly text: string };

/** A client as the person sees it in the account switcher. */
export type FrameAccount = {
  readonly id: number;
  readonly name: string;
  readonly company: string;
  readonly role: 'owner' | 'member';
};

/** A page in a language: its own name, and where it is. */
export type LanguageChoice = { readonly code: string; readonly name: string; readonly href: string };

export type Frame = {
  readonly t: Translate;
  /** BCP 47, such as `en` or `pt-BR`. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** This page in every language; only for strangers, who have no profile to choose one in. */
  readonly languages?: readonly LanguageChoice[];
  /** `accent` is a hex colour; it reaches the page by /assets/brand.css (see brand.ts), never inline. */
  readonly brand: { readonly name: string; readonly logoUrl?: string; readonly accent?: string };
  /** The path of this page without its query, for `aria-current`. */
  readonly path: string;
  /** The value of the hidden field `csrf` of every form that posts. */
  readonly csrf: string;
  readonly notice?: Notice;
  /** What a form that posts to this path draws above its button, where visitors have to show that they are people. */
  readonly captcha?: { readonly posts: string; readonly field: Html };
  readonly user?: {
    readonly id: number;
    readonly name: string;
    readonly email: string;
    /** They are asked to confirm their address, and did not yet. */
    readonly isUnproven?: boolean;
    /** Support asks whether it is they who speak to it. */
    readonly isAsked?: boolean;
  };
  /** Staff are here in the place of the user, until then. `mayPost`: they may change something, and on this page, too. */
  readonly acting?: { readonly until: number; readonly mayWrite: boolean; readonly mayPost: boolean };
  /** The selected client and what the person may do there. */
  readonly account?: FrameAccount & {
    may(permission: string): boolean;
    /** Whether they may invite others, and so see the page of the account's people. */
    readonly mayInvite?: boolean;
  };
  /** Clients the person may change to; of very many only as many as tell that they are too many for a menu. */
  readonly accounts?: readonly FrameAccount[];
  readonly administrator?: {
    readonly id: number;
    readonly name: string;
    readonly role: string;
    may(permission: string): boolean;
  };
  formatDate(at: number): string;
  formatDateTime(at: number): string;
  formatNumber(n: number): string;
  formatMoney(minor: number, currency: string): string;
  /** The time of this visit, milliseconds since 1970 UTC. */
  readonly now: number;
};
