// Asks the browser for a passkey and sends its answer with the form. What is asked for stands beside the hidden field
// `data-passkey` (`create` or `get`); nothing is decided here, and nothing kept.

/** A challenge holds for five minutes; an older page gets a new one before it asks. */
const RENEW_MS = 4 * 60_000;

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

for (const field of document.querySelectorAll('[data-passkey]')) {
  if (window.PublicKeyCredential && navigator.credentials) start(field);
  else say(field, 'unsupported');
}

function start(field) {
  const { form } = field;
  const only = form.closest('[data-passkey-only]');
  if (only) only.hidden = false;
  field.value = '';
  const state = { asked: performance.now(), waiting: undefined, busy: false };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!state.busy) ask(field, state);
  });
  if ('conditional' in field.dataset) offerInAutofill(field, state);
}

/** What a press of the button does. */
async function ask(field, state) {
  state.busy = true;
  state.waiting?.abort();
  hush(field);
  try {
    if (performance.now() - state.asked > RENEW_MS) await renew(field, state);
    const controller = new AbortController();
    send(field, await credential(field, { signal: controller.signal }));
  } catch (error) {
    say(field, faultOf(field, error));
    delete field.form.dataset.sent;
    if ('conditional' in field.dataset) offerInAutofill(field, state);
  }
  state.busy = false;
}

/** Passkeys stand among what the browser offers to fill in, where it can do that. */
async function offerInAutofill(field, state) {
  if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  for (;;) {
    const controller = new AbortController();
    const old = setTimeout(() => controller.abort('old'), Math.max(0, RENEW_MS - (performance.now() - state.asked)));
    state.waiting = controller;
    try {
      const given = await credential(field, { mediation: 'conditional', signal: controller.signal });
      state.busy = true;
      return send(field, given);
    } catch {
      if (controller.signal.reason !== 'old') return;
      await renew(field, state);
    } finally {
      clearTimeout(old);
    }
  }
}

async function credential(field, more) {
  const publicKey = JSON.parse(field.dataset.options);
  if (field.dataset.passkey === 'create')
    return navigator.credentials.create({ publicKey: creation(publicKey), ...more });
  return navigator.credentials.get({ publicKey: request(publicKey), ...more });
}

function creation(options) {
  if (window.PublicKeyCredential.parseCreationOptionsFromJSON)
    return window.PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
}

function request(options) {
  if (window.PublicKeyCredential.parseRequestOptionsFromJSON)
    return window.PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
}

function send(field, given) {
  field.value = JSON.stringify(plain(given));
  // Beside a sign-in form, its tick to stay signed in counts for the passkey too.
  const ticked = document.querySelector('input[type="checkbox"][name="remember"]:checked');
  if (ticked && ticked.form !== field.form) {
    field.form.id ||= 'passkey';
    ticked.setAttribute('form', field.form.id);
  }
  field.form.submit(); // past the listeners: it was them who called
}

/** The answer as text. Some password managers hand out a thing whose own `toJSON` throws. */
function plain(given) {
  const { response } = given;
  const optional = (buffer) => (buffer ? text(buffer) : undefined);
  return {
    id: given.id,
    type: given.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: optional(response.attestationObject),
      transports: response.getTransports?.(),
      authenticatorData: response.attestationObject ? undefined : optional(response.authenticatorData),
      signature: optional(response.signature),
      userHandle: optional(response.userHandle),
    },
  };
}

/** The same form with a new challenge, from the page that the form posts to. A page that has none any more leaves the old. */
async function renew(field, state) {
  const { form } = field;
  const answer = await fetch(form.action, { headers: { accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector(`[data-passkey="${field.dataset.passkey}"]`);
  if (!fresh) return;
  field.dataset.options = fresh.dataset.options;
  form.elements.namedItem('token').value = fresh.form.elements.namedItem('token').value;
  state.asked = performance.now();
}

/** Which of our sentences says what went wrong. */
function faultOf(field, error) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return 'cancelled';
    case 'InvalidStateError':
      return field.dataset.passkey === 'create' ? 'known' : 'failed';
    case 'SecurityError':
      return 'address';
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'unsupported';
    default:
      return 'failed';
  }
}

function say(field, what) {
  const box = field.form.querySelector('[data-passkey-said]');
  if (!box) return;
  box.querySelector('[data-words]').textContent = field.dataset[what];
  box.hidden = false;
}

function hush(field) {
  const box = field.form.querySelector('[data-passkey-said]');
  if (box) box.hidden = true;
}
