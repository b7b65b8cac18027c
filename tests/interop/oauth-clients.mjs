// The clients of the OAuth suites: one for each way to be one.

import { fileURLToPath } from 'node:url';

/** TOML that gives a server a sign-in page of its own, with the widget as it was built. */
export const HOSTED = `
[hosted]
widget = ${JSON.stringify(fileURLToPath(new URL('../../dist', import.meta.url)))}
`;

/** TOML that a server's configuration ends with. */
export const CLIENTS = `
[[clients]]
client_id = "web-basic"
client_secret = "a secret that nobody guesses: +&=%/ü"
name = "Web app"
redirect_uris = ["http://localhost:4600/callback"]
post_logout_redirect_uris = ["http://localhost:4600/bye"]

[[clients]]
client_id = "web-post"
client_secret = "another secret that nobody guesses"
token_endpoint_auth_method = "client_secret_post"
redirect_uris = ["http://localhost:4600/callback"]

[[clients]]
client_id = "service"
client_secret = "the secret of a machine, long enough"
grant_types = ["client_credentials"]

[[clients]]
client_id = "old-spa"
grant_types = ["authorization_code", "implicit", "password", "refresh_token"]
response_types = ["code", "id_token", "token", "id_token token", "code id_token"]
redirect_uris = ["http://localhost:4700/callback"]
origins = ["http://localhost:4700"]

[[clients]]
client_id = "television"
grant_types = ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]

[[authorization_servers]]
id = "default"
[[authorization_servers.scopes]]
name = "orders:read"
${HOSTED}`;

export const SECRETS = {
  'web-basic': 'a secret that nobody guesses: +&=%/ü',
  'web-post': 'another secret that nobody guesses',
  service: 'the secret of a machine, long enough',
};

export const WEB_CALLBACK = 'http://localhost:4600/callback';
export const SPA_CALLBACK = 'http://localhost:4400/callback';
export const OLD_CALLBACK = 'http://localhost:4700/callback';
