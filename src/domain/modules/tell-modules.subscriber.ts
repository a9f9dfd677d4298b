// What is told outside, modules hear too: the same ids and names of fields, once the transaction is stored for good. So none
// of them can undo what happened, and none holds up a write.

import type { Subscriber } from '#kit/events.ts';
import { outsideSubscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Lets them hear. */
export const onAnythingToldToModules: Subscriber<Context> = outsideSubscriber(async (tx, name, told) => {
  if (tx.modules.all.length > 0) tx.afterCommit(() => tx.modules.tell(name, told));
});
