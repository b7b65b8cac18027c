// Starts the widget once trunk's own loader has the WebAssembly, and writes on the console what it says.
//
// What the npm package adds around it (checked options, the skeleton, a new start after a crash) is in widget/js.

const issuer = `${location.origin}/oauth2/default`;
const options = { issuer, clientId: 'demo-spa', redirectUri: `${location.origin}/callback`, scopes: ['openid', 'profile', 'email'] };

addEventListener('TrunkApplicationStarted', () => {
  const { start } = window.wasmBindings;
  start(document.getElementById('lk1'), JSON.stringify(options), (event) => console.log(JSON.parse(event)));
});
