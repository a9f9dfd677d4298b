// Which letters an account gets, and whether it wants marketing. Fields: emailPreferences (any number), marketing.

import type { ConsentQuestion } from '#domain/consent/consent.ts';
import { changeConsent, consentQuestion } from '#domain/consent/consent.ts';
import { choosePreferences, mayChoosePreferences } from '#domain/contacts/own-preferences.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { consentBox } from '#web/consent-parts.ts';
import { lettersField, letterWords, typedLetters } from '#web/contact-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show, tickOr } from '#web/page.ts';
import { card, stack } from '#web/parts/card.ts';
import { readOnlyField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type PreferencesVisit = VisitOf<{ is: 'account'; permission: 'profile' }>;

/** What the page may offer. */
type Offer = { readonly mayChoose: boolean; readonly question: ConsentQuestion };

export default page({
  who: { is: 'account', permission: 'profile' },

  get: async (visit) => show(picture(visit, await offerOf(visit))),

  post: async (visit) => {
    const { ctx, actor, account, form: typed } = visit;
    const { id } = account.client;
    const { mayChoose, question } = await offerOf(visit);
    const changed = await ctx.transaction(async (tx) => {
      const letters = mayChoose && (await choosePreferences(tx, actor, id, typedLetters(typed)));
      const consent =
        question.asked && (await changeConsent(tx, actor, id, typed.has('marketing'), { source: 'account' }));
      return letters || consent;
    });
    return goTo(`/account/${id}/email-preferences`, {
      tone: changed ? 'success' : 'info',
      key: changed ? 'contacts.preferences.saved' : 'client.details.same',
    });
  },
});

async function offerOf({ ctx }: PreferencesVisit): Promise<Offer> {
  return { mayChoose: await mayChoosePreferences(ctx), question: await consentQuestion(ctx) };
}

function picture(visit: PreferencesVisit, offer: Offer): Html {
  const { frame, account, errors } = visit;
  const { t } = frame;
  const { client } = account;
  const closed = client.status === 'Closed';
  const fixed = closed || (!offer.mayChoose && !offer.question.asked);
  const fields = html`${formSection({
    title: t('contacts.preferences.letters'),
    intro: t('contacts.preferences.letters.help', { email: client.email }),
    body: offer.mayChoose && !closed ? choice(visit) : readOnly(visit),
  })}${
    offer.question.asked &&
    !closed &&
    formSection({
      title: t('contacts.preferences.marketing'),
      body: consentBox(frame, {
        question: offer.question,
        name: 'marketing',
        checked: tickOr(visit.form, 'marketing', client.marketingOptIn),
        errors,
      }),
    })
  }`;
  return clientRoom(frame, {
    title: t('contacts.preferences.title'),
    intro: t('contacts.preferences.intro'),
    errors,
    body: stack(
      closed && remark({ tone: 'warning', title: t('client.closed.title'), body: t('client.closed.text') }),
      card({
        body: fixed
          ? html`<div class="dw-form">${fields}</div>`
          : form(frame, { errors, body: fields, button: t('contacts.preferences.save') }),
      }),
    ),
  });
}

function choice(visit: PreferencesVisit): Html {
  const { frame, account } = visit;
  return lettersField(visit, {
    label: frame.t('contacts.preferences.which'),
    help: frame.t('contacts.preferences.always'),
    stored: account.client.emailPreferences,
  });
}

function readOnly({ frame, account }: PreferencesVisit): Html {
  return readOnlyField(frame, {
    label: frame.t('contacts.preferences.which'),
    value: letterWords(frame, account.client.emailPreferences),
    why: frame.t('client.locked'),
  });
}
