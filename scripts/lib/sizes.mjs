// What a file weighs on the wire.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Sizes of one file in bytes: as it is, with gzip 9, with brotli 11 (what a CDN serves when it compresses ahead). */
export function sizesOf(file) {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length };
}

/** A table with one row for each of `files` (name and sizes) and a sum. */
export function sizeTable(files) {
  const sum = { name: 'together', sizes: { raw: 0, gzip: 0, brotli: 0 } };
  for (const { sizes } of files) for (const kind of Object.keys(sum.sizes)) sum.sizes[kind] += sizes[kind];
  const line = (name, cells) => name.padEnd(20) + cells.map((cell) => String(cell).padStart(10)).join('');
  const rows = [...files, sum].map(({ name, sizes }) => line(name, [sizes.raw, sizes.gzip, sizes.brotli]));
  return [line('bytes', ['raw', 'gzip', 'brotli 11']), ...rows].join('\n');
}
