// Uploads a file to a client. Fields: file, title (its name where it is empty), shared (the client's people see it too).

import { fileTypes } from '#domain/files/files.settings.ts';
import { addFile, LARGEST_FILE, largestFile } from '#domain/files/files.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { fileField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Clients Files' },
  files: { most: LARGEST_FILE },

  get: async (visit) => {
    const [types, largest] = await Promise.all([settingOf(visit.ctx, fileTypes), largestFile(visit.ctx)]);
    return show(picture(visit, await clientFileOf(visit), types, largest));
  },

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const { client, href } = await clientFileOf(visit);
    const adminOnly = !typed.has('shared');
    await addFile(ctx, actor, client.id, { upload: typed.file('file'), title: typed.text('title'), adminOnly });
    return goTo(`${href}/files`, {
      tone: 'success',
      key: adminOnly ? 'records.files.added' : 'records.files.added.shared',
    });
  },
});

function picture(visit: Visit, file: ClientFile, types: readonly string[], largest: number): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const back = { href: `${file.href}/files`, text: t('records.files.of', { name: file.name }) };
  return clientStep(visit, file, {
    title: t('records.files.add'),
    back,
    body: card({
      body: form(frame, {
        multipart: true,
        errors,
        body: html`${textField(frame, {
          name: 'title',
          label: t('records.files.column.title'),
          help: t('records.files.title.help'),
          value: textOr(typed, 'title', ''),
          errors,
          required: false,
          autocomplete: 'off',
          maxlength: 200,
        })}${checkbox(frame, {
          name: 'shared',
          label: t('records.files.share'),
          help: t('records.files.share.help'),
          checked: tickOr(typed, 'shared', false),
        })}${fileField(frame, {
          name: 'file',
          label: t('records.files.file'),
          help: t('records.files.file.help', { mebibytes: largest / 1024 / 1024, types: types.join(', ') }),
          errors,
          required: true,
          accept: types.map((one) => (one === 'jpg' ? '.jpg,.jpeg' : `.${one}`)).join(','),
        })}`,
        button: t('records.files.add.button'),
        secondary: linkButton({ href: back.href, text: t('records.cancel') }),
      }),
    }),
  });
}
