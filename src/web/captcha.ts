// What the frame of the pages does for forms that may ask for a captcha: a page says which form it is, and that is all.

import type { CaptchaForm } from '#domain/guard/captcha.settings.ts';
import type { Captcha } from '#domain/guard/captcha.ts';
import { captchaFor, noteForCaptcha, requireCaptcha } from '#domain/guard/captcha.ts';
import { Problem } from '#kit/problem.ts';
import type { Answer, Visit } from '#web/page.ts';
import { type CaptchaSources, captchaField, captchaSources } from '#web/parts/captcha.ts';

/** A visit whose forms draw the captcha that is due, and what the page then has to be allowed to load. */
export async function withCaptchaDrawn(
  visit: Visit,
  form: CaptchaForm,
): Promise<{ readonly visit: Visit; readonly sources: CaptchaSources | undefined }> {
  const captcha = await captchaFor(visit.ctx, form, visitorOf(visit));
  if (!captcha) return { visit, sources: undefined };
  return { visit: { ...visit, frame: drawnInto(visit, form, captcha) }, sources: captchaSources(captcha) };
}

function drawnInto({ frame, errors }: Visit, form: CaptchaForm, captcha: Captcha): Visit['frame'] {
  // The sign-in form stands on other pages too, and posts to its own.
  const posts = form === 'login' ? '/login' : frame.path;
  return { ...frame, captcha: { posts, field: captchaField(frame, captcha, errors) } };
}

/** Where doing it often is what is to be slowed, whether it worked or not. */
const EVERY_POST: readonly CaptchaForm[] = ['register', 'password-reset'];

/** Does what a page does with a post, once its form showed a person where that is asked. Throws what the form then says. */
export async function afterCaptcha(visit: Visit, form: CaptchaForm, post: () => Promise<Answer>): Promise<Answer> {
  const { ctx, ip } = visit;
  await requireCaptcha(ctx, form, { ...visitorOf(visit), text: visit.form.text });
  if (EVERY_POST.includes(form)) await noteForCaptcha(ctx, ip);
  try {
    return await post();
  } catch (error) {
    if (error instanceof Problem && !EVERY_POST.includes(form)) await noteForCaptcha(ctx, ip);
    throw error;
  }
}

function visitorOf({ ip, user, administrator }: Visit): { ip: string; isSignedIn: boolean } {
  return { ip, isSignedIn: user !== undefined || administrator !== undefined };
}
