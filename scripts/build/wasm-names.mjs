// Reads how many bytes each function of a WebAssembly module takes, by its name. Only what weighing needs: section headers,
// the code section's bodies, the data section, and the function names of the `name` section.
//
// WebAssembly Core 2.0, chapter 5 (binary format), and its appendix on the name section.

const IMPORT = 2;
const CODE = 10;
const DATA = 11;
const CUSTOM = 0;

/**
 * @param {Buffer} bytes
 * @returns {{ functions: { name: string, size: number }[], data: number, other: number }}
 */
export function weighModule(bytes) {
  const sections = [...sectionsOf(bytes)];
  const names = functionNames(sections);
  let index = importedFunctions(sections);
  const functions = [];
  for (const size of bodySizes(sections)) functions.push({ name: names.get(index) ?? `function ${index}`, size }), index++;
  const sizeOf = (wanted) => sections.filter(({ id }) => id === wanted).reduce((sum, { body }) => sum + body.length, 0);
  const other = sections.filter(({ id }) => ![CODE, DATA, CUSTOM].includes(id)).reduce((sum, { body }) => sum + body.length, 0);
  return { functions, data: sizeOf(DATA), other };
}

function* sectionsOf(bytes) {
  const reader = new Reader(bytes.subarray(8));
  while (!reader.isAtEnd) {
    const id = reader.byte();
    yield { id, body: reader.take(reader.number()) };
  }
}

const bodyOf = (sections, wanted) => sections.find(({ id }) => id === wanted)?.body ?? Buffer.from([0]);

function* bodySizes(sections) {
  const reader = new Reader(bodyOf(sections, CODE));
  for (let left = reader.number(); left > 0; left--) yield reader.take(reader.number()).length;
}

/** Imports come first in the index space of functions. */
function importedFunctions(sections) {
  const reader = new Reader(bodyOf(sections, IMPORT));
  let count = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) count++;
    if (kind === 0) reader.number();
    else if (kind === 3) reader.take(2);
    else skipLimits(reader, kind);
  }
  return count;
}

function skipLimits(reader, kind) {
  if (kind === 1) reader.byte();
  const hasMaximum = reader.byte() & 1;
  reader.number();
  if (hasMaximum) reader.number();
}

function functionNames(sections) {
  const names = new Map();
  for (const { id, body } of sections) {
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

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#at >= this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.#at++];
  }

  /** LEB128 without sign. */
  number() {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(length) {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text() {
    return this.take(this.number()).toString('utf8');
  }
}
