// Small comforts. Every page works without this file.

/** Passwords can be shown. */
for (const button of document.querySelectorAll('[data-reveal]')) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener('click', () => {
    const show = field.type === 'password';
    field.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
  });
  // A shown password would otherwise be kept by the browser among the words once typed into text fields.
  field.form?.addEventListener('submit', () => {
    field.type = 'password';
  });
}

/** Secrets that are shown once can be copied. */
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue; // only there on https and localhost
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.innerText);
    const word = button.querySelector('[data-word]');
    const before = word.textContent;
    const heard = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
    word.textContent = heard.textContent = button.dataset.done;
    setTimeout(() => {
      word.textContent = before;
      heard.textContent = '';
    }, 3000);
  });
}

for (const field of document.querySelectorAll('[data-select]')) {
  field.addEventListener('focus', () => field.select());
}

/** What went wrong, or what was done, is read out first. */
const first = document.querySelector('.dw-summary[data-focus]') ?? document.querySelector('[data-focus]');
first?.focus({ preventScroll: first.getBoundingClientRect().top >= 0 });

/** A link of the error summary puts the cursor into its field, with the label in sight. */
for (const link of document.querySelectorAll('.dw-summary a[href^="#"]')) {
  link.addEventListener('click', (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest('.dw-field') ?? field).scrollIntoView({ block: 'nearest' });
    field.focus({ preventScroll: true });
  });
}

/** On a phone, the tab one is on is in sight. */
for (const tab of document.querySelectorAll('.dw-tabs [aria-current]')) {
  const bar = tab.closest('.dw-tabs');
  const middle = tab.getBoundingClientRect().left + tab.offsetWidth / 2 - bar.getBoundingClientRect().left;
  bar.scrollLeft += middle - bar.clientWidth / 2;
}

/** `/` goes to the search, unless the person is typing. */
const search = document.querySelector('[data-search]');
if (search) {
  search.parentElement.querySelector('kbd').hidden = false;
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

/** Menus close again: by Escape, by a click beside them, by leaving them with the keyboard. */
const openMenus = () => document.querySelectorAll('details[data-menu][open]');
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    const within = menu.contains(document.activeElement);
    menu.open = false;
    if (within) menu.querySelector('summary').focus();
  }
});
for (const leaving of ['pointerdown', 'focusin']) {
  document.addEventListener(leaving, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

/** Buttons that fill the ticks of their form do so at once, rather than by way of the server. */
for (const button of document.querySelectorAll('[data-ticks]')) {
  const [name, ...chosen] = button.dataset.ticks.split(' ');
  button.addEventListener('click', (event) => {
    event.preventDefault();
    for (const box of button.form.querySelectorAll(`input[type="checkbox"][name="${name}"]`))
      box.checked = chosen.includes(box.value);
  });
}

/** A form is sent once, however often its button is pressed. Coming back to the page frees it again. */
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
}
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});
