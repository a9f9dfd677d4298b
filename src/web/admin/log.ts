// The activity log: who did what, from where, with the facts. Any mix of conditions; each search reads a bounded piece.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { AuditFound, AuditSearch, DetailedLine } from '#domain/audit/audit-search.ts';
import { SEARCH_SPAN, searchAudit } from '#domain/audit/audit-search.ts';
import { whoseLines } from '#domain/lists/whose-lines.ts';
import { plainAddress } from '#kit/address.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import type { Key } from '#src/locales/words.ts';
import { isKey } from '#src/locales/words.ts';
import { staffName } from '#web/administrator-parts.ts';
import { dayEnd, dayStart } from '#web/day.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { selectField } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { entryList, entryMore } from '#web/parts/entries.ts';
import { textField } from '#web/parts/field.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import { fieldRow, form, moreFields } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, wholeNumber, withQuery } from '#web/staff.ts';

const PATH = '/admin/log';
const LINES_A_PAGE = 50;

export default page({
  who: { is: 'staff', permission: 'View Activity Log' },
  get: async (visit) => {
    const asked = askedFor(visit);
    const read = await searchOf(visit, asked);
    const found =
      'faults' in read ? NOTHING : await searchAudit(visit.ctx, read.search, placeInList(visit), LINES_A_PAGE);
    const faults = 'faults' in read ? read.faults : undefined;
    return show(picture(visit, { asked, faults, found, staff: await listAdministrators(visit.ctx) }));
  },
});

const NOTHING: AuditFound = { rows: [], next: undefined, previous: undefined, searchedTo: undefined };
const NAMES = ['text', 'user', 'client', 'administrator', 'event', 'address', 'from', 'until'] as const;

/** The conditions as typed. */
type Asked = Readonly<Record<(typeof NAMES)[number], string>>;

type Found = {
  readonly asked: Asked;
  readonly faults: FieldErrors | undefined;
  readonly found: AuditFound;
  readonly staff: readonly Administrator[];
};

function askedFor({ query }: Visit): Asked {
  const typed = (name: (typeof NAMES)[number]): string => oneLine(query[name] ?? '').slice(0, 254);
  return {
    text: typed('text'),
    user: typed('user'),
    client: typed('client'),
    administrator: typed('administrator'),
    event: typed('event'),
    address: typed('address'),
    from: typed('from'),
    until: typed('until'),
  };
}

/** The conditions as the log understands them, or what is wrong with them, by field. */
async function searchOf(
  visit: Visit,
  asked: Asked,
): Promise<{ readonly search: AuditSearch } | { readonly faults: FieldErrors }> {
  const faults: Record<string, string> = {};
  const read = <T>(name: keyof Asked, value: T | undefined, fault: Key): T | undefined => {
    if (asked[name] !== '' && value === undefined) faults[name] = visit.frame.t(fault);
    return asked[name] === '' ? undefined : value;
  };
  const search: AuditSearch = {
    words: asked.text,
    event: asked.event,
    ...read('user', await whoseIn(visit, asked.user), 'errors.log-nobody'),
    clientId: read('client', wholeNumber(asked.client), 'errors.client-not-found'),
    administratorId: read('administrator', wholeNumber(asked.administrator), 'errors.administrator-not-found'),
    ip: read('address', plainAddress(asked.address), 'errors.single-address-invalid'),
    from: read('from', dayStart(asked.from), 'errors.date-invalid'),
    until: read('until', dayEnd(asked.until), 'errors.date-invalid'),
  };
  return Object.keys(faults).length > 0 ? { faults } : { search };
}

/** A user by number, as links give it; a user, a client or an administrator by address or name, as people know them. */
async function whoseIn({ ctx }: Visit, typed: string): Promise<Pick<AuditSearch, 'userId' | 'whose'> | undefined> {
  const userId = wholeNumber(typed);
  return userId === undefined ? whoseLines(ctx, typed) : { userId };
}

function picture(visit: Visit, all: Found): Html {
  const { frame } = visit;
  const { t } = frame;
  const { asked, found, faults } = all;
  const narrowed = NAMES.some((name) => asked[name] !== '');
  return adminRoom(frame, {
    title: t('admin.log.title'),
    intro: t('admin.log.intro'),
    errors: faults,
    wide: true,
    body: stack(
      card({ body: searchForm(visit, all, narrowed) }),
      card({
        flush: html`${lineList(visit, all, narrowed)}${pager(frame, { ...leafHrefs(PATH, asked, found), summary: spanWords(visit, found) })}`,
      }),
    ),
  });
}

/** When a search stopped before it had enough: how far it came, and that more may lie behind. */
function spanWords({ frame }: Visit, { searchedTo }: AuditFound): string | undefined {
  if (searchedTo === undefined) return undefined;
  return frame.t('admin.log.searchedTo', { count: SEARCH_SPAN, until: frame.formatDateTime(searchedTo) });
}

