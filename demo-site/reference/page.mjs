// The reference page: all that a page can rely on, read off the files that the package brings along, so that the page says what
// the code does, and with every example ready to run. No text of its own but headings.

import { readFile } from 'node:fs/promises';
import { escape } from './markup.mjs';
import { examplesModule, optionSections } from './options.mjs';
import { codesPart, commandPart, diagnosisPart, interfacePart, unionPart, variablesPart } from './parts.mjs';

const schema = async () => JSON.parse(await readFile(new URL('../../dist/options.schema.json', import.meta.url), 'utf8'));

/** Interfaces, below `dist/types`, and their headings. */
const SIGN_IN = [
  ['types.d.ts', 'SignIn', 'What createSignIn gives'],
  ['types.d.ts', 'SignInEvents', 'Its events'],
  ['element-types.d.ts', 'SignInElementMembers', 'The element latchkey-sign-in'],
  ['react.d.ts', 'SignInProps', 'The component of latchkey/react, beside the options'],
];
const RESULT = [
  ['types.d.ts', 'Tokens', 'The tokens of an outcome'],
  ['types.d.ts', 'IdToken', 'The ID token among them'],
];
const AFTERWARDS = [
  ['tokens/types.d.ts', 'TokensOptions', 'What createTokens takes'],
  ['tokens/types.d.ts', 'TokenSession', 'What createTokens gives'],
  ['tokens/types.d.ts', 'TokenEvents', 'The events of that'],
];

/** All parts after the options, in the order of the page. */
const parts = async () =>
  Promise.all([
    ...SIGN_IN.map(interfacePart),
    unionPart(['types.d.ts', 'Outcome', 'Where the person ended up']),
    ...RESULT.map(interfacePart),
    codesPart(['widget', 'errors', 'Errors of the sign-in']),
    ...AFTERWARDS.map(interfacePart),
    codesPart(['tokens', 'tokens-errors', 'Errors of createTokens']),
    diagnosisPart(),
    commandPart(),
    variablesPart(),
  ]);

/** The examples as a module, for people who sign in at `issuer`. */
export const referenceExamples = async (issuer) => examplesModule(await schema(), issuer);

/** The whole page. */
export async function referencePage(issuer) {
  const [options, rest] = await Promise.all([schema(), parts()]);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Reference</title>
    <meta name="description" content="Every option of the sign-in widget with type, default and an example that runs; its methods, events and errors.">
    <meta name="color-scheme" content="light dark">
    <meta name="issuer" content="${escape(issuer)}">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/site.css">
    <link rel="stylesheet" href="/reference.css">
    <link rel="stylesheet" href="/latchkey/latchkey.css">
    <script type="module" src="/reference.js"></script>
  </head>
  <body>
    <header class="masthead">
      <a class="masthead__name" href="/"><img src="/favicon.svg" alt="" width="28" height="28">Towpath Bicycle Co-op</a>
    </header>
    <main class="page reference">
      <h1>Reference</h1>
      <nav aria-label="Contents"><ul class="reference__contents">
        <li><a href="#options">${escape(options.title)}</a></li>
        ${rest.map(({ id, title }) => `<li><a href="#${id}">${escape(title)}</a></li>`).join('\n        ')}
      </ul></nav>
      <h2 id="options">${escape(options.title)}</h2>
      <p>What <code>createSignIn</code> takes, also as a <a href="/latchkey/options.schema.json">JSON Schema</a>. An option that is
        misspelt, wrong or not there yet is refused by an error that names it. The examples run here, as <code>demo-spa</code> at this
        demo’s identity server: sign in as <code>pat@example.com</code> with <code>Correct-Horse-42</code>.</p>
${optionSections(options, issuer)}
${rest.map(({ html }) => html).join('\n')}
    </main>
  </body>
</html>
`;
}
