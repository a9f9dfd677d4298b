// Choosing rows of a list by ticks and going on with them to a page of their own. It only leads there and changes nothing,
// so it is a GET form: each tick has a name of its own, `pick-<id>`.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import { buttonClass } from './button.ts';

/** A form around a list with ticks. `hint` stands beside its button, `more` after it: the link to all of the list. */
export function selection(options: {
  readonly action: string;
  readonly list: Html;
  readonly button: string;
  readonly hint: string;
  readonly more?: Html | undefined;
}): Html {
  return html`<form class="dw-selection"${attributes({ method: 'get', action: options.action })}>${options.list}<div class="dw-selection-end"><p>${options.hint}</p><button type="submit" class="${buttonClass({ small: true })}">${options.button}</button>${options.more}</div></form>`;
}

/** The tick of a row. `about` names the row for screen readers. */
export function selectionTick(id: number, about: string): Html {
  const drawn = attributes({ type: 'checkbox', name: `pick-${id}`, value: '1', 'aria-label': about });
  return html`<input class="form-check-input"${drawn}>`;
}

/** The ids that were ticked, from the query that the form leads to. */
export function pickedIds(query: Readonly<Record<string, string>>): number[] {
  return Object.keys(query).flatMap((name) => {
    const id = /^pick-([1-9]\d{0,14})$/.exec(name)?.[1];
    return id === undefined ? [] : [Number(id)];
  });
}
