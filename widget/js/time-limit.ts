/** `AbortSignal.timeout`, which Chrome has from version 103 on only. Harmless once what it limits has come to its end. */
export function timeLimit(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
