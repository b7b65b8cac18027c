// The gallery: a list of entries, and the one that the address names, drawn by the real widget from a real answer.
//
// `?entry=identify/none` says which, `&scheme=dark` in which colours, `&language=de` in which words, and `&only` leaves nothing but the widget on the page.

import { createSignIn } from '/latchkey/latchkey.js';
import { byId, element } from './page.js';

/** @typedef {{ id: string, title: string }} Entry */
/** @typedef {'auto' | 'light' | 'dark'} Scheme */

const wanted = new URLSearchParams(location.search);
const stage = byId('stage');

/** What is chosen stays chosen on the way to another entry. */
let scheme = schemeOf(wanted.get('scheme'));

/** @type {import('latchkey').SignIn | undefined} */
let signIn;

void open();

async function open() {
  const answer = await fetch('/gallery/entries.json');
  /** @type {Entry[]} */
  const entries = await answer.json();
  const id = wanted.get('entry') ?? entries[0]?.id;
  const index = entries.findIndex((entry) => entry.id === id);
  const entry = entries[index];
  document.body.classList.toggle('gallery--only', wanted.has('only'));
  dress();
  if (entry) show(entry);
  else byId('title').textContent = 'There is no such entry';
  surround(entries, index);
}

/** @param {Entry} entry */
function show({ id, title }) {
  document.title = `${title} · Gallery of screens`;
  byId('title').textContent = title;
  byId('name').textContent = id;
  signIn = createSignIn({
    issuer: `${location.origin}/gallery-issuer/${id}/oauth2`,
    clientId: 'gallery',
    redirectUri: '/gallery',
    colorScheme: scheme,
    language: wanted.get('language') ?? 'auto',
    // Entries that are errors are meant to be; the person sees them on the stage.
    onError: (error) => console.info(`${id}: ${error.code}: ${error.message}`),
  });
  // For tests: which screen is on the stage.
  signIn.on('screen', ({ name }) => (stage.dataset['screen'] = name));
  signIn.mount(stage);
}

/**
 * @param {Entry[]} entries
 * @param {number} index of the one that is shown
 */
function surround(entries, index) {
  byId('place').textContent = index < 0 ? '' : `${index + 1} of ${entries.length}`;
  const steps = [...new Set(entries.map(stepOf))];
  byId('groups').replaceChildren(...steps.map((step) => group(step, entries.filter((entry) => stepOf(entry) === step), entries[index])));
  pointEverywhere(entries, index);
  bringIntoSight();
  byId('search').addEventListener('input', search);
  byId('schemes').addEventListener('change', ({ target }) => {
    scheme = schemeOf(/** @type {HTMLInputElement} */ (target).value);
    dress();
    signIn?.update({ colorScheme: scheme });
    pointEverywhere(entries, index);
  });
  // Nothing that is typed or chosen before somebody listens may be lost.
  for (const id of ['search', 'schemes']) byId(id).removeAttribute('disabled');
}

/**
 * The links carry the colours along.
 *
 * @param {Entry[]} entries
 * @param {number} index
 */
function pointEverywhere(entries, index) {
  point('previous', entries[index - 1]);
  point('next', entries[index + 1]);
  for (const link of linksOfIndex()) link.href = addressOf(link.dataset['entry'] ?? '');
}

/** Within the list; where the list does not scroll by itself, the page stays where it is. */
function bringIntoSight() {
  const current = /** @type {HTMLElement | null} */ (byId('groups').querySelector('[aria-current]'));
  if (current) byId('index').scrollTop = current.offsetTop - byId('index').clientHeight / 2;
}

function dress() {
  document.documentElement.style.colorScheme = scheme === 'auto' ? '' : scheme;
  for (const input of byId('schemes').querySelectorAll('input')) input.checked = input.value === scheme;
}

/**
 * @param {string} step
 * @param {Entry[]} entries
 * @param {Entry | undefined} current
 */
function group(step, entries, current) {
  const list = element('ul', ...entries.map((entry) => element('li', linkTo(entry, entry === current))));
  list.className = 'index__list';
  const section = element('section', element('h3', step), list);
  section.className = 'index__group';
  return section;
}

/**
 * @param {Entry} entry
 * @param {boolean} isCurrent
 */
function linkTo({ id, title }, isCurrent) {
  const name = element('code', id.slice(id.indexOf('/') + 1));
  const link = /** @type {HTMLAnchorElement} */ (element('a', title, ' ', name));
  link.dataset['entry'] = id;
  link.className = 'index__link';
  if (isCurrent) link.setAttribute('aria-current', 'page');
  return link;
}

/** Leaves only what has all of the words in its title or name. */
function search() {
  const words = /** @type {HTMLInputElement} */ (byId('search')).value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const link of linksOfIndex()) {
    const text = `${link.dataset['entry']} ${link.textContent}`.toLowerCase();
    const isFound = words.every((word) => text.includes(word));
    /** @type {HTMLElement} */ (link.parentElement).hidden = !isFound;
    count += Number(isFound);
  }
  for (const section of byId('groups').children) {
    /** @type {HTMLElement} */ (section).hidden = section.querySelector('li:not([hidden])') === null;
  }
  byId('found').textContent = `${count} found`;
}

/**
 * @param {'previous' | 'next'} where
 * @param {Entry | undefined} entry
 */
function point(where, entry) {
  const link = /** @type {HTMLAnchorElement} */ (byId(where));
  link.hidden = !entry;
  if (!entry) return;
  link.href = addressOf(entry.id);
  link.title = entry.title;
}

/** @param {string} id */
const addressOf = (id) => `/gallery?entry=${id}${scheme === 'auto' ? '' : `&scheme=${scheme}`}`;

/** @param {Entry} entry */
const stepOf = ({ id }) => id.slice(0, id.indexOf('/'));

/** @param {string | null} name @returns {Scheme} */
function schemeOf(name) {
  return name === 'light' || name === 'dark' ? name : 'auto';
}

/** @returns {NodeListOf<HTMLAnchorElement>} */
const linksOfIndex = () => byId('groups').querySelectorAll('a');
