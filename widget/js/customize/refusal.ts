/**
 * What a function of the page says no with, and what becomes of it: a message in the form, or at one of its fields.
 *
 * An object `{ message, fields? }` is meant for the person. Whatever else is thrown is a mistake of the page: the person is told
 * that the page could not go on, and the page's developer what was thrown.
 */
import { collection, fieldsOf, formsOf, groupOf, isObject, messageOf, type Answer, type Field, type Form } from './idx.js';

/** A function of the page has refused, or failed. */
export class Refused extends Error {
  /** `option` names the function: `registration.preSubmit`. */
  constructor(
    readonly option: string,
    override readonly cause: unknown,
  ) {
    super(`\`${option}\` has thrown; \`cause\` is what`, { cause });
  }

  /** For the person; nothing where the page's code is at fault. */
  get said(): Said | undefined {
    const { cause } = this;
    if (!isObject(cause) || cause instanceof Error) return undefined;
    const { message, fields } = cause;
    const texts = isObject(fields) ? Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : [];
    return typeof message === 'string' || texts.length > 0 ? { message: typeof message === 'string' ? message : undefined, fields: new Map(texts) } : undefined;
  }
}

interface Said {
  readonly message: string | undefined;
  /** Texts by the dotted path of the field, as its input is called. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Calls a function of the page and waits for it. */
export async function ask<Result>(option: string, call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    throw new Refused(option, cause);
  }
}

/** The catalogue has better words under the key, in every language. */
const FAILED = messageOf("This page couldn't go on.", 'latchkey.page_failed');

/** Puts what was said into an answer. A text for a field that the form does not have goes to the top. */
export function addRefusal(answer: Answer, form: Form | undefined, refused: Refused): void {
  const { message, fields } = refused.said ?? { message: undefined, fields: new Map<string, string>() };
  const left = new Map(fields);
  for (const [path, field] of form ? pathsOf(form) : []) {
    const text = left.get(path);
    if (text !== undefined) field.messages = collection([messageOf(text)]);
    left.delete(path);
  }
  const texts = [...(message === undefined ? [] : [message]), ...left.values()];
  const isSaid = refused.said !== undefined;
  answer['messages'] = collection(isSaid ? texts.map((text) => messageOf(text)) : [FAILED]);
}

/** Takes out what was said before. */
export function clearMessages(answer: Answer): void {
  delete answer['messages'];
  for (const form of formsOf(answer)) for (const [, field] of pathsOf(form)) delete field.messages;
}

/** Every single field of a form with its dotted path. */
export const pathsOf = (form: Form): [string, Field][] => paths(fieldsOf(form), '');

const paths = (fields: readonly Field[], prefix: string): [string, Field][] =>
  fields.flatMap((field) => {
    const path = `${prefix}${String(field.name)}`;
    const group = groupOf(field);
    return group ? paths(group, `${path}.`) : [[path, field] as [string, Field]];
  });
