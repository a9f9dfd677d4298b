// The browsers that a customer signed in on.

import { changeDevice, drawDevices } from '#web/device-pages.ts';
import { OWN_USER } from '#web/own-side.ts';
import { page, show } from '#web/page.ts';

export default page({
  who: { is: 'user' },
  get: async (visit) => show(await drawDevices(visit, OWN_USER)),
  post: async (visit) => changeDevice(visit, OWN_USER),
});
