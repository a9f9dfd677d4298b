// Tables made for reading; on a phone each row becomes a card.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** A column: its heading, and how it draws the cell of a row. */
export type Column<Row> = {
  readonly heading: string;
  cell(row: Row): string | Html | undefined;
  /** The address that the cell's content links to; for the row's name. */
  href?(row: Row): string | undefined;
  /** `end` for numbers and money. */
  readonly align?: 'start' | 'end' | undefined;
  /** `name` is the row's headline (cut after two lines), `text` keeps room for an e-mail address, `short` never wraps, `actions` holds buttons. */
  readonly kind?: 'name' | 'text' | 'short' | 'actions' | undefined;
  /** Left out on screens narrower than a desktop; only for what the row's own page says too. */
  readonly wideOnly?: boolean | undefined;
  /** Makes the heading a link that sorts; `direction` when the list is sorted by it now. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' | undefined } | undefined;
};

/**
 * A table. `caption` names it for screen readers; `shown: true` in `captionShown` also for the eye.
 * Without rows it draws `empty` (see empty.ts) instead. Columns of kind `actions` have a heading that only is heard.
 */
export function table<Row>(
  _frame: Frame,
  options: {
    readonly caption: string;
    readonly captionShown?: boolean | undefined;
    readonly columns: readonly Column<Row>[];
    readonly rows: readonly Row[];
    readonly empty: Html;
  },
): Html {
  if (options.rows.length === 0) return options.empty;
  const caption = html`<caption class="${options.captionShown ? 'dw-caption' : 'visually-hidden'}">${options.caption}</caption>`;
  const heads = options.columns.map((column) => heading(column));
  const cells = options.columns.map(cellOf);
  const rows = options.rows.map((row) => html`<tr role="row">${cells.map((cell) => cell(row))}</tr>`);
  // The roles keep it a table for screen readers where the stylesheet turns rows into cards.
  return html`<div class="dw-table-box"><table class="table dw-table" role="table">${caption}<thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">${rows}</tbody></table></div>`;
}

function heading<Row>(column: Column<Row>): Html {
  const drawn = attributes({
    class: columnClass(column),
    role: 'columnheader',
    scope: 'col',
    'aria-sort': column.sort?.direction,
  });
  if (column.kind === 'actions') return html`<th${drawn}><span class="visually-hidden">${column.heading}</span></th>`;
  if (!column.sort) return html`<th${drawn}>${column.heading}</th>`;
  return html`<th${drawn}><a class="dw-sort" href="${column.sort.href}">${column.heading}${sortMark(column.sort.direction)}</a></th>`;
}

function sortMark(direction: 'ascending' | 'descending' | undefined): Html {
  if (direction === undefined) return icon('selector');
  return html`<span class="dw-sort-${direction}">${icon('chevron-down')}</span>`;
}

/** How a column draws a cell. What is the same in each of its rows is drawn once. */
function cellOf<Row>(column: Column<Row>): (row: Row) => Html {
  const isName = column.kind === 'name';
  const drawn = attributes({
    class: columnClass(column),
    role: isName ? 'rowheader' : 'cell',
    scope: isName ? 'row' : undefined,
  });
  if (isName) return (row) => html`<th${drawn}>${nameLink(column.cell(row), column.href?.(row))}</th>`;
  const label =
    column.kind !== 'actions' && html`<span class="dw-cell-label" aria-hidden="true">${column.heading}</span>`;
  const opening = html`<td${drawn}>${label}<div class="dw-cell">`;
  return (row) => html`${opening}${linked(column.cell(row), column.href?.(row))}</div></td>`;
}

function nameLink(content: string | Html | undefined, href: string | undefined): Html | string | undefined {
  return linked(html`<span class="dw-clamp">${content}</span>`, href);
}

function linked(content: string | Html | undefined, href: string | undefined): Html | string | undefined {
  return href === undefined ? content : html`<a class="dw-row-link" href="${href}">${content}</a>`;
}

function columnClass<Row>(column: Column<Row>): string | undefined {
  const names = [
    column.align === 'end' && 'dw-end',
    column.kind && `dw-col-${column.kind}`,
    column.wideOnly && 'dw-wide-only',
  ].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}
