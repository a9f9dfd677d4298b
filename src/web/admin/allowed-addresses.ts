// The addresses from which programs may call the API: the list, one added, one taken away.

import { allowAddress, allowedAddresses, disallowAddress } from '#domain/administrators/allowed-addresses.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import type { NotedRange } from '#domain/settings/setting.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { nothing } from '#web/parts/time.ts';

const PATH = '/admin/allowed-addresses';

export default page({
  who: { is: 'staff', permission: 'Configure General Settings' },
  get: async (visit) => show(picture(visit, await allowedAddresses(visit.ctx), await publicOrigin(visit.ctx))),
  post: async (visit) => (visit.form.has('remove') ? remove(visit) : add(visit)),
});

async function add(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const range = given.text('act') === 'mine' ? visit.ip : given.text('range');
  const address = await allowAddress(ctx, actor, { range, note: given.text('note') });
  return goTo(PATH, { tone: 'success', key: 'admin.allowed-addresses.added', values: { address } });
}

async function remove(visit: Visit): Promise<Answer> {
  const address = visit.form.text('remove');
  await disallowAddress(visit.ctx, visit.actor, address);
  return goTo(PATH, { tone: 'success', key: 'admin.allowed-addresses.removed', values: { address } });
}

function picture(visit: Visit, list: readonly NotedRange[], origin: string): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.allowed-addresses.title'),
    intro: t('admin.allowed-addresses.intro'),
    errors,
    body: stack(
      visit.ctx.config.apiAccessKey !== undefined &&
        remark({ tone: 'warning', body: t('admin.allowed-addresses.accessKey') }),
      card({ flush: addressTable(visit, list) }),
      addCard(visit, list),
      remark({
        tone: 'info',
        title: t('admin.allowed-addresses.loopback.title'),
        body: isLoopbackOrigin(origin)
          ? t('admin.allowed-addresses.loopback.counts', { origin })
          : t('admin.allowed-addresses.loopback.listed', { origin }),
      }),
    ),
  });
}

function addressTable(visit: Visit, list: readonly NotedRange[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<NotedRange>(frame, {
    caption: t('admin.allowed-addresses.title'),
    rows: list,
    empty: empty({
      title: t('admin.allowed-addresses.empty'),
      text: t('admin.allowed-addresses.empty.text'),
      icon: 'network',
    }),
    columns: [
      { heading: t('admin.allowed-addresses.address'), kind: 'name', cell: (one) => addressCell(visit, one) },
      { heading: t('admin.allowed-addresses.note'), cell: (one) => one.note || nothing(frame) },
      {
        heading: t('admin.allowed-addresses.acts'),
        kind: 'actions',
        cell: (one) =>
          postButton(frame, {
            text: t('admin.allowed-addresses.remove'),
            about: one.range,
            fields: { remove: one.range },
            small: true,
          }),
      },
    ],
  });
}

/** A range that holds the whole internet says so. */
function addressCell(visit: Visit, { range }: NotedRange): Html {
  const everybody = /\/0$/.test(range);
  return html`${range}${everybody && html` ${badge(visit.frame.t('admin.allowed-addresses.everybody'), 'warning')}`}`;
}

function addCard(visit: Visit, list: readonly NotedRange[]): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const isListed = list.some((one) => one.range === visit.ip);
  const fields = fieldRow(
    textField(frame, {
      name: 'range',
      label: t('admin.allowed-addresses.address'),
      help: t('admin.allowed-addresses.address.help'),
      errors,
      required: true,
      value: given.text('range'),
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 60,
    }),
    textField(frame, {
      name: 'note',
      label: t('admin.allowed-addresses.note'),
      help: t('admin.allowed-addresses.note.help'),
      errors,
      required: false,
      value: given.text('note'),
      autocomplete: 'off',
      maxlength: 200,
    }),
  );
  const mine = postButton(frame, {
    text: t('admin.allowed-addresses.mine', { address: visit.ip }),
    fields: { act: 'mine', note: t('admin.allowed-addresses.mine.note', { name: frame.administrator?.name ?? '' }) },
  });
  return card({
    title: t('admin.allowed-addresses.add.title'),
    body: form(frame, {
      errors,
      button: t('admin.allowed-addresses.add'),
      body: fields,
    }),
    footer: isListed ? undefined : mine,
  });
}
