// Where an address has to be confirmed before anybody is signed in: the password was right, and a letter is what is missing.
// Posting sends it again; no session exists.

import { strangerActor } from '#domain/audit/actor.ts';
import { waitingForConfirmation } from '#domain/login/confirmation.ts';
import { userOf } from '#domain/users/users.ts';
import { resendVerification } from '#domain/verification/verification.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import { maskedAddress } from '#kit/text.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { CUSTOMERS, startAgain } from '#web/sign-in.ts';

/** No fields. How often the letter goes out is counted for the person by domain/verification. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'confirm-network', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const userId = await waitingForConfirmation(visit.ctx, visit.attempt ?? '');
    if (userId === undefined) return startAgain(visit, CUSTOMERS);
    return show(picture(visit, maskedAddress((await userOf(visit.ctx, userId)).email)));
  },

  post: sendAgain,
});

async function sendAgain(visit: Visit): Promise<Answer> {
  const userId = await waitingForConfirmation(visit.ctx, visit.attempt ?? '');
  if (userId === undefined) return startAgain(visit, CUSTOMERS);
  try {
    await resendVerification(visit.ctx, strangerActor(visit.ip), userId);
  } catch (error) {
    // Confirmed meanwhile, or no longer asked for: they can sign in now.
    if (error instanceof Problem && error.kind === 'conflict') return startAgain(visit, CUSTOMERS);
    throw error;
  }
  return goTo('/login/confirm', { tone: 'success', key: 'registration.verify.sent' });
}

function picture({ frame }: Visit, address: string): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('registration.confirm.title'),
    intro: t('registration.confirm.intro', { address }),
    body: html`<p class="text-secondary">${t('registration.confirm.help')}</p>${form(frame, {
      body: html``,
      button: t('registration.verify.send'),
    })}`,
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
