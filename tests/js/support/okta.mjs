// Okta's own package, as far as tests read it: its types, its settings, its texts and its README.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript-5.9';
import { parse } from 'acorn';
import { ROOT } from './packed.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/@okta/okta-signin-widget');
const read = (file) => readFileSync(path.join(PACKAGE, file), 'utf8');

/** Their texts in English, by key. */
export const oktaTexts = () => JSON.parse(read('dist/labels/json/login.json'));

/** Paths of all options in the types of the package, with those of okta-auth-js that it takes in `authParams`. */
export function typedOptions() {
  const file = path.join(PACKAGE, 'types/src/types/options.d.ts');
  const { ESNext: module } = ts.ModuleKind;
  const program = ts.createProgram([file], { strict: true, skipLibCheck: true, module, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const declared = (name) => program.getSourceFile(file).statements.find((statement) => statement.name?.text === name);
  const features = checker.getTypeAtLocation(declared('Feature')).types.map(({ value }) => `features.${value}`);
  return [...membersOf(checker, checker.getTypeAtLocation(declared('WidgetOptions')), ''), ...features];
}

/** Paths of all methods of the incumbent's `authClient`, by its types: of the client itself, and of the objects that it has. */
export function typedClientMethods() {
  const file = path.join(PACKAGE, 'types/src/types/authClient.d.ts');
  const sdk = path.join(PACKAGE, 'node_modules/@okta/okta-auth-js/types/lib/exports/default.d.ts');
  const { ESNext: module } = ts.ModuleKind;
  const program = ts.createProgram([file, sdk], { strict: true, skipLibCheck: true, module, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(sdk)));
  const client = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === 'OktaAuth'));
  const found = checker.getPropertiesOfType(client).flatMap((member) => {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(member));
    if (type.getCallSignatures().length > 0) return [member.name];
    return checker.getPropertiesOfType(type).filter((inner) => checker.getTypeOfSymbol(inner).getCallSignatures().length > 0).map((inner) => `${member.name}.${inner.name}`);
  });
  return found.filter((name) => !/(^|\.)_/.test(name));
}

/** Members of objects that a configuration writes out; what a library makes (clients, storages, dates) is one value. */
function membersOf(checker, type, prefix) {
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const option = `${prefix}${property.name}`;
    const value = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    const isWritten = value.flags & ts.TypeFlags.Object && value.getCallSignatures().length === 0 && !checker.isArrayType(value) && !value.getStringIndexType();
    const isMade = /^(authClient|authParams\.(httpRequestClient|storageUtil|cookies|transactionManager|storageManager))$/.test(option);
    return isWritten && !isMade ? [option, ...membersOf(checker, value, `${option}.`)] : [option];
  });
}

/** Paths of all options that the package's own settings know, typed or not. */
export function settledOptions() {
  const tree = parse(read('dist/esm/src/models/Settings.js'), { ecmaVersion: 'latest', sourceType: 'module' });
  const local = tree.body.flatMap(({ declarations = [] }) => declarations).find(({ id }) => id.name === 'local');
  return local.init.properties.map(({ key }) => key.name ?? key.value);
}

/**
 * The samples of the README in JavaScript, each with the heading above it.
 *
 * @returns {{ heading: string, code: string }[]}
 */
export function readmeSamples() {
  const samples = [];
  let heading = '';
  for (const [, title, indent, code] of read('README.md').matchAll(/^#+ (.+)$|^( *)```(?:javascript|js)\n([^]*?)^ *```$/gm)) {
    if (title) heading = title;
    else samples.push({ heading, code: code.replace(new RegExp(`^${indent}`, 'gm'), '') });
  }
  return samples;
}

/** The page of the README for a script tag. */
export const readmeScriptTag = () => /^```html\n(<!-- Latest CDN[^]*?)^```$/m.exec(read('README.md'))?.[1] ?? '';
