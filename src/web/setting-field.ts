// The field of a setting, drawn and read by its kind: a new setting needs a *.settings.ts and its words, and no page.

import type { Setting } from '#domain/settings/setting.ts';
import { countries } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { manyLines } from '#kit/text.ts';
import { isKey } from '#src/locales/words.ts';
import type { Form, Visit } from '#web/page.ts';
import { checkbox, checkboxGroup, selectField } from '#web/parts/choice.ts';
import { numberField, passwordField, textArea, textField } from '#web/parts/field.ts';
import type { Frame } from '#web/parts/frame.ts';

/** Draws it; `stored` is the text of its value. */
export function settingField(visit: Visit, setting: Setting<unknown>, stored: string): Html {
  const { frame, form, errors } = visit;
  const { name, kind } = setting;
  const value = form.given ? settingText(form, setting) : stored;
  const field = { name, label: settingLabel(frame, name), help: helpOf(frame, setting), errors } as const;
  const choices = (kind.options ?? []).map((option) => ({ value: option, text: optionWord(frame, name, option) }));
  switch (kind.shown) {
    case 'text':
      return textField(frame, { ...field, value, autocomplete: 'off', spellcheck: false, maxlength: 300 });
    case 'long-text':
      return textArea(frame, { ...field, value, maxlength: 5000 });
    case 'number':
      return numberField(frame, {
        ...field,
        value,
        ...(kind.unit ? { unit: unitWord(frame, kind.unit) } : {}),
        maxlength: 12,
      });
    case 'flag':
      return checkbox(frame, { ...field, checked: value !== '', value: 'on' });
    case 'choice':
      return selectField(frame, { ...field, value, choices });
    case 'choices':
      return checkboxGroup(frame, { ...field, values: value.split(',').filter(Boolean), choices, columns: true });
    case 'country':
      return selectField(frame, {
        ...field,
        value,
        choose: frame.t('settings.default-country.none'),
        choices: countries(frame.language).map((one) => ({ value: one.code, text: one.name })),
      });
    case 'lines':
      return textArea(frame, { ...field, value, mono: true, rows: 5, maxlength: 20_000 });
    case 'secret':
      return secretField(visit, setting, stored !== '');
  }
}

/** What a form leaves out: a secret whose field stayed empty stays what it is. */
export function staysAsItIs(form: Form, { name, kind }: Setting<unknown>): boolean {
  return kind.shown === 'secret' && form.text(name).trim() === '' && !form.has(removalOf(name));
}

/** Never filled in: what is kept is not shown again. Beside one that is kept, a tick takes it away. */
function secretField({ frame, form, errors }: Visit, setting: Setting<unknown>, isKept: boolean): Html {
  const { t } = frame;
  const { name } = setting;
  const kept = isKept ? t('protection.secret.kept') : t('protection.secret.none');
  const field = passwordField(frame, {
    name,
    label: settingLabel(frame, name),
    help: html`${helpOf(frame, setting)} ${kept}`,
    errors,
    autocomplete: 'off',
    maxlength: 500,
  });
  const removal =
    isKept &&
    checkbox(frame, {
      name: removalOf(name),
      label: t('protection.secret.remove'),
      checked: form.has(removalOf(name)),
    });
  return html`${field}${removal}`;
}

function removalOf(name: string): string {
  return `${name}-removed`;
}

/** What a form says of a setting, as its kind reads it. */
export function settingText(form: Form, { name, kind }: Setting<unknown>): string {
  switch (kind.shown) {
    case 'flag':
      return form.has(name) ? 'on' : '';
    case 'choices':
      return form.all(name).join(',');
    case 'long-text':
    case 'lines':
      return manyLines(form.text(name));
    case 'text':
    case 'number':
    case 'choice':
    case 'country':
    case 'secret':
      return form.text(name);
  }
}

/** What a setting is called; a name without words of its own stands for itself. */
export function settingLabel(frame: Frame, name: string): string {
  const key = `settings.${name}.label`;
  return isKey(key) ? frame.t(key) : name;
}

/** What a setting does; for a number also its bounds and what it usually is. */
function helpOf(frame: Frame, { name, kind, fallback }: Setting<unknown>): Html | string | undefined {
  const key = `settings.${name}.help`;
  const help = isKey(key) ? frame.t(key) : undefined;
  if (!kind.bounds) return help;
  const bounds = frame.t('admin.settings.bounds', {
    least: frame.formatNumber(kind.bounds.least),
    most: frame.formatNumber(kind.bounds.most),
    usual: kind.write(fallback),
  });
  return html`${help} ${bounds}`;
}

function unitWord(frame: Frame, unit: string): string {
  const key = `settings.unit.${unit}`;
  return isKey(key) ? frame.t(key) : unit;
}

function optionWord(frame: Frame, name: string, option: string): string {
  const key = `settings.${name}.option.${option}`;
  return isKey(key) ? frame.t(key) : option;
}
