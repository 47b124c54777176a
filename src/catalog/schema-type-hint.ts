import type { ErrorObject } from 'ajv/dist/2020.js';

/** Types as tables, databases and other languages call them. */
const elsewhere: Readonly<Record<string, string>> = {
  text: 'string', str: 'string', varchar: 'string', char: 'string', email: 'string, format: email', float: 'number', double: 'number', decimal: 'number', real: 'number', money: 'number', currency: 'number', percent: 'number',
  int: 'integer', long: 'integer', count: 'integer', bool: 'boolean', flag: 'boolean', list: 'array', set: 'array', map: 'object', dict: 'object',
  date: 'string, format: date', day: 'string, format: date', datetime: 'string, format: date-time', timestamp: 'string, format: date-time', time: 'string, format: time',
};
const own = ['string', 'number', 'integer', 'boolean', 'array', 'object'];

/** What to write where JSON Schema knows no such type, or a type stands where the attribute's schema belongs. */
export function schemaTypeHint({ keyword, instancePath, data }: ErrorObject): string {
  const isAttribute = /\/properties\/[^/]+$/.test(instancePath);
  if (isAttribute && data === null) return ': write of what type it is, as { type: string }';
  if (typeof data !== 'string') return '';
  const word = data.toLowerCase();
  const type = Object.hasOwn(elsewhere, word) ? elsewhere[word]! : own.find((each) => each === word);
  if (type === undefined) return '';
  if (isAttribute) return `: write it as { type: ${type} }`;
  return keyword === 'enum' && instancePath.endsWith('/type') && !own.includes(word) ? `; write { type: ${type} }` : '';
}
