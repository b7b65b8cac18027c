// Fills in where the identity server and the server-rendered application are.

import { written } from './page.js';

for (const [attribute, name] of [['data-server', 'issuer'], ['data-web-app', 'web-app']]) {
  for (const link of document.querySelectorAll(`a[${attribute}]`)) {
    link.setAttribute('href', new URL(link.getAttribute(attribute) ?? '', written(name)).href);
  }
}
