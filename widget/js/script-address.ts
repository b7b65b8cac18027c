/**
 * Where a plain script was loaded from. A script that is no module has no `import.meta`, so the build of `latchkey.iife.js`
 * puts this in its place (`scripts/build.mjs`). Read while the script runs for the first time: afterwards nobody knows.
 * What stands in the page itself has no address of its own, and the files are looked for beside the page.
 */
export const scriptAddress: string | undefined =
  typeof document === 'object' ? (document.currentScript as HTMLScriptElement | null)?.src || document.baseURI : undefined;
