// An invitation, as whoever holds its link sees it: who gives what, and accepting it as who is signed in, by signing in first,
// or as somebody new.

import type { OpenInvitation } from '#domain/access/invitation-answers.ts';
import { acceptInvitation, findOpenInvitation, mayAccept } from '#domain/access/invitation-answers.ts';
import { termLine } from '#domain/access/invitation-words.ts';
import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import type { SignedInUser } from '#domain/sessions/signed-in.ts';
import { acceptAsNewUser } from '#domain/signup/invited-user.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import { maskedAddress } from '#kit/text.ts';
import { withGoto } from '#web/goto.ts';
import { invitationOver } from '#web/invitation-over.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { emailField, passwordField, readOnlyField, textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { CUSTOMERS, knock } from '#web/sign-in.ts';

/**
 * Fields of somebody new: firstName, lastName, password, and email where another address than the invited one may accept.
 * Opening the address spends nothing, so that programs that look at letters cannot use the link up. A link that opens
 * nothing is answered alike, whatever is wrong with it.
 */
export default page({
  who: { is: 'anyone' },
  captcha: 'invitation',
  limit: { name: 'invite', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const invitation = await findOpenInvitation(visit.ctx, tokenOf(visit));
    if (!invitation) return show(invitationOver(visit.frame), 404);
    return show(picture(visit, invitation, await newPasswordRule(visit.ctx)));
  },

  post: async (visit) => {
    if (visit.user) return acceptSignedIn(visit, visit.user);
    const invitation = await findOpenInvitation(visit.ctx, tokenOf(visit));
    if (invitation && mustSignIn(invitation)) return goTo(withGoto('/login', visit.path));
    return acceptNew(visit, invitation);
  },
});

function tokenOf({ params }: Visit): string {
  return params['token'] ?? '';
}

/** Somebody signs in here with the invited address, and no other may accept. */
function mustSignIn({ addressOnly, isKnown }: OpenInvitation): boolean {
  return addressOnly && isKnown;
}

async function acceptSignedIn(visit: Visit, user: SignedInUser): Promise<Answer> {
  const invitation = await findOpenInvitation(visit.ctx, tokenOf(visit));
  const actor = { kind: 'user', userId: user.userId, name: user.email, ip: visit.ip } as const;
  try {
    const clientId = await acceptInvitation(visit.ctx, actor, tokenOf(visit));
    return goTo(`/account/${clientId}`, {
      tone: 'success',
      key: 'access.welcome',
      values: { account: invitation?.accountName ?? '' },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'already-member' || !invitation) throw error;
    return goTo(`/account/${invitation.clientId}`, { tone: 'info', key: 'access.already' });
  }
}

/** Makes the person, and signs them in as their own sign-in would: by the password they just chose. */
async function acceptNew(visit: Visit, invitation: OpenInvitation | undefined): Promise<Answer> {
  const { form: typed } = visit;
  const email = (invitation?.addressOnly ? invitation.email : typed.text('email')).trim();
  const password = typed.text('password');
  const person = { firstName: typed.text('firstName'), lastName: typed.text('lastName'), email, password };
  await acceptAsNewUser(visit.ctx, tokenOf(visit), person, visit.ip);
  try {
    return await knock(visit, CUSTOMERS, email, password);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return goTo('/login', { tone: 'success', key: 'access.made' }); // they are in; signing in has to wait
  }
}

function picture(visit: Visit, invitation: OpenInvitation, rule: PasswordRule): Html {
  const { frame, errors, user } = visit;
  const { t } = frame;
  const names = { inviter: invitation.invitedBy || frame.brand.name, account: invitation.accountName };
  return entranceRoom(frame, {
    title: t('access.invited.title', names),
    intro: html`${t('access.invited.text', names)}`,
    errors,
    body: html`${gift(frame, invitation)}${user ? asSignedIn(visit, invitation, user) : asStranger(visit, invitation, rule)}`,
    wayOut: html`<p><a href="/invite/${tokenOf(visit)}/declining">${t('access.invited.decline')}</a></p>`,
  });
}

/** What they could do, and for how long. */
function gift(frame: Frame, invitation: OpenInvitation): Html {
  const { t } = frame;
  const lines = invitation.permissions.map((one) => html`<li>${t(`client.permission.${one}`)}</li>`);
  return html`<ul>${lines}</ul><p>${termLine(invitation, frame.language)}</p>`;
}

function asSignedIn({ frame }: Visit, invitation: OpenInvitation, user: SignedInUser): Html {
  const { t } = frame;
  if (!mayAccept(invitation, user.email))
    return remark({
      tone: 'warning',
      title: t('access.invited.other-address', { email: user.email }),
      body: t('access.invited.other-address-text', { address: maskedAddress(invitation.email) }),
      action: linkButton({ href: '/logout', text: t('access.invited.sign-out') }),
    });
  return form(frame, {
    button: t('access.invited.accept'),
    body: html`<p>${t('access.invited.as', { email: user.email })}</p>`,
  });
}

function asStranger(visit: Visit, invitation: OpenInvitation, rule: PasswordRule): Html {
  const { frame } = visit;
  const { t } = frame;
  const signIn = withGoto('/login', visit.path);
  if (invitation.isKnown && !visit.form.given && visit.query['new'] === undefined)
    return html`<p>${t('access.invited.known', { address: maskedAddress(invitation.email) })}</p><div class="dw-form-end">${linkButton({ href: signIn, text: t('access.invited.sign-in'), tone: 'primary' })}</div>${
      !invitation.addressOnly && html`<p><a href="${visit.path}?new=1">${t('access.invited.new-instead')}</a></p>`
    }`;
  return html`${newPersonForm(visit, invitation, rule)}${!invitation.addressOnly && html`<p><a href="${signIn}">${t('access.invited.known-instead')}</a></p>`}`;
}

function newPersonForm(visit: Visit, invitation: OpenInvitation, rule: PasswordRule): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const name = (field: 'firstName' | 'lastName', autocomplete: string): Html =>
    textField(frame, {
      name: field,
      label: t(`client.field.${field}`),
      value: typed.text(field),
      errors,
      required: true,
      autocomplete,
    });
  return form(frame, {
    errors,
    button: t('access.invited.accept'),
    body: html`<p>${t('access.invited.new')}</p>${
      invitation.addressOnly
        ? readOnlyField(frame, { label: t('client.field.email'), value: maskedAddress(invitation.email) })
        : emailField(frame, {
            name: 'email',
            label: t('client.field.email'),
            value: typed.text('email'),
            errors,
            required: true,
            autocomplete: 'username',
          })
    }${fieldRow(name('firstName', 'given-name'), name('lastName', 'family-name'))}${passwordField(frame, {
      name: 'password',
      label: t('access.invited.password'),
      help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum: rule.minimum }),
      errors,
      required: true,
      autocomplete: 'new-password',
      rule,
      enterkeyhint: 'done',
    })}`,
  });
}
