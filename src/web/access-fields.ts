// What somebody is given in an account, as the fields of a form: for owners, for members who may invite, and for staff.

import type { Access } from '#domain/access/access.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS, isAccessPermission } from '#domain/access/permissions.ts';
import { PRESET_NAMES, presetPermissions } from '#domain/access/presets.ts';
import { days } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { dayEnd, dayOf, dayStart } from '#web/day.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { buttonClass } from '#web/parts/button.ts';
import { checkbox, checkboxGroup, radioGroup } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';
import { fieldRow, moreFields } from '#web/parts/form.ts';
import { idIn } from '#web/places.ts';

/** How long an access may last from the day it is accepted, in days; every other length is a day of the calendar. */
const LENGTHS = [7, 30] as const;

/** What the fields begin with, and what they leave out. */
export type AccessFieldsOptions = {
  /** What is stored; undefined for somebody new. */
  readonly stored?: Access | undefined;
  /** The permissions that whoever gives may give. */
  readonly mayGive: readonly AccessPermission[];
  /** Whether whoever gives may also give the right to invite. */
  readonly mayLetInvite: boolean;
  /** Whether any service is to be seen through here (`areServicesLinked`); a limit that is set already is shown all the same. */
  readonly servicesLinked: boolean;
  /** The services that whoever gives is limited to themselves, if they are. */
  readonly reach?: readonly number[];
  /** Whether a length may be chosen that counts from the day of acceptance. */
  readonly withLength: boolean;
  /** What stands above them in the same form. */
  readonly before?: Html | undefined;
};

/** The fields: preset (buttons), permissions, serviceIds, lasts, startsAt, endsAt, mayInvite. They are first in their form. */
export function accessFields(visit: Visit, options: AccessFieldsOptions): Html {
  const { frame, form, errors } = visit;
  const { stored } = options;
  return html`${options.before}${presetButtons(visit, options)}${checkboxGroup(frame, {
    name: 'permissions',
    label: frame.t('access.field.permissions'),
    errors,
    values: form.given ? form.all('permissions') : stored?.permissions,
    choices: options.mayGive.map((one) => ({ value: one, text: frame.t(`client.permission.${one}`) })),
    columns: true,
  })}${servicesField(visit, options)}${termFields(visit, options)}${
    options.mayLetInvite &&
    checkbox(frame, {
      name: 'mayInvite',
      label: frame.t('access.field.mayInvite'),
      help: frame.t('access.field.mayInvite.help'),
      errors,
      checked: tickOr(form, 'mayInvite', stored?.mayInvite ?? false),
    })
  }`;
}

/** What was typed, as an access. Throws invalid by field. A day that still stands as it was keeps its hour too. */
export function typedAccess(form: Form, stored?: Access): Access & { readonly lastsMs: number | undefined } {
  const startsAt = typedInstant(form.text('startsAt'), stored?.startsAt, startDay, dayStart);
  const endsAt = typedInstant(form.text('endsAt'), stored?.endsAt, endDay, dayEnd);
  const faults: Record<string, string> = {};
  const permissions = form.all('permissions').filter(isAccessPermission);
  const serviceIds = form.has('serviceIds') ? typedIds(form.text('serviceIds')) : (stored?.serviceIds ?? []);
  if (permissions.length < form.all('permissions').length) faults['permissions'] = 'permission-unknown';
  if (serviceIds === 'invalid') faults['serviceIds'] = 'service-ids-unreadable';
  if (startsAt === 'invalid') faults['startsAt'] = 'date-invalid';
  if (endsAt === 'invalid') faults['endsAt'] = 'date-invalid';
  if (startsAt === 'invalid' || endsAt === 'invalid' || serviceIds === 'invalid') throw invalid(faults);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const length = LENGTHS.find((one) => String(one) === form.text('lasts'));
  return {
    permissions,
    serviceIds,
    mayInvite: form.has('mayInvite'),
    startsAt,
    endsAt,
    lastsMs: length === undefined || endsAt !== undefined ? undefined : days(length),
  };
}

/** The visit with the ticks of the preset whose button was pressed, for drawing the form again; undefined when none was. */
export function withPreset<V extends Visit>(visit: V): V | undefined {
  const preset = presetPermissions(visit.form.text('preset'));
  if (!preset) return undefined;
  const { form } = visit;
  return { ...visit, form: { ...form, all: (name) => (name === 'permissions' ? preset : form.all(name)) } };
}

const MOST_SERVICES = 100;

