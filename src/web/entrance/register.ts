// Opening an account by oneself. What is answered is the same whether the address is somebody's already: look into your
// mailbox. Where nobody registers by themselves, the page says how else one gets an account.

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import { formStamp, isTooQuick } from '#domain/guard/form-age.ts';
import { takePendingIn } from '#domain/login/federation/pending.ts';
import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isRegistrationOpen, register } from '#domain/signup/registration.ts';
import { hours } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import type { CameWith } from '#web/federation.ts';
import { cameWith } from '#web/federation.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import type { Asked } from '#web/registration-form.ts';
import { askedOf, registrationFields, typedRegistration } from '#web/registration-form.ts';

const FORM = 'register';
/** Its field is there for programs alone: people neither see it nor reach it. */
const TRAP = 'homepage';

/**
 * Fields: those of the profile, password, language, currency, marketing, terms, the custom fields of the order form. How
 * often is counted by domain/signup, for a network and for what was typed; here for every post, good or not.
 */
export default page({
  who: { is: 'anyone' },
  captcha: 'register',
  limit: { name: 'register-posts', most: 60, withinMs: hours(1) },

  get: async (visit) => {
    const { ctx, user } = visit;
    if (!(await isRegistrationOpen(ctx))) return show(closed(visit, await settingOf(ctx, supportAddress)));
    if (user) return goTo('/account/new');
    const asked = await askedOf(visit);
    return show(picture(visit, asked, await newPasswordRule(ctx), await cameWith(visit)));
  },

  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const { ctx, form: typed, ip } = visit;
  if (typed.text(TRAP) !== '') return goTo('/register/sent'); // a program: it hears what everybody hears
  if (isTooQuick(ctx, FORM, typed.text('drawn'))) throw new Problem('invalid', 'form-too-quick');
  const came = await cameWith(visit);
  const identity = came?.identity;
  await register(ctx, { ...typedRegistration(typed), password: typed.text('password'), identity }, ip);
  if (came) await takePendingIn(ctx, visit.browser, 'user');
  return goTo('/register/sent');
}

function picture(visit: Visit, asked: Asked, rule: PasswordRule, came: CameWith | undefined): Html {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const password = passwordField(frame, {
    name: 'password',
    label: t('registration.password'),
    help: t('entrance.password.help', { minimum: rule.minimum }),
    errors,
    required: true,
    autocomplete: 'new-password',
    rule,
  });
  const trap = html`<div class="dw-trap" aria-hidden="true"><label for="${TRAP}">${t('registration.trap')}</label><input id="${TRAP}" name="${TRAP}" type="text" tabindex="-1" autocomplete="off"></div>`;
  return entranceRoom(frame, {
    title: t('registration.title'),
    intro: t('registration.intro', { company: frame.brand.name }),
    errors,
    body: html`${came && whatCame(visit, came)}${form(frame, {
      errors,
      button: t('registration.button'),
      body: html`${hiddenField('drawn', formStamp(ctx, FORM))}${trap}${registrationFields(visit, asked, {
        stored: came?.stored ?? {},
        before: password,
        titles: false,
      })}${came && hiddenField('with', came.provider.slug)}`,
    })}`,
    wayOut: html`<p><a href="/login">${t('registration.have-one')}</a></p>`,
  });
}

/** What becomes of the account elsewhere with which they came. */
function whatCame({ frame }: Visit, { provider, identity }: CameWith): Html {
  const values = { provider: provider.name, address: identity.email };
  const key = identity.addressVerified ? 'federation.register.linked' : 'federation.register.linked-later';
  return remark({ tone: 'info', body: frame.t(key, values) });
}

function closed({ frame }: Visit, support: string): Html {
  const { t } = frame;
  const company = frame.brand.name;
  const write =
    support &&
    html`<div class="dw-post">${linkButton({ href: `mailto:${support}`, text: t('entrance.register.write', { support }) })}</div>`;
  return entranceRoom(frame, {
    title: t('entrance.register.title'),
    body: html`<div><p>${t('entrance.register.text', { company })}</p><p class="text-secondary">${t('entrance.register.letter')}</p></div>${write}`,
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
