// WhmcsDetails: the level of WHMCS that this API answers like. Many programs probe a connection with it.

import { action } from '#api/action.ts';
import { COMPATIBILITY } from '#api/compatibility.ts';

/** No parameters. Answers whmcs.version and whmcs.canonicalversion. */
export default action({ group: 'System', answer: async () => ({ whmcs: COMPATIBILITY }) });
