/**
 * Functions of the page around the steps, as the incumbent keeps them: by the step, then by the moment; added at any time.
 */
import type { HookFunction, WidgetOptions } from './types.js';

type Moment = 'before' | 'after';

/** See the head of the file. */
export class Hooks {
  readonly #functions: Record<Moment, Record<string, HookFunction[]>> = { before: {}, after: {} };

  constructor(given: NonNullable<WidgetOptions['hooks']>) {
    for (const [step, hook] of Object.entries(given)) {
      for (const moment of ['before', 'after'] as const) for (const added of [hook[moment] ?? []].flat()) this.add(moment, step, added);
    }
  }

  add(moment: Moment, step: string, added: HookFunction): void {
    (this.#functions[moment][step] ??= []).push(added);
  }

  /** As `createSignIn` takes them; nothing where there are none, so that nothing is loaded for them. */
  compiled(): Readonly<Record<Moment, Readonly<Record<string, readonly HookFunction[]>>>> | undefined {
    const { before, after } = this.#functions;
    if (Object.keys(before).length + Object.keys(after).length === 0) return undefined;
    return { before: { ...before }, after: { ...after } };
  }
}
