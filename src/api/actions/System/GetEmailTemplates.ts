// GetEmailTemplates: the templates of letters, with their subject in a language.

import { action } from '#api/action.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { everyTemplate, sourceIn } from '#domain/mail/email-templates.ts';
import { languageFor } from '#domain/settings/language-for.ts';

/**
 * type (all), language (the default). Answers totalresults and emailtemplates.emailtemplate: id, name, subject, custom (0 or
 * 1), all as texts, as documented.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const type = scalar(values, 'type')?.trim().toLowerCase();
    const { code } = await languageFor(ctx, scalar(values, 'language')?.trim());
    const found = (await everyTemplate(ctx)).filter((one) => type === undefined || one.type === type);
    return {
      totalresults: String(found.length),
      emailtemplates: {
        emailtemplate: found.map((one) => ({
          id: String(one.id),
          name: one.name,
          subject: sourceIn(one, code).subject,
          custom: one.isCustom ? '1' : '0',
        })),
      },
    };
  },
});
