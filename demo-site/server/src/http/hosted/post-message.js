// Hands the answer to the page that asked: the one that has opened this window, or that holds this frame. A browser
// delivers it only if that page is of the origin that the client has registered.
const { origin, message } = JSON.parse(document.getElementById('answer').textContent);
const receiver = window.opener ?? (window.parent === window ? null : window.parent);
receiver?.postMessage(message, origin);
