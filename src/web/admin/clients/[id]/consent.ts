// Whether a client wants marketing letters, and every time that changed: when, how, by whom, and what was asked.

import type { ConsentLine } from '#domain/consent/consent.ts';
import { consentQuestion, pageOfConsent } from '#domain/consent/consent.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { entryList } from '#web/parts/entries.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { status } from '#web/parts/status.ts';
import { dateTime } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Clients Summary' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const lines = await pageOfConsent(visit.ctx, file.client.id, placeInList(visit), ROWS_A_PAGE);
    const { asked } = await consentQuestion(visit.ctx);
    return show(picture(visit, file, lines, asked));
  },
});

function picture(visit: Visit, file: ClientFile, lines: KeysetPage<ConsentLine>, asked: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const change = linkButton({ href: `${file.href}/consent/change`, text: t('records.consent.change'), small: true });
  return clientStep(visit, file, {
    title: t('records.consent.title', { name: file.name }),
    intro: t('records.consent.intro'),
    body: stack(
      !asked && remark({ tone: 'info', body: t('records.consent.not-asked') }),
      card({
        title: t('records.consent.now'),
        actions: may(visit, 'Edit Clients Details') ? change : undefined,
        body: definitions(frame, [
          { term: t('records.consent.marketing'), value: onOff(visit, file.client.marketingOptIn) },
        ]),
      }),
      card({
        title: t('records.consent.history'),
        flush:
          lines.rows.length === 0
            ? empty({ title: t('records.consent.empty'), text: t('records.consent.empty.text') })
            : html`${entryList({
                label: t('records.consent.history'),
                entries: lines.rows.map((line) => entry(visit, line)),
              })}${pager(frame, leafHrefs(visit.path, {}, lines))}`,
      }),
    ),
  });
}

function onOff({ frame }: Visit, yes: boolean): Html {
  return yes ? status('good', frame.t('records.consent.on')) : status('quiet', frame.t('records.consent.off'));
}

function entry(visit: Visit, line: ConsentLine) {
  const { frame } = visit;
  const { t } = frame;
  const who = line.actorName === '' ? t('records.consent.somebody') : line.actorName;
  return {
    body: html`<p class="mb-1">${onOff(visit, line.optedIn)} <span class="text-break">${line.address}</span></p><p class="mb-0 text-secondary">${t(
      `records.consent.source.${line.source}`,
      { who },
    )}</p>${line.reason !== '' && html`<p class="mb-0 text-break">${t('records.consent.reason', { reason: line.reason })}</p>`}${
      line.wording !== '' &&
      html`<p class="mb-0 text-secondary text-break">${t('records.consent.wording', { wording: line.wording })}</p>`
    }`,
    facts: html`<div>${dateTime(frame, line.at)}</div>${line.ip !== '' && html`<div>${line.ip}</div>`}`,
  };
}
