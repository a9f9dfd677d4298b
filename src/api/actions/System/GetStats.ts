// GetStats: the figures of a day. Those of orders, tickets and money are nought until there is a store.

import { action } from '#api/action.ts';
import { amountWithSigns } from '#api/client-answer.ts';
import { integer } from '#api/dialect/parameters.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { staffOnline } from '#domain/sessions/staff-online.ts';
import { days } from '#kit/duration.ts';

const MOST_DAYS = 90;
const COUNTS = [
  'orders_pending',
  'orders_today_cancelled',
  'orders_today_pending',
  'orders_today_fraud',
  'orders_today_active',
  'orders_today_total',
  'orders_yesterday_cancelled',
  'orders_yesterday_pending',
  'orders_yesterday_fraud',
  'orders_yesterday_active',
  'orders_yesterday_total',
  'orders_thismonth_total',
  'orders_thisyear_total',
  'tickets_allactive',
  'tickets_awaitingreply',
  'tickets_flaggedtickets',
  'tickets_open',
  'tickets_answered',
  'tickets_customerreply',
  'tickets_closed',
  'tickets_onhold',
  'tickets_inprogress',
  'cancellations_pending',
  'todoitems_due',
  'networkissues_open',
  'billableitems_uninvoiced',
  'quotes_valid',
];

/** timeline_days (none; at most 90). Answers income in the default currency, counts, staff_online and timeline_data. */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const currencies = await listCurrencies(ctx);
    const currency = currencies.find((one) => one.isDefault) ?? currencies[0];
    const income = currency ? amountWithSigns(0, currency) : '0.00';
    const asked = integer(values, 'timeline_days') ?? 0;
    return {
      income_today: income,
      income_thismonth: income,
      income_thisyear: income,
      income_alltime: income,
      ...Object.fromEntries(COUNTS.map((name) => [name, 0])),
      staff_online: (await staffOnline(ctx)).length,
      timeline_data: timeline(ctx.now(), asked === 'invalid' ? 0 : Math.min(asked, MOST_DAYS)),
    };
  },
});

/** Each measure by day, the oldest first, today last; in UTC. */
function timeline(now: number, count: number) {
  const dates = Array.from({ length: count }, (_, at) =>
    new Date(now - days(count - 1 - at)).toISOString().slice(0, 10),
  );
  const each = (value: number | string) => Object.fromEntries(dates.map((date) => [date, value]));
  return {
    new_orders: each(0),
    accepted_orders: each(0),
    income: each('0.00'),
    expenditure: each('0.00'),
    new_tickets: each(0),
  };
}
