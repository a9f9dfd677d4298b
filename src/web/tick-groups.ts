// A long list of ticks in groups, with a way to jump to each: usable without a search, on a phone and with a keyboard.

import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Choice } from '#web/parts/choice.ts';
import { checkboxGroup } from '#web/parts/choice.ts';
import type { FieldErrors } from '#web/parts/field-frame.ts';
import { errorLine, fieldId } from '#web/parts/field-frame.ts';
import type { Frame } from '#web/parts/frame.ts';

/** A group of ticks. `name` is for its anchor: letters and hyphens. */
export type TickGroup = { readonly name: string; readonly title: string; readonly choices: readonly Choice[] };

/** All groups; they post under one name. The error of the name stands above them, where the error summary leads. */
export function tickGroups(
  frame: Frame,
  options: {
    readonly name: string;
    readonly label: string;
    readonly errors: FieldErrors | undefined;
    readonly values: readonly string[];
    readonly groups: readonly TickGroup[];
  },
): Html {
  const { name, label, errors, values, groups } = options;
  // The first group bears the field's own id, so that the error summary leads to it.
  const scopeOf = (group: TickGroup, at: number): string | undefined =>
    at === 0 ? undefined : `${name}-${group.name}`;
  const jumps = groups.map((group, at) => {
    const chosen = group.choices.filter((choice) => values.includes(choice.value)).length;
    const count = frame.t('admin.roles.group.count', { chosen, all: group.choices.length });
    return html`<li><a href="#${fieldId(name, scopeOf(group, at))}">${group.title}</a> <span class="text-secondary">${count}</span></li>`;
  });
  const drawn = groups.map((group, at) =>
    checkboxGroup(frame, {
      name,
      scope: scopeOf(group, at),
      label: group.title,
      choices: group.choices,
      values,
      columns: true,
    }),
  );
  return html`<div class="dw-field"><h2>${label}</h2>${errorLine(frame, { name, label, errors })}<nav aria-label="${label}"><ul class="list-unstyled d-flex flex-wrap gap-2 mt-2 mb-0">${jumps}</ul></nav></div>${drawn}`;
}
