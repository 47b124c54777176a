import type { ValidateFunction } from 'ajv/dist/2020.js';
import { readSpecification, type Specification } from '../../src/http/specification.js';
import { createAjv } from '../../src/http/validation.js';

const specification = readSpecification();
const ajv = createAjv({ ...specification, document: closeObjects(specification.document) as Specification['document'] });
const compiled = new Map<string, ValidateFunction>();

/**
 * Throws unless the answer is what openapi.yaml says of this call: the status, the content type, and every member of
 * the body, with none that the document does not name. `path` is as it was called. A path or a method that the
 * document does not have must be answered by a problem. `body` is the text of the answer, or parsed JSON.
 */
export function expectConforms(method: string, path: string, status: number, body: unknown, contentType: string | undefined): void {
  const call = `${method.toUpperCase()} ${path} → ${status}`;
  const template = templateOf(path.replace(/[?#].*$/, ''));
  const operation = template === undefined ? undefined : at(specification.document, ['paths', template, method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()]);
  const steps = operation === undefined ? null : responseSteps(template!, method.toLowerCase() === 'head' ? 'get' : method.toLowerCase(), status);
  if (steps === null) return expectBody(call, ['components', 'responses', 'AnyProblem'], method, body, contentType);
  expectBody(call, steps, method, body, contentType);
}

function expectBody(call: string, steps: readonly string[], method: string, body: unknown, contentType: string | undefined): void {
  const content = at(specification.document, [...steps, 'content']) as Record<string, unknown> | undefined;
  const isEmpty = body === '' || body === undefined || body === null;
  if (content === undefined) {
    if (!isEmpty) throw new Error(`${call}: openapi.yaml has no body here, and there is one: ${JSON.stringify(body)}`);
    return;
  }
  const type = (contentType ?? '').split(';')[0]!.trim();
  if (!Object.hasOwn(content, type)) throw new Error(`${call}: the content type is "${contentType ?? ''}", and openapi.yaml has ${Object.keys(content).join(', ')}`);
  if (method.toLowerCase() === 'head') return;
  if (!type.endsWith('json')) return;
  const value: unknown = typeof body === 'string' ? JSON.parse(body) : body;
  const check = schemaAt([...steps, 'content', type, 'schema']);
  if (!check(value)) throw new Error(`${call}: not as openapi.yaml has it:\n${(check.errors ?? []).map((error) => `  ${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`).join('\n')}\n${JSON.stringify(value, null, 1)}`);
}

function responseSteps(template: string, method: string, status: number): readonly string[] | null {
  const responses = at(specification.document, ['paths', template, method, 'responses']) as Record<string, { $ref?: string }>;
  const name = Object.hasOwn(responses, String(status)) ? String(status) : 'default';
  const reference = responses[name]?.$ref;
  if (!Object.hasOwn(responses, name)) return null;
  return reference === undefined ? ['paths', template, method, 'responses', name] : reference.slice(2).split('/');
}

function templateOf(path: string): string | undefined {
  return Object.keys(specification.document.paths).find((template) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
}

function schemaAt(steps: readonly string[]): ValidateFunction {
  const pointer = steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  let check = compiled.get(pointer);
  if (check === undefined) compiled.set(pointer, (check = ajv.compile({ $ref: `spec#${pointer}` })));
  return check;
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((node, step) => (typeof node === 'object' && node !== null && Object.hasOwn(node, step) ? (node as Record<string, unknown>)[step] : undefined), value);
}

/** Answers may gain members in a later release, so the document leaves them open; a test does not. */
function closeObjects(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closeObjects);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, member]) => [name, closeObjects(member)]));
  const isSchema = copy['type'] === 'object' && typeof copy['properties'] === 'object' && copy['additionalProperties'] === undefined;
  return isSchema ? { ...copy, additionalProperties: false } : copy;
}