/** Numbers in whatever way people separate them; one of a service may be written as `#12`. */
function typedIds(text: string): readonly number[] | 'invalid' {
  const parts = text.split(/[\s,;،؛]+/).filter((part) => part !== '');
  const ids = parts.map((part) => idIn(part.replace(/^#/, '')));
  if (parts.length > MOST_SERVICES) return 'invalid';
  return ids.every((id) => id !== undefined) ? ids : 'invalid';
}

/** Left out where it could mean nothing: no service is linked, and no limit is set. */
function servicesField(
  { frame, form, errors }: Visit,
  { stored, servicesLinked, reach = [] }: AccessFieldsOptions,
): Html | false {
  const limit = stored?.serviceIds ?? [];
  if (!servicesLinked && limit.length + reach.length === 0 && !form.has('serviceIds')) return false;
  return textField(frame, {
    name: 'serviceIds',
    label: frame.t('access.field.services'),
    help:
      reach.length === 0
        ? frame.t('access.field.services.help')
        : frame.t('access.field.services.help-within', { ids: reach.join(', ') }),
    errors,
    required: false,
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 1000,
    value: textOr(form, 'serviceIds', limit.join(', ')),
  });
}

/** The day on which an access begins, for a date field. */
function startDay(at: number): string {
  return dayOf(at);
}

/** The last day of an access: its end is the first instant that is out. */
function endDay(at: number): string {
  return dayOf(at - 1);
}

function typedInstant(
  text: string,
  stored: number | undefined,
  shown: (at: number) => string,
  read: (text: string) => number | undefined,
): number | undefined | 'invalid' {
  if (text.trim() === '') return undefined;
  if (stored !== undefined && shown(stored) === text.trim()) return stored;
  return read(text.trim()) ?? 'invalid';
}

/**
 * Buttons that fill the ticks: by script at once, without it by drawing the form again. Whoever presses Enter in a field
 * presses the first button of the form; so that it is none of these, there is one before them that nobody sees.
 */
function presetButtons({ frame }: Visit, { mayGive }: AccessFieldsOptions): Html {
  const { t } = frame;
  const buttons = PRESET_NAMES.map((name) => {
    const ticks = (presetPermissions(name) ?? []).filter((one) => mayGive.includes(one));
    if (ticks.length === 0) return undefined;
    return html`<button type="submit" name="preset" value="${name}" data-ticks="permissions ${ticks.join(' ')}" class="${buttonClass({ small: true })}">${t(`access.preset.${name}`)}</button>`;
  });
  return html`<div class="dw-field" role="group" aria-label="${t('access.preset.label')}"><button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true">${t('access.preset.none')}</button><p class="form-label" aria-hidden="true">${t('access.preset.label')}</p><div class="dw-buttons">${buttons}</div></div>`;
}

function termFields(visit: Visit, { stored, withLength }: AccessFieldsOptions): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const typed = [form.text('startsAt'), form.text('endsAt')].some((text) => text !== '');
  const wrong = errors?.['startsAt'] !== undefined || errors?.['endsAt'] !== undefined;
  const row = dayFields(visit, stored);
  if (!withLength) return row;
  return html`${radioGroup(frame, {
    name: 'lasts',
    label: t('access.field.lasts'),
    errors,
    value: form.text('lasts'),
    choices: [
      { value: '', text: t('access.lasts.open') },
      ...LENGTHS.map((count) => ({ value: String(count), text: t('access.lasts.days', { count }) })),
    ],
  })}${moreFields({ word: t('access.field.days'), open: typed || wrong, body: row })}`;
}

function dayFields({ frame, form, errors }: Visit, stored: Access | undefined): Html {
  const { t } = frame;
  return fieldRow(
    textField(frame, {
      name: 'startsAt',
      label: t('access.field.startsAt'),
      help: t('access.field.startsAt.help'),
      errors,
      type: 'date',
      autocomplete: 'off',
      value: textOr(form, 'startsAt', stored?.startsAt === undefined ? '' : startDay(stored.startsAt)),
    }),
    textField(frame, {
      name: 'endsAt',
      label: t('access.field.endsAt'),
      help: t('access.field.endsAt.help'),
      errors,
      type: 'date',
      autocomplete: 'off',
      value: textOr(form, 'endsAt', stored?.endsAt === undefined ? '' : endDay(stored.endsAt)),
    }),
  );
}

/** The permissions that somebody may give: their own, or every one. */
export function permissionsToGive(of: { readonly permissions: readonly AccessPermission[] } | undefined) {
  return of?.permissions ?? ACCESS_PERMISSIONS;
}
