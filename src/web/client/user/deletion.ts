// Leaving for good. Whoever owns an account that is not closed hands it over first, or has it closed.

import { accountsOf } from '#domain/access/accounts.ts';
import type { OwnedAccount } from '#domain/access/last-leave.ts';
import { liveAccountsOwnedBy } from '#domain/access/last-leave.ts';
import { deleteOwnPerson, keptUntil } from '#domain/self-service/own-deletion.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { leave, page, show } from '#web/page.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** No fields. Errors: `owns-live-account`, `address-changed-lately`. Everything of the session is gone afterwards. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  limit: { name: 'own-deletion', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const { ctx, user } = visit;
    const [owned, until] = [await liveAccountsOwnedBy(ctx, user.userId), await keptUntil(ctx, user.userId)];
    return show(picture(visit, await bodyOf(visit, owned, until)));
  },

  post: async ({ ctx, actor, user }) => {
    await deleteOwnPerson(ctx, actor, user.userId);
    return leave('user', '/login', { tone: 'success', key: 'people.deletion.done' });
  },
});

async function bodyOf(visit: OwnVisit, owned: readonly OwnedAccount[], until: number | undefined): Promise<Html> {
  if (owned.length > 0) return stillOwner(visit, owned);
  if (until !== undefined) return changedLately(visit, until);
  const { ctx, user } = visit;
  const [accounts, sessions] = [await accountsOf(ctx, user.userId), await sessionsOf(ctx, { userId: user.userId })];
  return sure(visit, accounts.length, sessions.length);
}

function picture({ frame, errors }: OwnVisit, body: Html): Html {
  const { t } = frame;
  const back = { href: '/user/profile', text: t('client.profile.title') };
  return clientRoom(frame, { title: t('people.deletion.title'), back, errors, body });
}

/** What stands in the way, and what to do about it, account by account. */
function stillOwner({ frame }: OwnVisit, owned: readonly OwnedAccount[]): Html {
  const { t } = frame;
  return stack(
    remark({
      tone: 'warning',
      title: t('people.deletion.owner', { count: owned.length }),
      body: t('people.deletion.owner-text', { company: frame.brand.name }),
    }),
    card({
      title: t('people.deletion.owned'),
      flush: linkList(
        owned.map(({ id, name }) => ({
          href: `/account/${id}/ownership`,
          title: name,
          text: t('people.deletion.hand-over'),
        })),
      ),
    }),
  );
}

function changedLately({ frame }: OwnVisit, until: number): Html {
  const { t } = frame;
  return remark({
    tone: 'info',
    title: t('people.deletion.lately'),
    body: t('people.deletion.lately-text', { until: frame.formatDateTime(until) }),
  });
}

function sure(visit: OwnVisit, accounts: number, sessions: number): Html {
  const { frame, errors, user } = visit;
  const { t } = frame;
  return card({
    tone: 'danger',
    body: confirmation(frame, {
      errors,
      losses: [
        t('people.deletion.loss-sign-in', { address: user.email }),
        t('people.deletion.loss-accounts', { count: accounts }),
        t('people.deletion.loss-sessions', { count: sessions }),
        t('people.deletion.loss-letters'),
      ],
      kept: html`${t('people.deletion.kept')} <a href="/user/export">${t('people.deletion.export')}</a>`,
      button: t('people.deletion.button'),
      cancel: { href: '/user/profile', text: t('people.deletion.cancel') },
    }),
  });
}
