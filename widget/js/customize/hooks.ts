/** The functions of the page before and after a step, one after the other: those of the step, then those of all steps. */
import type { SignInOptions } from '../sign-in-options.js';
import type { Hook } from '../types.js';
import type { Step } from './idx.js';
import { ask } from './refusal.js';

/** Calls them, and waits for each. Ends with the first that refuses, and when the widget does. */
export async function callHooks(when: 'before' | 'after', step: Step, options: () => SignInOptions, signal: AbortSignal): Promise<void> {
  for (const name of [step.name, '*']) {
    const known = options().hooks?.[when];
    const hooks = known && Object.hasOwn(known, name) ? known[name] : undefined;
    for (const hook of [hooks ?? []].flat() as readonly Hook[]) {
      if (signal.aborted) return;
      await ask(`hooks.${when}.${name}`, () => hook({ ...step, signal }));
    }
  }
}
