/**
 * The incumbent's registration callbacks, `(value, onSuccess, onFailure)`, as functions that give a promise.
 */

/** What `onFailure` is given: nothing, a summary, or a summary with causes that name fields. */
interface Refusal {
  readonly errorSummary?: string;
  readonly errorCauses?: readonly { readonly errorSummary?: string | readonly string[]; readonly property?: string }[];
}

type Callback = (value: unknown, onSuccess: (value: unknown) => void, onFailure: (error?: Refusal) => void) => void;

/** What the incumbent says where a callback gives no reason. */
const NO_REASON = 'We could not process your registration at this time. Please try again later.';

/** Rejects with `{ message, fields }`, which the form shows. Whichever continuation is called first counts. */
export const continued =
  (callback: Callback) =>
  (value: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => callback(value, resolve, (error) => reject(refusalOf(error))));

/** The same for `npx latchkey check-okta-config`, around the text of a callback. */
export const continuedSource = (callback: string): string =>
  `(value) => new Promise((resolve, reject) => (${callback})(value, resolve, (error) => reject({
    message: error?.errorSummary ?? '${NO_REASON}',
    fields: Object.fromEntries((error?.errorCauses ?? []).map(({ property, errorSummary }) => [property, String(errorSummary)])),
  })))`;

function refusalOf({ errorSummary, errorCauses = [] }: Refusal = {}): { readonly message: string; readonly fields: Readonly<Record<string, string>> } {
  const fields = errorCauses.flatMap(({ property, errorSummary: said }) => (property === undefined || said === undefined ? [] : [[property, [said].flat().join(' ')]]));
  return { message: errorSummary ?? NO_REASON, fields: Object.fromEntries(fields) as Record<string, string> };
}
