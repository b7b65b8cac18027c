// The pairs of first way on and authenticator that an identity server is known to answer with, each of which the gallery
// must show, and the entries that it has.
//
// An entry is a file `steps/<step>/<authenticator, or none>[-<variant>].json`; its name without the ending is its id.

import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const STEPS = fileURLToPath(new URL('steps', import.meta.url));
const PARTS = fileURLToPath(new URL('parts.json', import.meta.url));

/** Every step, with the authenticators that it occurs with. @type {readonly (readonly [string, readonly string[]])[]} */
export const PAIRS = [
  ['identify', ['none', 'okta_password', 'nfc_pin']],
  ['launch-authenticator', ['none']],
  ['redirect-idp', ['none', 'external_idp', 'smart_card_idp']],
  ['redirect-idverify', ['none']],
  ['device-challenge-poll', ['none']],
  ['device-apple-sso-extension', ['none', 'okta_verify']],
  ['cancel-transaction', ['none']],
  ['user-code', ['none']],
  ['enroll-profile', ['none', 'okta_password']],
  ['profile-update', ['none']],
  ['identify-recovery', ['none']],
  ['unlock-account', ['none']],
  ['select-authenticator-unlock-account', ['none']],
  ['request-activation-email', ['none']],
  ['select-authenticator-authenticate', ['none']],
  ['authenticator-verification-data', ['custom_app', 'okta_email', 'okta_verify', 'phone_number']],
  [
    'challenge-authenticator',
    [
      ...['none', 'okta_password', 'okta_email', 'phone_number', 'okta_verify', 'google_otp', 'security_question', 'webauthn'],
      ...['custom_otp', 'duo', 'nfc_pin', 'onprem_mfa', 'rsa_token', 'symantec_vip', 'tac', 'yubikey_token'],
    ],
  ],
  ['challenge-poll', ['okta_verify', 'custom_app', 'nfc_pin']],
  ['resend', ['okta_verify', 'custom_app']],
  ['select-authenticator-enroll', ['none']],
  ['authenticator-enrollment-data', ['okta_email', 'phone_number']],
  ['enrollment-channel-data', ['okta_verify']],
  [
    'enroll-authenticator',
    [
      ...['okta_password', 'okta_email', 'phone_number', 'google_otp', 'security_question', 'webauthn'],
      ...['duo', 'nfc_pin', 'onprem_mfa', 'rsa_token', 'symantec_vip', 'yubikey_token'],
    ],
  ],
  ['enroll-authenticator-promotion', ['webauthn']],
  ['enroll-poll', ['okta_verify', 'nfc_pin']],
  ['reset-authenticator', ['okta_password', 'google_otp']],
  ['reenroll-authenticator', ['okta_password']],
  ['reenroll-authenticator-warning', ['okta_password']],
  ['reenroll-custom-password-expiry', ['okta_password']],
  ['reenroll-custom-password-expiry-warning', ['okta_password']],
  ['consent', ['none']],
  ['admin-consent', ['none']],
  ['granular-consent', ['none']],
  ['email-challenge-consent', ['none']],
  ['keep-me-signed-in', ['none']],
  ['device-assurance-grace-period', ['none']],
  ['skip', ['none']],
  ['poll', ['none']],
  ['success-redirect', ['none']],
  ['failure-redirect', ['none']],
];

/** Groups that are no step: answers with nothing to do next, and answers that are none at all. */
export const GROUPS = ['terminal', 'trouble'];

const ID = /^[a-z]+(-[a-z]+)*\/[a-z][a-z0-9_-]*$/;

/** The step and the authenticator that an entry is about. */
export function pairOf(id) {
  const [step = '', file = ''] = id.split('/');
  const [authenticator = ''] = file.split('-');
  return { step, authenticator };
}

/** Pairs of the list that have no entry, as `step/authenticator`. @param {readonly { id: string }[]} entries */
export function missingFrom(entries) {
  const shown = new Set(entries.map(({ id }) => nameOf(pairOf(id))));
  return pairs().filter((name) => !shown.has(name));
}

/** Entries that are of no pair and no group. @param {readonly { id: string }[]} entries */
export function strangersIn(entries) {
  const known = new Set(pairs());
  return entries.map(({ id }) => id).filter((id) => !known.has(nameOf(pairOf(id))) && !GROUPS.includes(pairOf(id).step));
}

const pairs = () => PAIRS.flatMap(([step, authenticators]) => authenticators.map((authenticator) => nameOf({ step, authenticator })));

const nameOf = ({ step, authenticator }) => `${step}/${authenticator}`;

/** The file of one entry, or undefined. @returns {Promise<import('./answer.mjs').Fixture | undefined>} */
export async function readEntry(id) {
  if (!ID.test(id)) return undefined;
  const text = await readFile(`${STEPS}/${id}.json`, 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/** What the files of entries may name under `with`. */
export const readParts = async () => JSON.parse(await readFile(PARTS, 'utf8'));

/** All entries, in the order of the list; of each pair, what has no variant comes first. @returns {Promise<{ id: string, title: string }[]>} */
export async function readEntries() {
  const steps = await readdir(STEPS);
  const files = await Promise.all(steps.map(async (step) => (await readdir(`${STEPS}/${step}`)).map((file) => `${step}/${file}`)));
  const ids = files.flat().map((file) => file.replace(/\.json$/, ''));
  const order = [...pairs(), ...GROUPS];
  const placed = ids.toSorted((one, other) => place(order, one) - place(order, other) || (one < other ? -1 : 1));
  return Promise.all(placed.map(async (id) => ({ id, title: (await readEntry(id))?.title ?? '' })));
}

/** What the list does not know comes last. */
function place(order, id) {
  const { step, authenticator } = pairOf(id);
  const name = GROUPS.includes(step) ? step : nameOf({ step, authenticator });
  return order.indexOf(name) + 1 || order.length + 1;
}
