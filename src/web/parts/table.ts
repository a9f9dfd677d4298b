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
  /** `name` is the row's headline (cut after two lines), `short` never wraps, `actions` holds buttons, else it wraps. */
  readonly kind?: 'name' | 'short' | 'actions' | undefined;
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
  const rows = options.rows.map(
    (row) => html`<tr role="row">${options.columns.map((column) => cell(column, row))}</tr>`,
  );
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

function cell<Row>(column: Column<Row>, row: Row): Html {
  const drawn = attributes({
    class: columnClass(column),
    role: column.kind === 'name' ? 'rowheader' : 'cell',
    scope: column.kind === 'name' ? 'row' : undefined,
  });
  const content = linked(column.cell(row), column.href?.(row), column.kind === 'name');
  const label =
    column.kind !== 'name' &&
    column.kind !== 'actions' &&
    html`<span class="dw-cell-label" aria-hidden="true">${column.heading}</span>`;
  if (column.kind === 'name') return html`<th${drawn}>${content}</th>`;
  return html`<td${drawn}>${label}<div class="dw-cell">${content}</div></td>`;
}

function linked(content: string | Html | undefined, href: string | undefined, isName: boolean): Html {
  const body = isName ? html`<span class="dw-clamp">${content}</span>` : html`${content}`;
  return href === undefined ? body : html`<a class="dw-row-link" href="${href}">${body}</a>`;
}

function columnClass<Row>(column: Column<Row>): string | undefined {
  const names = [
    column.align === 'end' && 'dw-end',
    column.kind && `dw-col-${column.kind}`,
    column.wideOnly && 'dw-wide-only',
  ].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}
