// The picture of a recovery for whoever may vouch: what is known of it, and the two decisions. Staff and owners share it.

import type { Recovery } from '#domain/recovery/recovery.ts';
import { recoveryName } from '#domain/recovery/recovery.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { Visit } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { textArea } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { dateTime } from '#web/parts/time.ts';

/** Which of the two buttons was pressed. Throws invalid. */
export function decisionIn({ form: typed }: Visit): 'approve' | 'decline' {
  const act = typed.text('act');
  if (act === 'decline') return 'decline';
  if (act === '' || act === 'approve') return 'approve';
  throw invalid({ form: 'invalid' });
}

/** Draws it. `hours`: of the waiting time that would begin. */
export function recoveryBody(visit: Visit, recovery: Recovery, hours: number): Html {
  const { frame, ctx } = visit;
  const { t } = frame;
  const { readyAt } = recovery;
  return stack(
    readyAt !== undefined &&
      remark({
        tone: 'info',
        body:
          ctx.now() < readyAt
            ? t('recovery.staff.waits', { by: recovery.approvedBy ?? '', at: frame.formatDateTime(readyAt) })
            : t('recovery.staff.ready', { by: recovery.approvedBy ?? '' }),
      }),
    card({ title: t('recovery.staff.facts'), body: facts(visit, recovery) }),
    readyAt === undefined && card({ title: t('recovery.staff.vouch'), body: vouching(visit, recovery, hours) }),
    card({
      title: t('recovery.staff.no'),
      body: html`<p>${t('recovery.staff.no.text')}</p>${postButton(frame, {
        text: t('recovery.staff.decline'),
        fields: { act: 'decline' },
      })}`,
    }),
  );
}

function facts({ frame }: Visit, recovery: Recovery): Html {
  const { t } = frame;
  return definitions(frame, [
    {
      term: t('recovery.staff.person'),
      value: html`${recoveryName(recovery)} · <span class="text-break">${recovery.user.email}</span>`,
    },
    { term: t('recovery.staff.asked-at'), value: dateTime(frame, recovery.askedAt) },
    { term: t('recovery.staff.from'), value: recovery.ip },
    { term: t('recovery.reason'), value: recovery.reason },
    recovery.note !== '' && { term: t('recovery.staff.note'), value: recovery.note },
  ]);
}

function vouching({ frame, errors, form: typed }: Visit, recovery: Recovery, hours: number): Html {
  const { t } = frame;
  return html`<p>${t('recovery.staff.what', { name: recoveryName(recovery), hours })}</p><p>${t('recovery.staff.mailbox', { address: recovery.user.email })}</p>${form(
    frame,
    {
      errors,
      button: t('recovery.staff.approve'),
      body: textArea(frame, {
        name: 'note',
        label: t('recovery.staff.note'),
        help: errors?.['note'] ? undefined : t('recovery.staff.note.help'),
        value: typed.text('note'),
        errors,
        required: true,
        rows: 3,
        maxlength: 500,
      }),
    },
  )}`;
}
