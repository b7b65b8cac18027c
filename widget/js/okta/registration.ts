/**
 * The incumbent's registration callbacks, `(value, onSuccess, onFailure)`, as functions that give a promise.
 */

/** What `onFailure` is given: nothing, a summary, or a summary with causes that name fields. */
interface Refusal {
  readonly errorSummary?: string;
  readonly errorCauses?: readonly { readonly errorSummary?: string | readonly string[]; readonly property?: string }[];
}

type Callback = (value: unknown, onSuccess: (value: unknown) => void, onFailure: (error?: Refusal | null) => void) => unknown;
type Continued = (value: unknown) => Promise<unknown>;

/** What the incumbent says where a callback gives no reason. */
const NO_REASON = 'We could not process your registration at this time. Please try again later.';

/** Rejects with `{ message, fields }`, which the form shows. Whichever continuation is called first counts. */
export const continued =
  (callback: Callback): Continued =>
  (value) =>
    new Promise((resolve, reject) => {
      const result = callback(value, resolve, (error) => reject(refusalOf(error)));
      // What it gives is not looked at, but that an `async` callback has failed.
      Promise.resolve(result).catch(reject);
    });

/** Callbacks around the registration form, as far as they have to know of each other. */
export interface Submits {
  readonly preSubmit?: Continued;
  readonly postSubmit?: Continued;
  readonly [name: string]: unknown;
}

/** The incumbent's `postSubmit` is told the e-mail address that was sent, and here it is the answer that is at hand. */
export function withEmail({ preSubmit, postSubmit, ...others }: Submits): Submits {
  let email: unknown;
  return {
    ...others,
    preSubmit: async (data) => {
      const sent = (preSubmit ? await preSubmit(data) : data) as { readonly userProfile?: { readonly email?: unknown } };
      email = sent.userProfile?.email;
      return sent;
    },
    postSubmit: async () => postSubmit?.(email),
  };
}

/** The same as {@link continued} for `npx latchkey check-okta-config`, around the text of a callback. */
export const continuedSource = (callback: string): string =>
  `(value) => new Promise((resolve, reject) => (${callback})(value, resolve, (error) => reject({
    message: error?.errorSummary ?? '${NO_REASON}',
    fields: Object.fromEntries((error?.errorCauses ?? []).filter(({ property }) => property).map(({ property, errorSummary }) => [property, String(errorSummary)])),
  })))`;

/** A cause that names no field is said with the summary. */
function refusalOf(error?: Refusal | null): { readonly message: string; readonly fields: Readonly<Record<string, string>> } {
  const { errorSummary, errorCauses } = error ?? {};
  const causes = (errorCauses ?? []).map(({ property, errorSummary: said }) => ({ property, said: [said ?? []].flat().join(' ') })).filter(({ said }) => said !== '');
  const loose = causes.flatMap(({ property, said }) => (property === undefined ? [said] : []));
  const fields = causes.flatMap(({ property, said }) => (property === undefined ? [] : [[property, said]]));
  const message = [errorSummary, ...loose].filter((part) => part !== undefined && part !== '').join(' ');
  return { message: message || NO_REASON, fields: Object.fromEntries(fields) as Record<string, string> };
}
