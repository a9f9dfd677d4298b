// Another address to sign in with: asked for here, confirmed by the letter to it.

import { lockedUserNames } from '#domain/clients/own-details.ts';
import { cancelEmailChange, pendingEmailChange, requestEmailChange } from '#domain/self-service/email-change.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { emailField, readOnlyField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/**
 * Fields: email; or act=cancel, which drops what was asked for. The answer is the same for every address: whether
 * somebody else has it is not said here (self-service/email-change.ts).
 */
export default page({
  who: { is: 'user' },
  stepUp: true,
  limit: { name: 'email-change', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const { ctx, user } = visit;
    const locked = (await lockedUserNames(ctx)).has('email');
    const pending = await pendingEmailChange(ctx, user.userId);
    return show(picture(visit, { locked, pending }));
  },

  post: async ({ ctx, actor, user, form: typed }) => {
    if (typed.text('act') === 'cancel') {
      await cancelEmailChange(ctx, actor, user.userId);
      return goTo('/user/email', { tone: 'info', key: 'people.email.cancelled' });
    }
    const email = typed.text('email');
    await requestEmailChange(ctx, actor, user.userId, email);
    const values = { address: oneLine(email) };
    return goTo('/user/email', { tone: 'success', key: 'people.email.requested', values });
  },
});

type Standing = {
  readonly locked: boolean;
  readonly pending: { readonly email: string; readonly expiresAt: number } | undefined;
};

function picture(visit: OwnVisit, { locked, pending }: Standing): Html {
  const { frame, errors, user } = visit;
  const { t } = frame;
  const back = { href: '/user/profile', text: t('client.profile.title') };
  const inner = (): Html => {
    if (locked)
      return card({
        body: readOnlyField(frame, {
          label: t('people.email.present'),
          value: user.email,
          why: t('errors.email-locked'),
        }),
      });
    return formCard(visit);
  };
  return clientRoom(frame, {
    title: t('people.email.title'),
    intro: t('people.email.intro'),
    back,
    errors,
    body: stack(!locked && pending && waiting(visit, pending), inner()),
  });
}

function waiting({ frame }: OwnVisit, pending: NonNullable<Standing['pending']>): Html {
  const { t } = frame;
  return remark({
    tone: 'info',
    title: t('people.email.waiting', { address: pending.email }),
    body: t('people.email.waiting-text', { until: frame.formatDateTime(pending.expiresAt) }),
    action: postButton(frame, { text: t('people.email.cancel'), fields: { act: 'cancel' }, small: true }),
  });
}

function formCard(visit: OwnVisit): Html {
  const { frame, errors, user } = visit;
  const { t } = frame;
  return card({
    body: form(frame, {
      errors,
      button: t('people.email.button'),
      body: html`${readOnlyField(frame, { label: t('people.email.present'), value: user.email })}${emailField(frame, {
        name: 'email',
        label: t('people.email.fresh'),
        help: t('people.email.fresh-help'),
        value: textOr(visit.form, 'email', ''),
        errors,
        required: true,
        autocomplete: 'email',
      })}`,
    }),
  });
}
