// Which Content Security Policy a page with the sign-in needs (CSP Level 3): read off its options and off what the server's
// policy uses. The page's own files may come from its own origin; whatever else the page needs, whoever wrote it adds.

import { readFile } from 'node:fs/promises';
import { createSignIn, SignInError } from '../latchkey.js';

/** Something that the person who called can mend; `isCall` if it is the call itself. */
export class Mistake extends Error {
  constructor(message, isCall = false) {
    super(message);
    this.isCall = isCall;
  }
}

/** What some sign-ins do on top, and what it takes. `frame` is `latchkey-frame.html`, in which the vendors' checks run. */
const FEATURES = {
  passkeys: {},
  altcha: {},
  probe: { connect: ['http://localhost:*', 'http://127.0.0.1:*'] },
  captcha: { frame: true },
  duo: { frame: true },
};

/**
 * The policy for the options in `file`, where the package's files come from `folder` (an address; by default the page's origin).
 *
 * @param {string} file
 * @param {string} [folder]
 * @returns {Promise<{ policy: string, notes: string[] }>}
 * @throws Mistake that names the file, and the option that is at fault
 */
export async function csp(file, folder) {
  const { serverFeatures, ...options } = splitFeatures(await readOptions(file));
  checkFeatures(file, serverFeatures);
  const { issuer, assetsUrl, brand, isolation, mode } = checkOptions(file, options);
  const scripts = folder === undefined ? "'self'" : source(folder, '`--package`');
  const assets = assetsUrl === undefined ? scripts : source(assetsUrl, `${file}: option \`assetsUrl\``);
  const needed = serverFeatures.map((feature) => FEATURES[feature]);
  const hasFrame = needed.some(({ frame }) => frame);
  return {
    policy: written({
      'default-src': ["'none'"],
      // `assetsUrl` has the scripts that only some sign-ins need.
      'script-src': ["'self'", scripts, assets, ...(mode === 'redirect' ? [] : ["'wasm-unsafe-eval'"])],
      // A shadow root has its style sheet from where the other files are.
      'style-src': ["'self'", scripts, ...(isolation === 'shadow' ? [assets] : [])],
      // data: for QR codes and the style sheet's own signs.
      'img-src': ["'self'", 'data:', ...logoSource(file, brand?.logo)],
      'connect-src': ["'self'", assets, new URL(issuer).origin, ...needed.flatMap(({ connect = [] }) => connect)],
      'frame-src': hasFrame ? [assets] : [],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
      'require-trusted-types-for': ["'script'"],
      'trusted-types': ["'none'"],
    }),
    notes: hasFrame ? ['send `frame-ancestors` with the origin of the page, and nothing else, as the policy of latchkey-frame.html'] : [],
  };
}

const written = (directives) =>
  Object.entries(directives)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...new Set(sources)].join(' '))
    .join('; ');

async function readOptions(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Mistake(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  const options = parsed(file, text);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw new Mistake(`${file} must hold an object with the options`);
  return options;
}

function parsed(file, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Mistake(`${file} is not JSON: ${error.message}`);
  }
}

/** A list of `features` means those of the server, too: the option of that name is an object. */
const splitFeatures = ({ features, serverFeatures = Array.isArray(features) ? features : [], ...options }) => ({
  ...options,
  ...(Array.isArray(features) ? {} : { features }),
  serverFeatures,
});

function checkFeatures(file, features) {
  const known = Object.keys(FEATURES);
  if (!Array.isArray(features)) throw new Mistake(`${file}: \`serverFeatures\` must be a list, of ${known.join(', ')}`);
  const unknown = features.find((feature) => !known.includes(feature));
  if (unknown !== undefined) throw new Mistake(`${file}: there is no feature ${JSON.stringify(unknown)}, but ${known.join(', ')}`);
}

/** The widget's own check, with its own words. */
function checkOptions(file, options) {
  try {
    createSignIn(options).destroy();
    return options;
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    throw new Mistake(`${file}: ${error.message}`);
  }
}

/** The logo is one file. What is in the page itself (`data:`) is let through anyway. */
function logoSource(file, logo = 'data:') {
  if (logo.startsWith('data:')) return [];
  const found = source(logo, `${file}: option \`brand.logo\``);
  return [found === "'self'" ? found : found.replace(/\/$/, '')];
}

/** An address as a source: a folder that ends with a slash stands for all that is in it. A relative one is the page's origin. */
function source(address, name) {
  const url = parsedAddress(address, name);
  if (url.origin === PAGE) return "'self'";
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname));
  if (!isSafe || /[;,\s]/.test(address)) throw new Mistake(`${name} must be a relative or an https address (http on localhost)`);
  // The last part is a file unless it ends with a slash; the folder is what is meant (CSP Level 3, 6.7.2.8).
  return url.pathname === '/' ? url.origin : url.origin + url.pathname.replace(/\/?$/, '/');
}

/** Stands for the page, whose address is not known here. */
const PAGE = 'https://page.invalid';

function parsedAddress(address, name) {
  try {
    return new URL(address, PAGE);
  } catch {
    throw new Mistake(`${name} is not an address`);
  }
}
