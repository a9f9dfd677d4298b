// Finding out on the phone whether a caller is who they say: by the PIN that they tell, or on their own screen. Staff learn
// whether it matched, and nothing else.

import type { AskedCheck } from '#domain/support/identity-checks.ts';
import { askedCheck, askIdentity } from '#domain/support/identity-checks.ts';
import { comparePin, PIN_DIGITS } from '#domain/support/pins.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { StaffVisit } from '#web/acting-parts.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { codeField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { spokenCode } from '#web/parts/spoken-code.ts';
import { status } from '#web/parts/status.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { keepingWay, userStep, wayBack } from '#web/user-step.ts';

/** Fields: pin; or act=ask. */
export default page({
  who: { is: 'staff', permission: 'Verify Identity' },

  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(picture(visit, file, await askedCheck(visit.ctx, visit.administrator.administratorId, file.user.id)));
  },

  post: async (visit) => {
    const { user } = await userFileOf(visit);
    return visit.form.text('act') === 'ask' ? ask(visit, user.id) : compare(visit, user.id);
  },
});

async function ask(visit: StaffVisit, userId: number): Promise<Answer> {
  await askIdentity(visit.ctx, staffOf(visit), userId);
  return goTo(keepingWay(visit));
}

async function compare(visit: StaffVisit, userId: number): Promise<Answer> {
  const matches = await comparePin(visit.ctx, staffOf(visit), userId, visit.form.text('pin'));
  if (!matches) throw invalid({ pin: 'support-pin-wrong' });
  const { name } = await userFileOf(visit);
  return goTo(keepingWay(visit), { tone: 'success', key: 'support.check.pin.match', values: { name } });
}

function staffOf({ administrator, ip }: StaffVisit) {
  const { administratorId, username: name } = administrator;
  return { kind: 'administrator', administratorId, name, ip } as const;
}

function picture(visit: StaffVisit, file: UserFile, asked: AskedCheck | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  const { name } = file;
  return userStep(visit, {
    title: t('support.check.title', { name }),
    intro: t('support.check.intro', { name }),
    back: wayBack(visit, file),
    body: stack(
      pinCard(visit),
      screenCard(visit, asked),
      html`<p class="text-secondary">${t('support.check.logged', { name })}</p>`,
    ),
  });
}

function pinCard(visit: StaffVisit): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return card({
    title: t('support.check.pin'),
    intro: t('support.check.pin.text'),
    body: form(frame, {
      action: keepingWay(visit),
      errors,
      button: t('support.check.pin.button'),
      body: codeField(frame, {
        name: 'pin',
        label: t('support.check.pin.label'),
        help: t('support.check.pin.help'),
        errors,
        required: true,
        length: PIN_DIGITS,
      }),
    }),
  });
}

/** What was asked and what came of it. The page does not load itself anew: looking again is a link. */
function screenCard(visit: StaffVisit, asked: AskedCheck | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  const askButton = postButton(frame, {
    action: keepingWay(visit),
    text: asked ? t('support.check.ask.again') : t('support.check.ask.button'),
    fields: { act: 'ask' },
  });
  const look = asked?.is === 'waiting' && linkButton({ href: keepingWay(visit), text: t('support.check.look') });
  return card({
    title: t('support.check.ask'),
    intro: t('support.check.ask.text'),
    body: html`${asked && answerShown(visit, asked)}${buttonRow(look || undefined, askButton)}`,
  });
}

function answerShown({ frame }: StaffVisit, asked: AskedCheck): Html {
  const { t } = frame;
  switch (asked.is) {
    case 'waiting':
      return html`<p>${t('support.check.asked')}</p>${spokenCode({ label: t('support.check.number'), code: asked.number })}${answerLine(
        status('waiting', t('support.check.state.waiting')),
        t('support.check.state.waiting.text', { until: frame.formatDateTime(asked.until) }),
      )}`;
    case 'confirmed':
      return answerLine(
        status('good', t('support.check.state.confirmed')),
        t('support.check.state.confirmed.text', { at: frame.formatDateTime(asked.at) }),
      );
    case 'declined':
      return answerLine(
        status('bad', t('support.check.state.declined')),
        t('support.check.state.declined.text', { at: frame.formatDateTime(asked.at) }),
      );
    case 'expired':
      return answerLine(status('quiet', t('support.check.state.expired')), t('support.check.state.expired.text'));
  }
}

function answerLine(state: Html, text: string): Html {
  return html`<p class="mb-1 fw-medium">${state}</p><p>${text}</p>`;
}
