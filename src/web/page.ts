// What a page file is: who may enter, what it draws, what it does. The default export of every file in web/entrance,
// web/client and web/admin. The path of the file is the address: `admin/clients/[id]/users.ts` is /admin/clients/:id/users,
// a `home.ts` is its folder's address, a `[param]` is a part of the path.

import type { Account } from '#domain/access/accounts.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { CaptchaForm } from '#domain/guard/captcha.settings.ts';
import type { Limit } from '#domain/guard/limits.ts';
import type { OpenedSession } from '#domain/sessions/opening.ts';
import type { SignedInAdministrator, SignedInUser } from '#domain/sessions/signed-in.ts';
import type { Html } from '#kit/html.ts';
import type { Context } from '#src/context.ts';
import type { Key } from '#src/locales/words.ts';
import type { SentFile } from '#web/file-form.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import type { Frame, Notice } from '#web/parts/frame.ts';

/**
 * Who may enter a page:
 * - `anyone`: strangers too; only in web/entrance
 * - `user`: whoever is signed in to the client area
 * - `account`: a member of the client named in the path by `[client]`, with this permission (`any`: membership is enough;
 *   `owner`: the owner alone; `inviter`: the owner, and whom the owner lets invite others)
 * - `staff`: an administrator whose role holds this permission (`any`: being signed in is enough), and the one in `also`
 */
export type Who =
  | { readonly is: 'anyone' }
  | { readonly is: 'user' }
  | { readonly is: 'account'; readonly permission: AccessPermission | 'any' | 'owner' | 'inviter' }
  | { readonly is: 'staff'; readonly permission: Permission | 'any'; readonly also?: Permission };

/** What a form posted, or nothing on a first look. Texts are as typed. */
export type Form = {
  /** True when something was posted, also when the page is drawn again because of an error. */
  readonly given: boolean;
  /** The last value of a field, or ''. */
  text(name: string): string;
  /** Every value of a field: ticks of a group. */
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** The file of a field, on pages that say `files`. */
  file(name: string): SentFile | undefined;
};

/** What every page gets. */
export type Visit = {
  readonly ctx: Context;
  /** What drawing needs: words, formats, who is here. Pass it to every part. */
  readonly frame: Frame;
  readonly path: string;
  /** The parts of the path in brackets. */
  readonly params: Readonly<Record<string, string>>;
  /** The query, the last value of each name. */
  readonly query: Readonly<Record<string, string>>;
  readonly form: Form;
  /** Field errors in words, when the page is drawn again after a refused post. */
  readonly errors: FieldErrors | undefined;
  readonly ip: string;
  /** The host and port that the request says it came to: for comparing, never for making a link. */
  readonly host: string;
  readonly userAgent: string;
  /** Who acts, for rules and the log. */
  readonly actor: Actor;
  readonly user: SignedInUser | undefined;
  readonly administrator: SignedInAdministrator | undefined;
  readonly account: Account | undefined;
  /** The token of a sign-in under way in this browser. It opens nothing by itself. */
  readonly attempt: string | undefined;
  /** A value that only pages of this browser know, to which a challenge is tied. */
  readonly browser: string;
  /** The cookie that this browser is known by, where it has one. It signs nobody in. */
  readonly device: string | undefined;
};

/** The visit of a page that asked for somebody: that somebody is there. */
export type VisitOf<W extends Who> = W['is'] extends 'staff'
  ? Visit & { readonly administrator: SignedInAdministrator }
  : W['is'] extends 'account'
    ? Visit & { readonly user: SignedInUser; readonly account: Account }
    : W['is'] extends 'user'
      ? Visit & { readonly user: SignedInUser }
      : Visit;

/** A sentence for the top of the next page, by its key. */
export type NextNotice = {
  readonly tone: Notice['tone'];
  readonly key: Key;
  readonly values?: Readonly<Record<string, string | number>>;
};

/** What a page answers. */
export type Answer =
  | { readonly kind: 'picture'; readonly status: number; readonly picture: Html }
  | { readonly kind: 'download'; readonly download: Download }
  | {
      readonly kind: 'redirect';
      readonly to: string;
      readonly notice: NextNotice | undefined;
      readonly session: SessionChange | undefined;
    };

/** A file to save. It is never shown: whatever is in it, it is no page of ours. `size` in bytes, where it is known before. */
export type Download = {
  readonly name: string;
  readonly type: string;
  readonly size: number | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
};

