// A person's own profile: how they are called and in which language we speak to them.

import { changeOwnProfile, lockedUserNames } from '#domain/clients/own-details.ts';
import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { languages } from '#src/locales/words.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import type { LinkLine } from '#web/parts/card.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { selectField } from '#web/parts/choice.ts';
import { readOnlyField, textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: firstName, lastName, language. The address, the name one signs in with, is changed on a page of its own. */
export default page({
  who: { is: 'user' },

  get: async (visit) =>
    show(picture(visit, await lockedUserNames(visit.ctx), await settingOf(visit.ctx, supportAddress))),

  post: async ({ ctx, actor, user, form: typed }) => {
    await changeOwnProfile(ctx, actor, user.userId, {
      firstName: textOf(typed, 'firstName', user.firstName),
      lastName: textOf(typed, 'lastName', user.lastName),
      language: textOf(typed, 'language', user.language),
    });
    return goTo('/user/profile', { tone: 'success', key: 'client.profile.saved' });
  },
});

/** A field that the form did not have stays as it is. */
function textOf(typed: OwnVisit['form'], name: string, stored: string): string {
  return typed.has(name) ? typed.text(name) : stored;
}

function picture(visit: OwnVisit, locked: ReadonlySet<string>, support: string): Html {
  const { frame, user, errors } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.profile.title'),
    intro: t('client.profile.intro'),
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('client.profile.button'),
          body: html`${fieldRow(
            nameField(visit, locked, 'firstName', 'given-name'),
            nameField(visit, locked, 'lastName', 'family-name'),
          )}${readOnlyField(frame, {
            label: t('client.profile.email'),
            value: user.email,
            why: locked.has('email') ? whoChangesIt(frame, support) : undefined,
          })}${selectField(frame, {
            name: 'language',
            label: t('client.profile.language'),
            value: textOr(visit.form, 'language', user.language),
            errors,
            width: 'medium',
            choices: [
              { value: '', text: t('client.profile.language-default') },
              ...languages.map(({ wire, name }) => ({ value: wire, text: name })),
            ],
          })}`,
        }),
      }),
      ownData(frame, locked),
    ),
  });
}

function whoChangesIt(frame: Frame, support: string): string {
  return support
    ? frame.t('client.profile.email-why-write', { support })
    : frame.t('client.profile.email-why', { company: frame.brand.name });
}

function ownData({ t }: Frame, locked: ReadonlySet<string>): Html {
  const lines: LinkLine[] = [
    { href: '/user/email', title: t('people.email.title'), text: t('people.data.email-text') },
    { href: '/user/export', title: t('people.data.export'), text: t('people.data.export-text') },
    { href: '/user/deletion', title: t('people.data.deletion'), text: t('people.data.deletion-text') },
  ];
  return card({ title: t('people.data.title'), flush: linkList(locked.has('email') ? lines.slice(1) : lines) });
}

function nameField(
  { frame, user, form: typed, errors }: OwnVisit,
  locked: ReadonlySet<string>,
  name: 'firstName' | 'lastName',
  autocomplete: string,
): Html {
  const label = frame.t(`client.field.${name}`);
  if (locked.has(name)) return readOnlyField(frame, { label, value: user[name], why: frame.t('client.locked') });
  const value = textOr(typed, name, user[name]);
  return textField(frame, { name, label, value, errors, required: true, autocomplete, maxlength: 200 });
}
