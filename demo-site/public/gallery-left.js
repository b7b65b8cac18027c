// The page on which an entry of the gallery ends that sends the browser away: says where it was sent.

const address = /** @type {HTMLElement} */ (document.getElementById('address'));
address.textContent = location.pathname + location.search;
