import { build } from '../frame/product.mjs';
import { pathToFileURL } from 'node:url';

/**
 * To which step of a request a file of the product belongs, first match first. Files that serve several steps
 * (expressions, slots, the calendar) are not listed: what they take belongs to the step that called them.
 */
const steps = [
  ['read', /^customers\/|^service\/(customer-reading|limit-periods|deadline)\./],
  ['strategy', /^decision\/(strategy|triggers|derivation|control)\./],
  ['situation', /^decision\/situation\./],
  ['rules', /^decision\/(rules|rule-sweep|contact-checks|screening|refusals|history)\./],
  ['treatment', /^decision\/(treatment|places)\./],
  ['features', /^models\/(feature-|tensor-data)/],
  ['model', /^models\//],
  ['value', /^decision\/(value|propensity|candidate)\./],
  ['ranking', /^decision\/(ranking|ranked)\./],
  ['explanation', /^decision\/explanation\./],
  ['token', /^service\/(token|hmac)\./],
  ['answer as JSON', /^service\/(decision-response|decision-service)\./],
  ['decision log', /^service\/decision-record\.|^telemetry\/decision-log\./],
  ['metrics', /^telemetry\//],
  ['pipeline', /^decision\/pipeline\./],
  ['HTTP', /^http\//],
];
const shared = /^expressions\/|^decision\/(slots|calendar)\./;

const base = `${pathToFileURL(build).href}/`;

/** The path below the build; `null` for what is not of the product. */
export function productFile(url) {
  return url.startsWith(base) ? url.slice(base.length) : null;
}

/** The step of one frame of a stack; `null` where its caller's counts. */
export function stepOfFrame({ functionName, url }) {
  const file = productFile(url);
  if (file !== null) return shared.test(file) ? null : steps.find(([, pattern]) => pattern.test(file))?.[0] ?? 'other of ours';
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return 'idle';
  if (url.includes('/onnxruntime-')) return 'model';
  if (url.includes('/lmdb/')) return 'read';
  if (/\/node_modules\/(express|router|finalhandler)\//.test(url)) return 'HTTP';
  if (url.includes('/prom-client/')) return 'metrics';
  if (url.includes('/pino/')) return 'metrics';
  return null;
}

/** What nobody of ours called: Node's own HTTP, sockets, streams and timers. */
export const unclaimed = 'HTTP';