function searchForm(visit: Visit, { asked, faults, staff }: Found, narrowed: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const field = (name: keyof Asked, label: string, more: { help?: string; type?: 'date' | 'search' } = {}): Html =>
    textField(frame, {
      name,
      label,
      errors: faults,
      value: asked[name],
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 254,
      ...more,
    });
  const people = selectField(frame, {
    name: 'administrator',
    label: t('admin.log.administrator'),
    errors: faults,
    value: asked.administrator,
    choose: t('admin.log.administrator.all'),
    choices: staff.map((one) => ({ value: String(one.id), text: `${staffName(one)} (${one.username})` })),
  });
  const more = html`${fieldRow(
    field('user', t('admin.log.user')),
    field('client', t('admin.log.client')),
    people,
    field('address', t('admin.log.address')),
    field('from', t('admin.log.from'), { type: 'date' }),
    field('until', t('admin.log.until'), { type: 'date' }),
  )}${field('event', t('admin.log.event'), { help: t('admin.log.event.help') })}`;
  const open = NAMES.some((name) => name !== 'text' && asked[name] !== '');
  return form(frame, {
    method: 'get',
    action: PATH,
    errors: faults,
    button: t('admin.log.search'),
    tone: 'plain',
    secondary: narrowed ? linkButton({ href: PATH, text: t('common.filter.clear'), tone: 'quiet' }) : undefined,
    body: html`${field('text', t('admin.log.text'), { type: 'search' })}${moreFields({
      word: t('admin.log.more'),
      open,
      body: more,
    })}`,
  });
}

function lineList(visit: Visit, { found, asked }: Found, narrowed: boolean): Html {
  const { t } = visit.frame;
  if (found.rows.length > 0)
    return entryList({
      label: t('admin.log.title'),
      entries: found.rows.map((line) => ({ body: whatHappened(visit, line), facts: whoAndWhen(visit, asked, line) })),
    });
  if (!narrowed) return empty({ title: t('admin.log.empty'), text: t('admin.log.empty.text'), icon: 'history' });
  const text = found.next === undefined ? t('admin.log.none.text') : t('admin.log.none.more');
  return empty({ title: t('admin.log.none'), text, icon: 'search' });
}

function whatHappened(visit: Visit, line: DetailedLine): Html {
  return html`${line.description}${factsOf(visit, line)}`;
}

/** Who, from where and when; event and address are links that narrow the list to their like. */
function whoAndWhen({ frame }: Visit, asked: Asked, line: DetailedLine): Html {
  const address =
    line.ip !== '' && html` · <a href="${withQuery(PATH, { ...asked, address: line.ip })}">${line.ip}</a>`;
  return html`${whoActed(frame, line)}${address}<br>${dateTime(frame, line.at)} · <a href="${withQuery(PATH, {
    ...asked,
    event: line.event,
  })}">${line.event}</a>`;
}

/** Whose line it is and its facts, behind a word that opens them. */
function factsOf(visit: Visit, line: DetailedLine): Html | undefined {
  const { frame } = visit;
  const { t } = frame;
  const facts = [
    line.clientId !== undefined && {
      term: t('admin.log.fact.client'),
      value: link(visit, 'View Clients Summary', `/admin/clients/${line.clientId}`, line.clientId),
    },
    line.userId !== undefined && {
      term: t('admin.log.fact.user'),
      value: link(visit, 'List Users', `/admin/users/${line.userId}`, line.userId),
    },
    ...Object.entries(line.details ?? {}).map(([term, value]) => ({ term, value: factWords(value) })),
  ].filter((fact) => fact !== false);
  if (facts.length === 0) return undefined;
  return entryMore({ word: t('admin.log.facts'), body: definitions(frame, facts) });
}

/** A fact as text: a list with commas, an object line by line. */
function factWords(value: unknown): string | Html {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => plainWords(one)).join(', ');
  if (typeof value !== 'object') return plainWords(value);
  const lines = Object.entries(value).map(([name, one]) => `${name}: ${plainWords(one)}`);
  return html`${lines.map((line, at) => html`${at > 0 && html`<br>`}${line}`)}`;
}

function plainWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The name of whoever acted, and what they are: a name alone could be made to look like another's. */
function whoActed({ t }: Frame, line: DetailedLine): string {
  const key = `admin.log.kind.${line.actorKind}`;
  const kind = isKey(key) ? t(key) : line.actorKind;
  return line.actorName === '' ? kind : `${line.actorName} (${kind})`;
}

function link(visit: Visit, permission: Parameters<typeof may>[1], href: string, text: string | number): Html {
  return may(visit, permission) ? html`<a href="${href}">${text}</a>` : html`${text}`;
}
