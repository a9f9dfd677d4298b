// The list of clients as a file for spreadsheets. Who may export everything and see this list may have it.

import { exportFile, exportPage } from '#web/list-export.ts';
import { page } from '#web/page.ts';

/** Query: the filter of the list. */
export default page({
  who: { is: 'staff', permission: 'Mass Data Export', also: 'List Clients' },
  get: (visit) => exportPage(visit, 'clients'),
  post: (visit) => exportFile(visit, 'clients'),
});
