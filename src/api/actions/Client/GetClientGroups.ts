// GetClientGroups: the groups that clients can be put in.

import { action } from '#api/action.ts';
import { listGroups } from '#domain/clients/groups.ts';

/** No parameters. Answers totalresults and groups.group; switches are "on" or "". */
export default action({
  group: 'Client',
  answer: async ({ ctx }) => {
    const groups = await listGroups(ctx);
    const group = groups.map((one) => ({
      id: one.id,
      groupname: one.name,
      groupcolour: one.colour,
      discountpercent: one.discountPercent,
      susptermexempt: one.suspendExempt ? 'on' : '',
      separateinvoices: one.separateInvoices ? 'on' : '',
    }));
    return { totalresults: group.length, groups: { group } };
  },
});
