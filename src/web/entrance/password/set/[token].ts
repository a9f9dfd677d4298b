// Chooses a password by the link of a letter. Nobody is signed in by it: a second factor, where there is one, is asked for
// at the sign-in that follows (ASVS 5.0 V6.4.3). A link that opens nothing says why, and how to get one that does.

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import type { LinkState } from '#domain/login/password-links.ts';
import { passwordLinkState, setPasswordByLink } from '#domain/login/password-links.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { newPasswordField } from '#web/new-password.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

type Open = Extract<LinkState, { is: 'open' }>;
type Dead = Exclude<LinkState, { is: 'open' }>;

/**
 * Fields: password. Query: `go-on`, once somebody who is signed in here as another has read whose link it is. Errors: those
 * of the password rule, at `password`; `password-link-over`. Opening the address spends nothing, so that programs that look
 * at letters cannot use the link up. Spent by one of any number of posts.
 */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'password-set', most: 60, withinMs: minutes(15) },

  get: async (visit) => answerOf(visit, await passwordLinkState(visit.ctx, tokenOf(visit))),

  post: async (visit) => {
    const password = visit.form.text('password');
    const side = await setPasswordByLink(visit.ctx, tokenOf(visit), password, visit.ip);
    return goTo(loginOf(side), { tone: 'success', key: 'entrance.set.done' });
  },
});

function tokenOf(visit: Visit): string {
  return visit.params['token'] ?? '';
}

function loginOf(side: 'user' | 'administrator'): string {
  return side === 'user' ? '/login' : '/admin/login';
}

async function answerOf(visit: Visit, state: LinkState): Promise<Answer> {
  if (state.is !== 'open') return show(deadPicture(visit, state), state.is === 'unknown' ? 404 : 410);
  const who = signedInAsAnother(visit, state);
  if (who !== undefined && !visit.form.given && visit.query['go-on'] === undefined)
    return show(otherPicture(visit, state, who));
  return show(picture(visit, state, await newPasswordRule(visit.ctx)));
}

/** Who is signed in here, where that is somebody else than the link is for. */
function signedInAsAnother({ user, administrator }: Visit, { side, whose }: Open): string | undefined {
  if (side === 'user') return user && user.userId !== whose ? user.email : undefined;
  return administrator && administrator.administratorId !== whose ? administrator.username : undefined;
}

function picture(visit: Visit, { address }: Open, rule: PasswordRule): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.set.title'),
    intro: t('entrance.set.intro', { address }),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.set.button'),
      body: newPasswordField(visit, rule, { enterkeyhint: 'done', autofocus: true }),
    }),
  });
}

/** A link that somebody else sent may make them believe that they change their own password. */
function otherPicture({ frame, path }: Visit, { address, side }: Open, who: string): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('passwords.link.other.title'),
    body: html`<p class="text-break">${t('passwords.link.other.text', { address, who })}</p>${buttonRow(
      postButton(frame, { action: `${path}/signing-out`, text: t('passwords.link.other.leave'), tone: 'primary' }),
      linkButton({ href: `${path}?go-on`, text: t('passwords.link.other.stay') }),
    )}`,
    wayOut: html`<a href="${side === 'user' ? '/' : '/admin'}">${t('passwords.link.other.back')}</a>`,
  });
}

/** The link opens nothing: why, and how to get a fresh one. */
function deadPicture(visit: Visit, state: Dead): Html {
  const { frame } = visit;
  const { title, why } = wordsOf(visit, state);
  return entranceRoom(frame, {
    title,
    body: refusal(frame, { what: why, next: nextStep(visit, state) }),
    wayOut: html`<a href="${'side' in state ? loginOf(state.side) : '/login'}">${frame.t('entrance.reset.back')}</a>`,
  });
}

function wordsOf({ frame: { t } }: Visit, state: Dead): { title: string; why: string } {
  switch (state.is) {
    case 'used':
      return { title: t('entrance.set.used'), why: t('entrance.set.used-why') };
    case 'expired':
      return { title: t('entrance.set.expired'), why: t('entrance.set.expired-why') };
    case 'replaced':
      return { title: t('passwords.link.replaced'), why: t('passwords.link.replaced-why') };
    case 'overtaken':
      return { title: t('passwords.link.overtaken'), why: t('passwords.link.overtaken-why') };
    case 'foreign':
      return { title: t('passwords.link.foreign'), why: t('passwords.link.foreign-why', { address: state.address }) };
    case 'unknown':
      return { title: t('entrance.set.unknown'), why: t('entrance.set.unknown-why') };
  }
}

/** To the mailbox that this one went to, where it is theirs still; else by the page that asks for an address. */
function nextStep({ frame: { t }, path }: Visit, state: Dead): Html {
  if ('fresh' in state && state.fresh !== undefined)
    return linkButton({
      href: `${path}/fresh`,
      text: t('passwords.link.fresh', { address: state.fresh }),
      tone: 'primary',
    });
  const ask = 'side' in state && state.side === 'administrator' ? '/admin/password/reset' : '/password/reset';
  return linkButton({ href: ask, text: t('entrance.set.fresh'), tone: 'primary' });
}
