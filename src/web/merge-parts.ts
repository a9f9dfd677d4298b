// What pages say of merged clients: which became a part of this one, and where one went that is asked for by its number.

import type { Merge } from '#domain/merging/merges.ts';
import { mergesInto, whereItWent } from '#domain/merging/merges.ts';
import type { Html } from '#kit/html.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { idInPath, may } from '#web/staff.ts';

/** Why a client is not there: it is a part of another now, or there is none of this number. */
export async function whyNoClient(visit: Visit, id: number): Promise<Problem> {
  const went = await whereItWent(visit.ctx, id);
  if (!went) return notFound('client-not-found');
  return new Problem('not-found', MERGED, { values: { id: String(id), into: String(went.clientId) } });
}

/** Draws a page of the client in the path, or leads to the one that it is a part of now, with a word about it. */
export async function orWhereItWent(visit: Visit, draw: () => Promise<Answer>): Promise<Answer> {
  try {
    return await draw();
  } catch (error) {
    if (!(error instanceof Problem && error.code === MERGED)) throw error;
    const id = idInPath(visit, 'id', 'client-not-found');
    const went = await whereItWent(visit.ctx, id);
    if (!went) throw error;
    return goTo(`/admin/clients/${went.clientId}`, {
      tone: 'info',
      key: 'merging.went',
      values: { id: String(id), date: visit.frame.formatDate(went.at) },
    });
  }
}

const MERGED = 'client-merged';

/** A remark for each account that became a part of a client, with the way to undo it while there is one. */
export async function mergeRemarks(visit: Visit, clientId: number): Promise<Html[]> {
  const { frame } = visit;
  return (await mergesInto(visit.ctx, clientId)).map((merge) =>
    remark({
      tone: 'info',
      body: frame.t('merging.remark', {
        name: mergedName(frame, merge),
        date: frame.formatDate(merge.at),
        administrator: merge.administrator,
      }),
      action:
        merge.undoUntil !== undefined && may(visit, 'Merge Clients')
          ? linkButton({
              href: `/admin/clients/${clientId}/merges/${merge.id}`,
              text: frame.t('merging.undo.open'),
              about: merge.fromName,
              small: true,
            })
          : undefined,
    }),
  );
}

/** How an account was called that became a part of another; by its number once the name is forgotten. */
export function mergedName(frame: Frame, merge: Pick<Merge, 'fromName' | 'fromClientId'>): string {
  const id = String(merge.fromClientId);
  return merge.fromName === ''
    ? frame.t('merging.nameless', { id })
    : frame.t('merging.named', { name: merge.fromName, id });
}