/**
 * What changes for this browser; the frame alone writes cookies.
 * - `opened`: it is signed in by a session just opened, and no sign-in is under way any more
 * - `closed`: it is signed out of one side
 * - `acting`: staff look at the client area in the place of a user; a session of their own there stays
 * - `actingOver`: they do no more
 * - `renewed`: it keeps its session under a new token, and the old token is dead
 * - `attempt`: a sign-in is under way; its token is kept in a cookie and so never stands in an address
 * - `attemptOver`: none is any more
 */
export type SessionChange =
  | { readonly opened: OpenedSession }
  | { readonly closed: 'user' | 'administrator' }
  | { readonly acting: OpenedSession }
  | { readonly actingOver: true }
  | { readonly renewed: 'user' | 'administrator' }
  | { readonly attempt: string }
  | { readonly attemptOver: true };

/** A page. */
export type Page<W extends Who> = {
  readonly who: W;
  /** How often one network may post here; counted before anything is done. */
  readonly limit?: Limit;
  /**
   * Which form this is to the operator, who may ask visitors there to show that they are people. The frame then draws it into
   * the form and takes it before the post.
   */
  readonly captcha?: CaptchaForm;
  /** Draws the page. After a refused post it is called again, with what was typed in `form` and with `errors`. */
  readonly get?: (visit: VisitOf<W>) => Promise<Answer>;
  /** Does what the page is for. Throw a Problem to refuse: the page is drawn again with its words, nothing typed lost. */
  readonly post?: (visit: VisitOf<W>) => Promise<Answer>;
  /**
   * Asks again who this is, unless they proved it in the last quarter of an hour (domain/login/step-up.ts): for what whoever
   * sits down at an open browser should not be able to do. Closed to staff in the place of a user.
   */
  readonly stepUp?: true;
  /**
   * Staff in the place of a user may look at every page that is not `stepUp`, and with a permission of their own post to
   * pages of an account that ask for one of its permissions, to no other. `never`: not even look, for what shows a secret;
   * `always`: post as well, for leaving.
   */
  readonly acting?: 'never' | 'always';
  /**
   * Another site may answer by a post. Our cookies do not come along with it (SameSite=Lax), so nothing is looked at or
   * written: the browser comes back to the same address by GET, with these fields in it, and then they are there.
   */
  readonly postsComeBackByGet?: readonly string[];
  /** Accepts posts of other sites. Only for what carries its own one-use token, or does nothing but draw. */
  readonly acceptsForeignPosts?: true;
  /** Its form may carry a file of at most so many bytes; read only once whoever posts was let in. */
  readonly files?: { readonly most: number };
  /** Opening it spends something: whoever only looks ahead (HEAD, prefetch, preview) is turned away untouched. */
  readonly spendsByGet?: true;
};

/** Declares a page; the default export of its file. */
export function page<const W extends Who>(declared: Page<W>): Page<W> {
  return declared;
}

/** Shows a picture. */
export function show(picture: Html, status = 200): Answer {
  return { kind: 'picture', status, picture };
}

/** Hands out a file for saving. */
export function handOut(download: Download): Answer {
  return { kind: 'download', download };
}

/** Goes to another page of ours (or an operator's address), by 303, with a sentence to show there. */
export function goTo(to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: undefined };
}

/** Signs this browser in with a session just opened, and goes on. */
export function enter(opened: OpenedSession, to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: { opened } };
}

/** Signs this browser out of one side, and goes on. */
export function leave(closed: 'user' | 'administrator', to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: { closed } };
}

/** Puts this browser into the client area in the place of a user, by a session just opened. */
export function actAs(acting: OpenedSession, to: string): Answer {
  return { kind: 'redirect', to, notice: undefined, session: { acting } };
}

/** Leaves the place of a user, and goes on. */
export function stopActing(to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: { actingOver: true } };
}

/** Keeps the token of a sign-in under way in this browser, and goes to its next step. */
export function awaitStep(attempt: string, to: string): Answer {
  return { kind: 'redirect', to, notice: undefined, session: { attempt } };
}

/** Forgets the sign-in that was under way in this browser, and goes on. */
export function dropAttempt(to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: { attemptOver: true } };
}

/** Gives this browser's session a new token, so that a stolen one is dead, and goes on. */
export function renew(side: 'user' | 'administrator', to: string, notice?: NextNotice): Answer {
  return { kind: 'redirect', to, notice, session: { renewed: side } };
}

/** A field as typed when a form was posted, else as stored. */
export function textOr(form: Form, name: string, stored: string): string {
  return form.given ? form.text(name) : stored;
}

/** A tick as typed, or as stored on a first look. */
export function tickOr(form: Form, name: string, stored: boolean): boolean {
  return form.given ? form.has(name) : stored;
}
