// Opening an account by oneself. What is answered is the same whether the address is somebody's already: look into your
// mailbox. Where nobody registers by themselves, the page says how else one gets an account.

import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { formStamp, isTooQuick } from '#domain/guard/form-age.ts';
import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isRegistrationOpen, register } from '#domain/signup/registration.ts';
import { hours } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
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
  limit: { name: 'register-posts', most: 60, withinMs: hours(1) },

  get: async (visit) => {
    const { ctx, user } = visit;
    if (!(await isRegistrationOpen(ctx))) return show(closed(visit, await settingOf(ctx, supportAddress)));
    if (user) return goTo('/account/new');
    return show(picture(visit, await askedOf(visit), await settingOf(ctx, passwordMinimumLength)));
  },

  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const { ctx, form: typed, ip } = visit;
  if (typed.text(TRAP) !== '') return goTo('/register/sent'); // a program: it hears what everybody hears
  if (isTooQuick(ctx, FORM, typed.text('drawn'))) throw new Problem('invalid', 'form-too-quick');
  await register(ctx, { ...typedRegistration(typed), password: typed.text('password') }, ip);
  return goTo('/register/sent');
}

function picture(visit: Visit, asked: Asked, minimum: number): Html {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const password = passwordField(frame, {
    name: 'password',
    label: t('registration.password'),
    help: t('entrance.password.help', { minimum }),
    errors,
    required: true,
    autocomplete: 'new-password',
  });
  const trap = html`<div class="dw-trap" aria-hidden="true"><label for="${TRAP}">${t('registration.trap')}</label><input id="${TRAP}" name="${TRAP}" type="text" tabindex="-1" autocomplete="off"></div>`;
  return entranceRoom(frame, {
    title: t('registration.title'),
    intro: t('registration.intro', { company: frame.brand.name }),
    errors,
    body: form(frame, {
      errors,
      button: t('registration.button'),
      body: html`${hiddenField('drawn', formStamp(ctx, FORM))}${trap}${registrationFields(visit, asked, {
        stored: {},
        before: password,
        titles: false,
      })}`,
    }),
    wayOut: html`<p><a href="/login">${t('registration.have-one')}</a></p>`,
  });
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
