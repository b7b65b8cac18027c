// Puts the widget into the server's own page. What it is to do stands in the page as data, because the page's policy
// allows no script in it.
const settings = JSON.parse(document.getElementById('latchkey-settings').textContent);
const { createSignIn } = await import(settings.script);
createSignIn(settings.options).mount('#latchkey-sign-in');
