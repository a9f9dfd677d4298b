// The browsers that a member of staff signed in on.

import { changeDevice, drawDevices } from '#web/device-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page, show } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => show(await drawDevices(visit, OWN_STAFF)),
  post: async (visit) => changeDevice(visit, OWN_STAFF),
});
