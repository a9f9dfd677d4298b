// The credit log as staff see it, of one client or of all, and the form of an entry.

import type { CreditEntry, NewCredit } from '#domain/credit/credit.ts';
import { changeCredit, readAmount } from '#domain/credit/credit.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { invalid } from '#kit/problem.ts';
import { randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, textOr } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { numberField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { pager } from '#web/parts/pager.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { dateTime } from '#web/parts/time.ts';
import { leafHrefs, may } from '#web/staff.ts';

/** The entries as a table; `withClient` names the client of each. */
export function creditTable(
  visit: Visit,
  entries: KeysetPage<CreditEntry>,
  options: { readonly empty: Html; readonly withClient?: true; readonly kept?: Readonly<Record<string, string>> },
): Html {
  const { frame } = visit;
  const { t } = frame;
  const client: Column<CreditEntry> = {
    heading: t('records.credit.column.client'),
    kind: 'short',
    cell: (one) =>
      html`<a href="/admin/clients/${one.clientId}">${t('admin.client.number', { id: String(one.clientId) })}</a>`,
  };
  const list = table<CreditEntry>(frame, {
    caption: t('records.credit.title'),
    rows: entries.rows,
    empty: options.empty,
    columns: [
      {
        heading: t('records.credit.column.description'),
        kind: 'name',
        cell: (one) => one.description || t('records.credit.unnamed'),
      },
      ...(options.withClient ? [client] : []),
      { heading: t('records.credit.column.day'), kind: 'short', cell: (one) => dayWords(frame, one.day) },
      {
        heading: t('records.credit.column.amount'),
        kind: 'short',
        align: 'end',
        cell: (one) => signed(frame, one),
      },
      {
        heading: t('records.credit.column.balance'),
        kind: 'short',
        align: 'end',
        cell: (one) => frame.formatMoney(one.balanceMinor, one.currency),
      },
      {
        heading: t('records.credit.column.entered'),
        cell: (one) => html`${dateTime(frame, one.createdAt)} ${t('records.by', { author: one.administrator })}`,
      },
    ],
  });
  return card({ flush: html`${list}${pager(frame, leafHrefs(visit.path, options.kept ?? {}, entries))}` });
}

/** Adds or removes credit as typed. Fields: amount, description, once (the form's own key: sent twice, it counts once). */
export async function enterCredit(visit: Visit, type: NewCredit['type']): Promise<Answer> {
  const { ctx, actor, form: typed } = visit;
  const file = await clientFileOf(visit);
  const amount = readAmount(typed.text('amount'), true);
  const description = oneLine(typed.text('description'));
  const once = typed.text('once');
  const faults: Record<string, string> = {};
  if (amount === 'missing') faults['amount'] = 'amount-missing';
  if (amount === 'misshapen') faults['amount'] = 'amount-misshapen';
  if (description === '') faults['description'] = 'description-missing';
  if (!/^[\w-]{22}$/.test(once)) faults['form'] = 'form-expired';
  if (typeof amount === 'string' || Object.keys(faults).length > 0) throw invalid(faults);
  const done = await changeCredit(ctx, actor, file.client.id, {
    type,
    amountMinor: amount,
    description,
    requestKey: `form:${file.client.id}:${once}`,
  });
  const next = may(visit, 'View Credit Log') ? `${file.href}/credit` : clientLink(visit, file).href;
  if (done === 'again') return goTo(next, { tone: 'info', key: 'records.credit.again' });
  return goTo(next, {
    tone: 'success',
    key: type === 'add' ? 'records.credit.added' : 'records.credit.removed',
    values: {
      amount: visit.frame.formatMoney(amount, file.currency),
      balance: visit.frame.formatMoney(done.balanceMinor, file.currency),
    },
  });
}

/** The page for adding or removing credit. */
export function creditForm(visit: Visit, file: ClientFile, type: NewCredit['type']): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const back = may(visit, 'View Credit Log')
    ? { href: `${file.href}/credit`, text: t('records.credit.of', { name: file.name }) }
    : clientLink(visit, file);
  const balance = frame.formatMoney(file.client.creditMinor, file.currency);
  return clientStep(visit, file, {
    title: t(type === 'add' ? 'records.credit.add' : 'records.credit.remove'),
    intro: t(type === 'add' ? 'records.credit.add.text' : 'records.credit.remove.text', { name: file.name, balance }),
    back,
    body: card({
      body: form(frame, {
        errors,
        body: html`${hiddenField('once', textOr(typed, 'once', '') || randomToken(16))}${numberField(frame, {
          name: 'amount',
          label: t('records.credit.amount'),
          value: textOr(typed, 'amount', ''),
          errors,
          required: true,
          decimal: true,
          unit: file.currency,
          maxlength: 16,
        })}${textField(frame, {
          name: 'description',
          label: t('records.credit.description'),
          help: t('records.credit.description.help'),
          value: textOr(typed, 'description', ''),
          errors,
          required: true,
          autocomplete: 'off',
          maxlength: 1000,
        })}`,
        button: t(type === 'add' ? 'records.credit.add' : 'records.credit.remove'),
        tone: type === 'add' ? 'primary' : 'danger',
        secondary: linkButton({ href: back.href, text: t('records.cancel') }),
      }),
    }),
  });
}

/** A sum with its sign, so that it need not be told by its colour. */
function signed(frame: Frame, { amountMinor, currency }: CreditEntry): string {
  const amount = frame.formatMoney(amountMinor, currency);
  return amountMinor > 0 ? `+${amount}` : amount;
}

/** A calendar day, which is the same everywhere. */
function dayWords(frame: Frame, day: string): string {
  return frame.formatDate(Date.parse(`${day}T12:00:00Z`));
}
