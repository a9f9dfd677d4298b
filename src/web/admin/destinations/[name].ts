// Where one destination of single sign-on leads.

import type { SetDestination } from '#domain/sso/destinations.ts';
import { changeDestination, PLACEHOLDERS, setDestinationOf } from '#domain/sso/destinations.ts';
import type { Html } from '#kit/html.ts';
import { destinationStatus } from '#web/destination-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/destinations';

export default page({
  who: { is: 'staff', permission: 'Configure General Settings' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await setDestinationOf(visit.ctx, visit.params['name'] ?? ''))),
  post: async (visit): Promise<Answer> => {
    const { name } = await setDestinationOf(visit.ctx, visit.params['name'] ?? '');
    await changeDestination(visit.ctx, visit.actor, name, visit.form.text('address'));
    return goTo(LIST, { tone: 'success', key: 'admin.destinations.changed', values: { name } });
  },
});

function picture(visit: Visit, one: SetDestination): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const address = textField(frame, {
    name: 'address',
    label: t('admin.destinations.address'),
    help: one.ours ? t('admin.destinations.address.help.ours') : t('admin.destinations.address.help.nowhere'),
    errors,
    required: false,
    value: textOr(given, 'address', one.entered ?? ''),
    type: 'url',
    inputmode: 'url',
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 1000,
  });
  return adminRoom(frame, {
    title: one.name,
    intro: destinationStatus(visit, one),
    back: { href: LIST, text: t('admin.destinations.title') },
    errors,
    body: stack(
      one.needs !== undefined && remark({ tone: 'info', body: t(`admin.destinations.needs.${one.needs}`) }),
      card({
        body: form(frame, {
          errors,
          button: t('admin.destinations.save'),
          secondary: linkButton({ href: LIST, text: t('admin.destinations.cancel') }),
          body: address,
        }),
      }),
      card({
        title: t('admin.destinations.placeholders'),
        intro: t('admin.destinations.placeholders.intro'),
        body: definitions(
          frame,
          PLACEHOLDERS.map((name) => ({
            term: `{${name}}`,
            value: t(`admin.destinations.placeholder.${name}`),
          })),
        ),
      }),
    ),
  });
}
