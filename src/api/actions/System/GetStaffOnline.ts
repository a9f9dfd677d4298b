// GetStaffOnline: the administrators at work.

import { action } from '#api/action.ts';
import { wireInstant } from '#api/dialect/instants.ts';
import { staffOnline } from '#domain/sessions/staff-online.ts';

/** No parameters. Answers totalresults and staffonline.staff: who was seen in the last fifteen minutes, the latest first. */
export default action({
  group: 'System',
  answer: async ({ ctx }) => {
    const staff = (await staffOnline(ctx)).map((one) => ({
      adminusername: one.username,
      logintime: wireInstant(one.signedInAt),
      ipaddress: one.ip,
      lastvisit: wireInstant(one.lastSeenAt),
    }));
    return { totalresults: staff.length, staffonline: { staff } };
  },
});
