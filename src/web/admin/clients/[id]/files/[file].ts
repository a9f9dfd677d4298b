// One file of a client: what it is called and who sees it. Fields: title, shared. The content never changes.

import type { ClientFileRecord } from '#domain/files/files.ts';
import { changeFile, fileOf } from '#domain/files/files.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import { fileSize } from '#web/file-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Clients Files' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(
      picture(visit, file, await fileOf(visit.ctx, file.client.id, idInPath(visit, 'file', 'file-not-found'))),
    );
  },

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const { client, href } = await clientFileOf(visit);
    const of = { clientId: client.id, id: idInPath(visit, 'file', 'file-not-found') };
    await changeFile(ctx, actor, of, { title: typed.text('title'), adminOnly: !typed.has('shared') });
    return goTo(`${href}/files`, { tone: 'success', key: 'records.files.saved' });
  },
});

function picture(visit: Visit, file: ClientFile, one: ClientFileRecord): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const here = `${file.href}/files/${one.id}`;
  return clientStep(visit, file, {
    title: one.title,
    back: { href: `${file.href}/files`, text: t('records.files.of', { name: file.name }) },
    body: stack(
      card({
        title: t('records.files.facts'),
        actions: linkButton({ href: `${here}/download`, text: t('records.files.save'), icon: 'download', small: true }),
        body: definitions(frame, [
          { term: t('records.files.column.name'), value: html`<span class="text-break">${one.name}</span>` },
          { term: t('records.files.column.size'), value: fileSize(frame, one.size) },
          {
            term: t('records.files.column.added'),
            value: html`${dateTime(frame, one.createdAt)} ${t('records.by', { author: one.author })}`,
          },
        ]),
      }),
      card({
        body: form(frame, {
          errors,
          body: html`${textField(frame, {
            name: 'title',
            label: t('records.files.column.title'),
            value: textOr(typed, 'title', one.title),
            errors,
            required: true,
            autocomplete: 'off',
            maxlength: 200,
          })}${checkbox(frame, {
            name: 'shared',
            label: t('records.files.share'),
            help: t('records.files.share.help'),
            checked: tickOr(typed, 'shared', !one.adminOnly),
          })}`,
          button: t('records.files.save-changes'),
        }),
      }),
      card({
        title: t('records.files.removal'),
        tone: 'danger',
        body: linkButton({ href: `${here}/removal`, text: t('records.files.removal.button'), icon: 'trash' }),
      }),
    ),
  });
}
