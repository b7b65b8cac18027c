// Somebody else's OpenID Provider that is not written in JavaScript: Debian's package `glewlwyd` (C, SQLite), configured through
// its own administration API as its manual says. Optional: where the package is not installed, its tests are skipped.

import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { isOpen } from '../../scripts/lib/services.mjs';
import { isOnPath } from '../../scripts/lib/tools.mjs';

const TABLES = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz';

/** Why there is no such provider here, or false. */
export const isMissing =
  isOnPath('glewlwyd') && isOnPath('sqlite3') && existsSync(TABLES) ? false : 'glewlwyd is not installed: apt-get install glewlwyd sqlite3';

/** Who has an account there. */
export const ROBIN = { username: 'robin', name: 'Robin Canal', email: 'robin@canal.example', password: 'Correct-Horse-42' };

/**
 * Starts it on this port, with these clients.
 *
 * @param {number} port
 * @param {object[]} clients as the administration API takes them
 */
export async function glewlwyd(port, clients) {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-glewlwyd-'));
  const database = path.join(folder, 'database');
  const config = path.join(folder, 'glewlwyd.conf');
  const tables = execFileWith(gunzipSync(await readFile(TABLES)), 'sqlite3', [database]);
  await Promise.all([tables, writeFile(config, configuration(port, database))]);
  const child = spawn('glewlwyd', [`--config-file=${config}`], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!(await isOpen(port))) if (child.exitCode !== null) throw new Error(`glewlwyd ended with ${child.exitCode}`);
  await setUp(`http://localhost:${port}`, clients);
  return {
    issuer: `http://localhost:${port}/api/oidc`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs a program to its end, with this on its standard input. */
function execFileWith(input, program, args) {
  const running = promisify(execFile)(program, args);
  running.child.stdin.end(input);
  return running;
}

/** The first account is that of the manual. */
async function setUp(origin, clients) {
  const headers = { 'content-type': 'application/json' };
  const post = async (name, body) => {
    const answer = await fetch(`${origin}/api/${name}/`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`glewlwyd answered ${answer.status} about ${name}: ${await answer.text()}`);
    return answer;
  };
  const signedIn = await post('auth', { username: 'admin', password: 'password' });
  headers.cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  await post('mod/plugin', { module: 'oidc', name: 'oidc', display_name: 'OpenID Connect', parameters: plugin(`${origin}/api/oidc`) });
  await post('user', { ...ROBIN, enabled: true, scope: ['openid'] });
  for (const client of clients) await post('client', { enabled: true, scope: ['openid'], authorization_type: ['code'], ...client });
}

function plugin(issuer) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    iss: issuer,
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'jwks-show': true,
    'access-token-duration': 3600,
    'refresh-token-duration': 3600,
    'code-duration': 600,
    'auth-type-code-enabled': true,
    'auth-type-token-enabled': false,
    'auth-type-id-token-enabled': false,
    'auth-type-none-enabled': false,
    'auth-type-password-enabled': false,
    'auth-type-client-enabled': false,
    'auth-type-refresh-enabled': false,
    'allow-non-oidc': false,
    'pkce-allowed': true,
    'pkce-method-plain-allowed': false,
    'subject-type': 'public',
    'name-claim': 'mandatory',
    'email-claim': 'mandatory',
  };
}

const configuration = (port, database) => `
port = ${port}
bind_address = "127.0.0.1"
external_url = "http://localhost:${port}"
login_url = "login.html"
api_prefix = "api"
static_files_path = "/usr/share/glewlwyd/webapp/"
allow_origin = "*"
allow_methods = "GET, POST, PUT, DELETE, OPTIONS"
allow_headers = "Origin, Content-Type, Accept, Authorization"
log_mode = "console"
log_level = "ERROR"
cookie_secure = 0
session_expiration = 3600
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3" path = "${database}" };
static_files_mime_types = (
  { extension = ".html" mime_type = "text/html" },
  { extension = ".css" mime_type = "text/css" },
  { extension = ".js" mime_type = "application/javascript" },
  { extension = ".json" mime_type = "application/json" },
  { extension = "*" mime_type = "application/octet-stream" }
)
`;
