// Says how hard a new password is to guess, while it is typed. Nothing typed leaves the browser; the server's rule decides.

for (const box of document.querySelectorAll('[data-strength]')) watch(box);

function watch(box) {
  const field = document.getElementById(box.dataset.strength);
  let soon;
  field.addEventListener('input', () => {
    box.hidden = field.value === '';
    clearTimeout(soon);
    soon = setTimeout(() => show(box, field), 300); // a screen reader is not told of every key
  });
}

async function show(box, field) {
  const { estimate } = await import(box.dataset.estimate);
  const typed = field.value;
  const strength = estimate(typed, knownWords(box, field));
  const isShort = [...typed.normalize('NFC')].length < Number(box.dataset.minimum);
  const shown = isShort ? Math.min(strength, 25) : strength; // what will not be taken must not look good
  const meter = box.querySelector('meter');
  const words = box.querySelector('[data-word]');
  const sentence = isShort ? 'short' : strength < Number(box.dataset.needed) ? 'needed' : String(levelOf(strength));
  meter.value = shown;
  const said = box.querySelector(`[data-say="${sentence}"]`).textContent;
  if (words.textContent !== said) words.textContent = said;
}

function levelOf(strength) {
  return [30, 60, 80, 100].filter((from) => strength >= from).length;
}

/** What stands in the other fields: names and addresses are the first that somebody else would try. */
function knownWords(box, field) {
  const others = [...(field.form?.elements ?? [])].filter((one) => one !== field && /^(?:text|email)$/.test(one.type));
  return [box.dataset.known, ...others.map((one) => one.value)]
    .flatMap((text) => [text, ...text.split(/[\s@.]+/)])
    .filter((word) => word.length > 2);
}
