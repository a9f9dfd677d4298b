// The bar above a list: words to search for, lists to narrow it by. A GET form, so the address can be kept and shared.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import type { Choice } from './choice.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** A list to narrow by; the first choice should be "All …" with an empty value. */
export type Filter = {
  readonly name: string;
  readonly label: string;
  readonly value?: string | undefined;
  readonly choices: readonly Choice[];
};

/** Search and filters on one line. `search.label` is heard, `clear` is where to go to see the whole list again. */
export function filterBar(
  frame: Frame,
  options: {
    readonly action?: string | undefined;
    readonly search?:
      | { readonly name: string; readonly label: string; readonly value?: string | undefined }
      | undefined;
    readonly filters?: readonly Filter[] | undefined;
    readonly button?: string | undefined;
    readonly clear?: string | undefined;
  },
): Html {
  const clear =
    options.clear && html`<a class="btn dw-btn-quiet" href="${options.clear}">${frame.t('common.filter.clear')}</a>`;
  return html`<form class="dw-filters" method="get"${attributes({ action: options.action })}>${options.search && searchInput(options.search)}${options.filters?.map(filterSelect)}<button type="submit" class="btn dw-btn-plain">${options.button ?? frame.t('common.filter.apply')}</button>${clear}</form>`;
}

function searchInput(search: { name: string; label: string; value?: string | undefined }): Html {
  const drawn = attributes({
    type: 'search',
    id: `filter-${search.name}`,
    name: search.name,
    value: search.value,
    placeholder: search.label,
    'aria-label': search.label,
    enterkeyhint: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 200,
  });
  return html`<div class="dw-search">${icon('search')}<input class="form-control"${drawn}></div>`;
}

function filterSelect(filter: Filter): Html {
  const id = `filter-${filter.name}`;
  const choices = filter.choices.map((choice) => {
    const state = attributes({
      value: choice.value,
      selected: choice.value === (filter.value ?? ''),
      disabled: choice.disabled,
    });
    return html`<option${state}>${choice.text}</option>`;
  });
  return html`<label class="visually-hidden" for="${id}">${filter.label}</label><select class="form-select" id="${id}" name="${filter.name}">${choices}</select>`;
}
