// Fills in where the identity server is.

import { written } from './page.js';

for (const link of document.querySelectorAll('a[data-server]')) {
  link.setAttribute('href', new URL(link.getAttribute('data-server') ?? '', written('issuer')).href);
}
