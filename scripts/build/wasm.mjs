// Reads and rewrites what is around the code of a WebAssembly module: names of imports, exports and functions, and sizes.
//
// Only what the build and the weighing need; the code itself is wasm-opt's business. WebAssembly Core 2.0, chapter 5 (binary
// format), and its appendix on the name section.

const CUSTOM = 0;
const IMPORT = 2;
const EXPORT = 7;
const CODE = 10;
const DATA = 11;
const PREAMBLE = 8;

/** What kind an import or export is of. */
const FUNCTION = 0;
const TABLE = 1;
const GLOBAL = 3;

/** The names of the imports, in order. wasm-bindgen's all come from one place. */
export function importNames(bytes) {
  return [...importsOf(sectionOf(bytes, IMPORT))].map(({ name }) => name);
}

/**
 * A copy in which imports and exports have other names. The place that imports come from is called `module`; an export for
 * which `renameExport` gives nothing is dropped.
 *
 * @param {Buffer} bytes
 * @param {{ module: string, renameImport(name: string): string, renameExport(name: string): string | undefined }} names
 */
export function rewriteBorder(bytes, { module, renameImport, renameExport }) {
  const rewritten = [...sectionsOf(bytes)].map(({ id, body }) => {
    if (id === IMPORT) return section(id, [...importsOf(body)].map(({ name, type }) => [text(module), text(renameImport(name)), type]));
    if (id !== EXPORT) return Buffer.concat([Buffer.from([id]), number(body.length), body]);
    const kept = [...exportsOf(body)].map(({ name, what }) => ({ name: renameExport(name), what })).filter(({ name }) => name !== undefined);
    return section(id, kept.map(({ name, what }) => [text(name), what]));
  });
  return Buffer.concat([bytes.subarray(0, PREAMBLE), ...rewritten]);
}

/**
 * A copy in which the functions whose names match do nothing but trap. wasm-opt then removes what only they have called.
 *
 * @param {Buffer} bytes
 * @param {RegExp} pattern
 */
export function emptyFunctions(bytes, pattern) {
  const names = functionNames(bytes);
  const first = importedFunctions(bytes);
  const emptied = [...sectionsOf(bytes)].map(({ id, body }) => {
    if (id !== CODE) return Buffer.concat([Buffer.from([id]), number(body.length), body]);
    const kept = [...bodies(body)].map((code, index) => (pattern.test(names.get(first + index) ?? '') ? TRAP : code));
    return section(id, kept.map((code) => [number(code.length), code]));
  });
  return Buffer.concat([bytes.subarray(0, PREAMBLE), ...emptied]);
}

/** No locals, `unreachable`, `end`. */
const TRAP = Buffer.from([0x00, 0x00, 0x0b]);

/**
 * How many bytes each function takes, by its name in the `name` section; and what the rest takes.
 *
 * @returns {{ functions: { name: string, size: number }[], data: number, other: number }}
 */
export function weighModule(bytes) {
  const names = functionNames(bytes);
  const first = importedFunctions(bytes);
  const named = (index) => names.get(index) ?? `function ${index}`;
  const functions = [...bodies(sectionOf(bytes, CODE))].map(({ length }, index) => ({ name: named(first + index), size: length }));
  const isOther = ({ id }) => ![CODE, DATA, CUSTOM].includes(id);
  const other = [...sectionsOf(bytes)].filter(isOther).reduce((sum, { body }) => sum + body.length, 0);
  return { functions, data: sectionOf(bytes, DATA).length, other };
}

function* sectionsOf(bytes) {
  const reader = new Reader(bytes.subarray(PREAMBLE));
  while (!reader.isAtEnd) {
    const id = reader.byte();
    yield { id, body: reader.take(reader.number()) };
  }
}

const NOTHING = Buffer.from([0]);
const sectionOf = (bytes, wanted) => [...sectionsOf(bytes)].find(({ id }) => id === wanted)?.body ?? NOTHING;

function* importsOf(body) {
  const reader = new Reader(body);
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    const name = reader.text();
    const start = reader.position;
    const kind = reader.byte();
    if (kind === FUNCTION) reader.number();
    else if (kind === GLOBAL) reader.take(2);
    else skipLimits(reader, kind);
    yield { name, kind, type: body.subarray(start, reader.position) };
  }
}

function skipLimits(reader, kind) {
  if (kind === TABLE) reader.byte();
  const hasMaximum = reader.byte() & 1;
  reader.number();
  if (hasMaximum) reader.number();
}

function* exportsOf(body) {
  const reader = new Reader(body);
  for (let left = reader.number(); left > 0; left--) {
    const name = reader.text();
    const start = reader.position;
    reader.byte();
    reader.number();
    yield { name, what: body.subarray(start, reader.position) };
  }
}

/** Functions are counted from the imported ones on. */
const importedFunctions = (bytes) => [...importsOf(sectionOf(bytes, IMPORT))].filter(({ kind }) => kind === FUNCTION).length;

function* bodies(body) {
  const reader = new Reader(body);
  for (let left = reader.number(); left > 0; left--) yield reader.take(reader.number());
}

function functionNames(bytes) {
  const names = new Map();
  for (const { id, body } of sectionsOf(bytes)) {
    const reader = new Reader(body);
    if (id !== CUSTOM || reader.text() !== 'name') continue;
    while (!reader.isAtEnd) {
      const subsection = reader.byte();
      const part = new Reader(reader.take(reader.number()));
      if (subsection === 1) for (let left = part.number(); left > 0; left--) names.set(part.number(), part.text());
    }
  }
  return names;
}

/** LEB128 without sign. */
function number(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function text(value) {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([number(bytes.length), bytes]);
}

function section(id, entries) {
  const body = Buffer.concat([number(entries.length), ...entries.flat()]);
  return Buffer.concat([Buffer.from([id]), number(body.length), body]);
}

class Reader {
  #bytes;
  position = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.position >= this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.position++];
  }

  number() {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(length) {
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  text() {
    return this.take(this.number()).toString('utf8');
  }
}
