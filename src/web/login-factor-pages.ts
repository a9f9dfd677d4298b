// The second step of signing in by what is typed: the code of an authenticator app, a backup code; and the choice of a factor
// where signing in goes no further without one. Customers and staff alike. No session exists yet.

import { BACKUP_CODE } from '#domain/credentials/backup-codes.ts';
import type { Factor } from '#domain/credentials/factor.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { isKey } from '#src/locales/words.ts';
import { trustTick } from '#web/device-parts.ts';
import { factorWord, onwardIn } from '#web/factor-parts.ts';
import { factorWaysOut, startAnew } from '#web/factor-ways.ts';
import { withGoto } from '#web/goto.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, show } from '#web/page.ts';
import { linkList } from '#web/parts/card.ts';
import { codeField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import type { Door } from '#web/sign-in.ts';
import { factorPage, gotoOf, offerResponse, startAgain, waitingHere } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Asks for the code of an app. Whoever has no app is led to what they have. */
export async function drawCode(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'second-factor');
  if (!waiting) return startAgain(visit, door);
  const goto = onwardIn(door, gotoOf(visit));
  const hasCodes = waiting.factors.some((factor) => factor.asks === 'code' && !factor.isSpare);
  const [strongest] = waiting.factors;
  if (!hasCodes && strongest) return goTo(withGoto(factorPage(door, strongest), goto));
  return show(picture(visit, door, waiting.factors, `${door.login}/code`, await trustTick(visit, door)));
}

/** Asks for a backup code. */
export async function drawBackupCode(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'second-factor');
  if (!waiting) return startAgain(visit, door);
  const [strongest] = waiting.factors;
  if (strongest && !waiting.factors.some(({ name }) => name === BACKUP_CODE))
    return goTo(withGoto(factorPage(door, strongest), onwardIn(door, gotoOf(visit))));
  return show(picture(visit, door, waiting.factors, `${door.login}/${BACKUP_CODE}`));
}

/** Offers what was typed. Fields: code, trust, goto. Five tries, ten minutes (domain/login); then the sign-in starts again. */
export async function offerTyped(visit: Visit, door: Door, name: string | undefined): Promise<Answer> {
  const code = visit.form.text('code').replace(/[\s-]/g, '');
  if (code === '') throw invalid({ code: 'code-missing' });
  return offerResponse(visit, door, name, code);
}

/** The factors that may be set up, the strongest first; where there is just one, its page. */
export async function drawChoice(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'factor-set-up');
  if (!waiting) return startAgain(visit, door);
  const { frame } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  return show(
    entranceRoom(frame, {
      title: t('factors.set-up.title'),
      intro: t('factors.set-up.intro', { company: frame.brand.name }),
      body: linkList(
        waiting.factors.map((factor) => ({
          href: withGoto(`${door.login}/set-up/${placeOf(factor)}`, goto),
          title: factorWord(frame, factor),
          text: aboutFactor(frame, factor),
        })),
      ),
      wayOut: startAnew(frame, door, goto),
    }),
  );
}

function picture(visit: Visit, door: Door, factors: readonly Factor[], here: string, trust?: Html | undefined): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  const backup = here.endsWith(BACKUP_CODE);
  return entranceRoom(frame, {
    title: backup ? t('factors.login.backup.title') : t('entrance.code.title'),
    intro: backup ? t('factors.login.backup.intro') : t('factors.login.code.intro'),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.login.button'),
      body: html`${gotoField(goto)}${codeField(frame, {
        name: 'code',
        label: backup ? t('factors.name.backup-code') : t('entrance.code.label'),
        errors,
        required: true,
        autofocus: true,
        ...(backup ? { kind: 'text', length: 19 } : {}),
      })}${trust}`,
    }),
    wayOut: factorWaysOut(frame, door, factors, here, goto),
  });
}

/** The last part of the address where a factor is set up on the way in. */
function placeOf({ name }: Factor): string {
  return name === 'totp' ? 'app' : name;
}

function aboutFactor({ t }: Frame, { name }: Factor): string | undefined {
  const key = `factors.about.${name}`;
  return isKey(key) ? t(key) : undefined;
}
