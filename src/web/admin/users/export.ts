// The list of users as a file for spreadsheets. Who may export everything and see this list may have it.

import { exportFile, exportPage } from '#web/list-export.ts';
import { page } from '#web/page.ts';

/** Query: the filter of the list. */
export default page({
  who: { is: 'staff', permission: 'Mass Data Export', also: 'List Users' },
  get: (visit) => exportPage(visit, 'users'),
  post: (visit) => exportFile(visit, 'users'),
});
