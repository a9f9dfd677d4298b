// Where a person is signed in, and ending it there (ASVS 5.0 V7.5.2).

import { endOtherSessions, endOwnSession } from '#domain/sessions/ending.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import { whereFrom } from '#web/device-parts.ts';
import { wayBackIn } from '#web/factor-parts.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import type { ToldSession } from '#web/session-parts.ts';
import { everywhereCard, leaveEverywhere, sessionMarks, toldSessions } from '#web/session-parts.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: session, an id of the list, `others` or `everywhere`. Another person's id and one that is over answer alike. */
export default page({
  who: { is: 'user' },

  get: async (visit) => {
    const sessions = await sessionsOf(visit.ctx, { userId: visit.user.userId });
    return show(picture(visit, await toldSessions(visit, OWN_USER, sessions)));
  },

  post: async (visit) => {
    const named = visit.form.text('session');
    if (named === 'everywhere') return leaveEverywhere(visit, OWN_USER);
    if (named !== 'others') return endOne(visit, Number(named));
    await endOtherSessions(visit.ctx, visit.actor, { userId: visit.user.userId }, visit.user.sessionId);
    return goTo('/user/sessions', { tone: 'success', key: 'client.sessions.others-ended' });
  },
});

async function endOne({ ctx, actor, user }: OwnVisit, sessionId: number): Promise<Answer> {
  if (sessionId === user.sessionId) return goTo('/logout');
  try {
    if (!Number.isSafeInteger(sessionId)) throw new Problem('not-found', 'session-not-found');
    await endOwnSession(ctx, actor, { userId: user.userId }, sessionId);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
    return goTo('/user/sessions', { tone: 'info', key: 'errors.session-not-found' });
  }
  return goTo('/user/sessions', { tone: 'success', key: 'client.sessions.ended' });
}

function picture(visit: OwnVisit, sessions: readonly ToldSession[]): Html {
  const { frame, user } = visit;
  const { t } = frame;
  const own = sessions.filter((one) => one.id === user.sessionId);
  const others = sessions.filter((one) => one.id !== user.sessionId);
  return clientRoom(frame, {
    title: t('client.sessions.title'),
    back: wayBackIn(visit, OWN_USER),
    intro: t('client.sessions.intro'),
    body: stack(
      card({
        flush: table(frame, {
          caption: t('client.sessions.title'),
          rows: [...own, ...others],
          empty: empty({ title: t('client.sessions.none') }),
          columns: [
            {
              heading: t('client.sessions.device'),
              kind: 'name',
              cell: (one) =>
                html`${deviceWords(frame, one)}${sessionMarks(frame, one, one.id === user.sessionId ? t('client.sessions.this') : undefined)}`,
            },
            { heading: t('client.sessions.address'), cell: (one) => whereFrom(frame, one, one.words) },
            {
              heading: t('client.sessions.began'),
              kind: 'short',
              wideOnly: true,
              cell: (one) => date(frame, one.createdAt),
            },
            { heading: t('client.sessions.seen'), kind: 'short', cell: (one) => ago(frame, one.lastSeenAt) },
            {
              heading: t('client.sessions.end'),
              kind: 'actions',
              cell: (one) => (one.id === user.sessionId ? undefined : endButton(frame, one)),
            },
          ],
        }),
      }),
      others.length > 0 &&
        card({
          title: t('client.sessions.others'),
          body: html`<p>${t('client.sessions.others-text')}</p>${postButton(frame, { text: t('client.sessions.others-button'), fields: { session: 'others' } })}`,
        }),
      everywhereCard(frame, OWN_USER),
    ),
  });
}

function endButton(frame: Frame, session: ToldSession): Html {
  return postButton(frame, {
    text: frame.t('client.sessions.end'),
    about: `${deviceWords(frame, session)}, ${session.ip}`,
    fields: { session: session.id },
    small: true,
  });
}

function deviceWords({ t }: Frame, session: ToldSession): string {
  if (session.origin === 'api') return t('client.sessions.program');
  if (session.origin === 'acting') return t('support.acting.session');
  return session.words?.device ?? t('client.sessions.unknown');
}
