// Shows that this is a browser somebody sits at. Our own way is a proof of work (ALTCHA, PBKDF2): it begins when the page is
// open and is done long before the form is filled in. Without this file the form asks a question instead.

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The first number whose derivation begins as the challenge asks. The derivations run beside this thread: the page stays quick. */
async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0]);
  const counterAt = new DataView(password.buffer, password.length - 4);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: cost };
  for (let counter = 0; ; counter += 1) {
    counterAt.setUint32(0, counter);
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const derived = hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
    if (derived.startsWith(keyPrefix)) return { counter, derivedKey: derived };
  }
}

/** Keeps a form from being sent until `ready`, and then sends it as its button would have. */
function sendWhen(form, ready) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.captchaReady) return;
    event.preventDefault();
    if (form.dataset.captchaWaits) return;
    form.dataset.captchaWaits = 'yes';
    const { submitter } = event;
    // In a turn of its own: a form cannot be sent while its sending is being asked about.
    const send = () => {
      delete form.dataset.captchaWaits;
      delete form.dataset.sent; // doorward.js sends a form once; this one was not sent yet
      form.dataset.captchaReady = 'yes';
      form.requestSubmit(submitter);
    };
    ready().finally(() => setTimeout(send));
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) delete form.dataset.captchaReady;
  });
}

async function work(box) {
  const challenge = JSON.parse(box.dataset.challenge);
  const state = box.querySelector('[data-captcha-state]');
  state.hidden = false;
  const solution = await solve(challenge.parameters);
  box.querySelector('[name="captcha"]').value = btoa(JSON.stringify({ challenge, solution }));
  state.textContent = state.dataset.done;
}

/** There, once the provider's script is. Where it is blocked the question stays. */
function whenLoaded(box, then) {
  const script = document.querySelector('[data-captcha-script]');
  if (window[box.dataset.global]) return then();
  script.addEventListener('load', then);
}

for (const box of document.querySelectorAll('[data-captcha]')) {
  const form = box.closest('form');
  const question = box.querySelector('[data-captcha-question]');
  const hideQuestion = () => {
    if (question) question.hidden = true;
  };
  if (box.dataset.captcha === 'altcha') {
    if (!globalThis.crypto?.subtle) continue; // only there on https and localhost: the question stays
    hideQuestion();
    const done = work(box).catch(() => {
      if (question) question.hidden = false;
      box.querySelector('[data-captcha-state]').hidden = true;
    });
    sendWhen(form, () => done);
  } else if (box.dataset.captcha === 'recaptcha-v3') {
    whenLoaded(box, () => {
      hideQuestion();
      // Its tokens hold for two minutes, so it is asked when the form is sent.
      sendWhen(form, async () => {
        await new Promise((ready) => window.grecaptcha.ready(ready));
        const { siteKey, action } = box.dataset;
        box.querySelector('[name="captcha"]').value = await window.grecaptcha.execute(siteKey, { action });
      });
    });
  } else whenLoaded(box, hideQuestion);
}
