// GetCurrencies: the currencies that clients are billed in.

import { action } from '#api/action.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';

/** Nothing. Answers totalresults and currencies.currency, all as texts, as documented. */
export default action({
  group: 'System',
  answer: async ({ ctx }) => {
    const currencies = await listCurrencies(ctx);
    return {
      totalresults: String(currencies.length),
      currencies: {
        currency: currencies.map((one) => ({
          id: String(one.id),
          code: one.code,
          prefix: one.prefix,
          suffix: one.suffix,
          format: String(one.format),
          rate: one.rate,
        })),
      },
    };
  },
});
