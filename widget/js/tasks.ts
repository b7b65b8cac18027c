/**
 * What the browser does for a sign-in when a step asks for it: passkeys, the probe of a local app, captchas, Duo, the
 * clipboard. Only few sign-ins need any of it, so it is a script of its own, `latchkey-tasks.js`, fetched at the first task.
 *
 * The flow decides what is done and what comes of it: it hands over a kind and JSON, and gets JSON. Nothing here knows a
 * step, and nothing is drawn but the frame in which somebody else's check runs.
 */
import { captcha } from './tasks/captcha.js';
import { copy } from './tasks/copy.js';
import { duo } from './tasks/duo.js';
import { describeFailure, Failure } from './tasks/failure.js';
import { probe } from './tasks/probe.js';
import { createPasskey, offerPasskeys, usePasskey } from './tasks/webauthn.js';

/** One kind of task. Gives the value, or throws a {@link Failure} or whatever the browser throws. */
type Task = (argument: never, signal: AbortSignal, host: HTMLElement) => Promise<unknown>;

const TASKS: Readonly<Record<string, Task>> = {
  'webauthn.create': createPasskey,
  'webauthn.get': usePasskey,
  'webauthn.autofill': offerPasskeys,
  probe,
  captcha,
  duo,
  copy,
};

/**
 * Does the task `kind` with `argument` (JSON text) for the widget in `host`. Never rejects: resolves with the JSON text
 * `{"value": …}` or `{"error": "<name>", …}`, and right after `signal` is aborted with `{"error": "AbortError"}`.
 */
export async function perform(kind: string, argument: string, signal: AbortSignal, host: HTMLElement): Promise<string> {
  const done = new AbortController();
  try {
    const task = Object.hasOwn(TASKS, kind) ? TASKS[kind] : undefined;
    if (!task) throw new Failure('Unsupported', `there is no task \`${kind}\``);
    const aborted = rejectOnAbort(signal, done.signal);
    // Aborted before it began, it never begins.
    const value = await Promise.race([aborted, signal.aborted ? aborted : task(JSON.parse(argument) as never, signal, host)]);
    return JSON.stringify({ value });
  } catch (cause) {
    return JSON.stringify(signal.aborted ? { error: 'AbortError' } : describeFailure(cause));
  } finally {
    done.abort();
  }
}

/** Some password managers do not hear the signal: whoever gave up does not wait for them. */
function rejectOnAbort(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = (): void => reject(new Failure('AbortError'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse, { once: true, signal: done });
  });
}
