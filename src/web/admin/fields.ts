// The custom fields of clients: what the operator asks beyond the profile, in the order it is asked.

import type { CustomField } from '#domain/fields/custom-fields.ts';
import { listFields, MOST_FIELDS } from '#domain/fields/custom-fields.ts';
import type { Html } from '#kit/html.ts';
import { listedWords } from '#kit/listed-words.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { nothing } from '#web/parts/time.ts';

const PATH = '/admin/fields';

export default page({
  who: { is: 'staff', permission: 'Configure Custom Client Fields' },
  get: async (visit) => show(picture(visit, await listFields(visit.ctx))),
});

function picture(visit: Visit, fields: readonly CustomField[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const add =
    fields.length < MOST_FIELDS
      ? linkButton({ href: `${PATH}/new`, text: t('fields.add'), tone: 'primary', icon: 'plus' })
      : undefined;
  return adminRoom(frame, {
    title: t('fields.title'),
    intro: t('fields.intro'),
    actions: add,
    wide: true,
    body: card({
      flush: table<CustomField>(frame, {
        caption: t('fields.title'),
        rows: fields,
        empty: empty({ title: t('fields.empty'), text: t('fields.empty.text'), icon: 'edit' }),
        columns: [
          { heading: t('fields.name'), kind: 'name', cell: (field) => field.name, href: ({ id }) => `${PATH}/${id}` },
          { heading: t('fields.type'), kind: 'short', cell: (field) => t(`fields.type.${field.type}`) },
          { heading: t('fields.asked'), cell: (field) => flagsOf(visit, field) || nothing(frame) },
          { heading: t('fields.position'), align: 'end', kind: 'short', cell: (field) => String(field.position) },
        ],
      }),
    }),
  });
}

/** Where and how a field is asked, in words. */
function flagsOf({ frame }: Visit, field: CustomField): string {
  const { t, language } = frame;
  const words = [
    field.adminOnly && t('fields.flag.adminOnly'),
    field.required && t('fields.flag.required'),
    field.onOrderForm && t('fields.flag.onOrderForm'),
    field.onInvoice && t('fields.flag.onInvoice'),
  ].filter((word) => word !== false);
  return listedWords(language, words);
}
