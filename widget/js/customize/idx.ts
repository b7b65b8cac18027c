/**
 * The parts of an IDX answer that customisation looks at, read without trust: what is not as expected counts as absent, so
 * that an answer which only the widget's core understands gets there as it came.
 *
 * What an answer means to a person is the core's business; here is only where things stand in it.
 */

/** A form or redirect of an answer. */
export interface Form {
  name?: unknown;
  href?: unknown;
  value?: unknown;
  [member: string]: unknown;
}

/** One answer. It is a copy of our own, to be changed at will. */
export interface Answer {
  [member: string]: unknown;
}

/** One entry of a form; a group has entries of its own. */
export interface Field {
  name?: unknown;
  form?: unknown;
  messages?: unknown;
  [member: string]: unknown;
}

/** Which step an answer brings, in the words of the `screen` event. */
export interface Step {
  readonly name: string;
  readonly authenticator?: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answer in a body, or nothing where the body is something else. */
export function readAnswer(text: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const isIdx = isObject(answer) && ['version', 'stateHandle', 'remediation', 'messages'].some((name) => name in answer);
    return isIdx ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** A copy of what came as JSON. `structuredClone` is younger than the browsers that are served. */
export const copyOf = <Json>(value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

/** The forms that an answer offers, the first of which is what the screen shows. The array is the answer's own. */
export const formsOf = (answer: Answer): Form[] => elements<Form>(answer['remediation']);

/** The entries of a form. The array is the form's own. */
export const fieldsOf = (form: { readonly value?: unknown }): Field[] => elements<Field>(form);

/** The entries of a group, or nothing for a single field. It stands in one of two places. */
export function groupOf(field: Field): Field[] | undefined {
  const holder = isObject(field.form) ? field.form : isObject(field['value']) && isObject(field['value']['form']) ? field['value']['form'] : undefined;
  return holder && elements<Field>(holder);
}

/** The array of `{value: […]}`, with nothing but objects in it. */
function elements<Element>(holder: unknown): Element[] {
  const array = isObject(holder) && Array.isArray(holder['value']) ? holder['value'] : [];
  return array.every(isObject) ? (array as Element[]) : [];
}

/** The form of an answer that is sent to `url`, which is absolute. */
export const formAt = (answer: Answer, url: string): Form | undefined =>
  formsOf(answer).find(({ href }) => typeof href === 'string' && absolute(href, url) === url);

/** The address that a relative one means on a page at `base`; nothing where there is none. */
export function absolute(href: string, base: string): string | undefined {
  try {
    return new URL(href, base).href;
  } catch {
    return undefined;
  }
}

/** The step at the good end of a sign-in. */
export const SUCCESS = 'success-redirect';

/** What an answer asks for. A sign-in that has come to its good end is `success-redirect`, any other end `terminal`. */
export function stepOf(answer: Answer): Step {
  const [first] = formsOf(answer);
  const isSuccess = 'successWithInteractionCode' in answer || (!first && 'success' in answer);
  const name = isSuccess ? SUCCESS : typeof first?.name === 'string' ? first.name : 'terminal';
  const authenticator = [related(answer, first), ...CURRENT.map((holder) => answer[holder])]
    .map((holder) => isObject(holder) && isObject(holder['value']) ? holder['value']['key'] : undefined)
    .find((key) => typeof key === 'string');
  return { name, ...(authenticator !== undefined && { authenticator: String(authenticator) }) };
}

const CURRENT = ['currentAuthenticatorEnrollment', 'currentAuthenticator'];

/** What the first form says that it is about: `relatesTo` holds a path such as `$.currentAuthenticator`. */
function related(answer: Answer, form: Form | undefined): unknown {
  const path: unknown = [form?.['relatesTo']].flat()[0];
  return typeof path === 'string' ? answer[path.replace(/^\$\.?/, '')] : undefined;
}

/** A message as the server would say it. */
export const messageOf = (text: string, key?: string) => ({ message: text, class: 'ERROR', ...(key !== undefined && { i18n: { key } }) });

/** A list as Ion has it. */
export const collection = (value: readonly unknown[]) => ({ type: 'array', value });
