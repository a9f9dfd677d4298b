// Undoes a merge into a client, for thirty days. No fields.

import { displayName } from '#domain/clients/client-profile.ts';
import type { LeftBehind } from '#domain/merging/merge-undo.ts';
import { undoMerge } from '#domain/merging/merge-undo.ts';
import type { MoveKind } from '#domain/merging/merges.ts';
import { mergeOf } from '#domain/merging/merges.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Key } from '#src/locales/words.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import { mergedName } from '#web/merge-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath, shortName } from '#web/staff.ts';

type Merge = Awaited<ReturnType<typeof mergeOf>>;

export default page({
  who: { is: 'staff', permission: 'Merge Clients' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const merge = await mergeOf(visit.ctx, file.client.id, idInPath(visit, 'merge', 'merge-not-found'));
    return show(picture(visit, file, merge));
  },
  post: undo,
});

async function undo(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  const id = idInPath(visit, 'merge', 'merge-not-found');
  const { client, left } = await undoMerge(visit.ctx, visit.actor, file.client.id, id);
  const name = displayName(client);
  const gaps = gapsIn(visit.frame, left);
  return goTo(clientLink(visit, { href: `/admin/clients/${client.id}`, name }).href, {
    tone: gaps === '' ? 'success' : 'warning',
    key: gaps === '' ? 'merging.undo.done' : 'merging.undo.done.gaps',
    values: { name, gaps },
  });
}

/** What did not go back, as a list in words; empty when all did. */
function gapsIn(frame: Frame, left: LeftBehind): string {
  const words = GAPS.filter(([what]) => left[what] > 0).map(([what, key]) => frame.t(key, { count: left[what] }));
  return new Intl.ListFormat(frame.language, { type: 'conjunction' }).format(words);
}

const GAPS: readonly (readonly [keyof LeftBehind, Key])[] = [
  ['removed', 'merging.gap.removed'],
  ['gone', 'merging.gap.gone'],
  ['owners', 'merging.gap.owners'],
  ['contact', 'merging.gap.contact'],
  ['value', 'merging.gap.value'],
  ['note', 'merging.gap.note'],
  ['file', 'merging.gap.file'],
  ['letter', 'merging.gap.letter'],
  ['consent', 'merging.gap.consent'],
  ['alert', 'merging.gap.alert'],
];

const MOVED: readonly (readonly [MoveKind, Key])[] = [
  ['member', 'merging.people'],
  ['contact', 'merging.contacts'],
  ['field-value', 'merging.fields'],
  ['note', 'merging.notes'],
  ['file', 'merging.files'],
  ['letter', 'merging.letters'],
  ['alert', 'merging.alerts'],
];

function picture(visit: Visit, file: ClientFile, merge: Merge): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = mergedName(frame, merge);
  return clientStep(visit, file, {
    title: t('merging.undo.title', { name, into: file.name }),
    body:
      merge.undoUntil === undefined
        ? remark({ tone: 'info', body: t('errors.merge-undo-over') })
        : offer(visit, file, merge),
  });
}

function offer(visit: Visit, file: ClientFile, merge: Merge): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return stack(
    card({
      title: t('merging.undo.what'),
      intro: t('merging.undo.what.intro'),
      body: definitions(frame, [
        { term: t('merging.undo.merged'), value: dateTime(frame, merge.at) },
        { term: t('merging.undo.by'), value: merge.administrator },
        { term: t('merging.undo.until'), value: dateTime(frame, merge.undoUntil ?? merge.at) },
        ...MOVED.flatMap(([kind, key]) => {
          const count = merge.moved.get(kind);
          return count === undefined ? [] : [{ term: t(key), value: frame.formatNumber(count) }];
        }),
      ]),
    }),
    card({
      title: t('merging.undo.then'),
      body: form(frame, {
        errors,
        body: html`<p>${t('merging.undo.text', { name: merge.fromName, into: file.name })}</p>`,
        button: t('merging.undo.button', { name: shortName(merge.fromName) }),
        secondary: linkButton({ href: clientLink(visit, file).href, text: t('admin.client.cancel') }),
      }),
    }),
  );
}
