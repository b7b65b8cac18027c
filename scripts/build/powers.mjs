// Takes a table out of the module that the page can compute: serde_json keeps the powers of ten from 1e0 to 1e308, 309 doubles,
// which no compression makes smaller (2.4 KB of what every visitor downloads). JavaScript makes the same bits of six letters:
// `Number('1e308')` is rounded as the literal is (ECMA-262, StringToNumber). The glue puts them back before anything runs.

const DATA = 11;
const COUNT = 309;

/** The table as it lies in the module: IEEE 754, little-endian. */
const TABLE = Buffer.alloc(COUNT * 8);
for (let power = 0; power < COUNT; power++) TABLE.writeDoubleLE(Number(`1e${power}`), power * 8);

/**
 * A copy with zeros in the place of the table, which wasm-opt leaves out, and the table's address in memory.
 *
 * @param {Buffer} bytes a module with one memory, whose data has fixed addresses
 * @returns {{ bytes: Buffer, address: number }}
 */
export function takePowers(bytes) {
  const place = bytes.indexOf(TABLE);
  if (place < 0) throw new Error('the powers of ten are not in the module: does serde_json keep another table? See scripts/build/powers.mjs');
  const segment = segmentsOf(bytes).find(({ start, end }) => start <= place && place + TABLE.length <= end);
  if (!segment) throw new Error('the powers of ten are in no data segment with a fixed address: see scripts/build/powers.mjs');
  const emptied = Buffer.from(bytes);
  emptied.fill(0, place, place + TABLE.length);
  return { bytes: emptied, address: segment.address + place - segment.start };
}

/** What the glue does once there is a memory, as a statement. */
export const putBack = (address) =>
  `for (let power = 0, view = new DataView(memory.buffer, ${address}); power < ${COUNT}; power++) view.setFloat64(power * 8, Number('1e' + power), true);`;

/** Active segments (WebAssembly Core 2.0, section 5.5.14): where their bytes begin and end in the file, and where in memory. */
function segmentsOf(bytes) {
  let at = 8;
  const number = (isSigned = false) => {
    for (let value = 0, shift = 0; ; ) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return isSigned && byte & 64 && shift < 32 ? value | (~0 << shift) : value >>> 0;
    }
  };
  while (at < bytes.length && bytes[at] !== DATA) {
    at++;
    const length = number();
    at += length;
  }
  at++;
  number();
  return Array.from({ length: number() }, () => {
    // Mode 0: memory 0, and `i32.const address end`.
    if (bytes[at++] !== 0 || bytes[at++] !== 0x41) throw new Error('a data segment has no fixed address: see scripts/build/powers.mjs');
    const address = number(true);
    at++;
    const length = number();
    at += length;
    return { address, start: at - length, end: at };
  });
}
