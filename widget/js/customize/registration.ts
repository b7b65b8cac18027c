/**
 * The registration form as the page sees it: a flat list of fields, called as their inputs are (`userProfile.email`), and one
 * object of what was typed. What the page neither sees nor changes are the constants of the protocol.
 */
import type { RegistrationData, RegistrationField } from '../types.js';
import { copyOf, fieldsOf, groupOf, isObject, type Field, type Form } from './idx.js';
import { pathsOf } from './refusal.js';

/** What somebody is asked for. */
export const schemaOf = (form: Form): RegistrationField[] =>
  pathsOf(form).filter(([, field]) => isAsked(field)).map(([name, field]) => ({ ...copyOf(field), name }));

const isAsked = ({ visible, mutable }: Field): boolean => visible !== false && mutable !== false;

/**
 * Asks for `schema` instead, in its order.
 *
 * @throws TypeError where it is no list of fields with names
 */
export function setSchema(form: Form, schema: unknown): void {
  if (!Array.isArray(schema) || !schema.every((field) => isObject(field) && typeof field['name'] === 'string')) {
    throw new TypeError('the schema must be an array of fields, each with a name');
  }
  const kept = constants(fieldsOf(form));
  for (const field of schema as RegistrationField[]) insert(kept, field.name.split('.'), field);
  form.value = kept.filter((field) => groupOf(field)?.length !== 0);
}

/** What is left of the fields when those that somebody is asked for are taken out; groups stay in their place. */
const constants = (fields: readonly Field[]): Field[] =>
  fields.flatMap((field) => {
    const group = groupOf(field);
    if (group) return [withGroup(field, constants(group))];
    return isAsked(field) ? [] : [field];
  });

function withGroup(field: Field, value: Field[]): Field {
  const { value: _, ...rest } = field;
  return { ...rest, form: { value } };
}

function insert(fields: Field[], [name = '', ...inside]: readonly string[], field: RegistrationField): void {
  if (inside.length === 0) return void fields.push({ ...field, name });
  let group = fields.find((known) => known.name === name && groupOf(known));
  if (!group) fields.push((group = withGroup({ name, type: 'object' }, [])));
  insert(groupOf(group) ?? [], inside, field);
}

/** What was typed, without the constants of the protocol. */
export function dataOf(body: Readonly<Record<string, unknown>>): RegistrationData {
  const { stateHandle: _, ...data } = body;
  return copyOf(data);
}

/**
 * What is sent.
 *
 * @throws TypeError where `data` is no object
 */
export function bodyOf(body: Readonly<Record<string, unknown>>, data: unknown): Record<string, unknown> {
  if (!isObject(data)) throw new TypeError('what is sent must be an object');
  return { ...data, ...('stateHandle' in body && { stateHandle: body['stateHandle'] }) };
}
