import { shortened } from './plain-text.js';

/** Members of a treatment that say where it is shown, not what. */
const addressing = ['channel', 'placement', 'locale', 'stage'];
/** What is said first, by channel; the first that is there stands for the treatment. */
const openings = ['headline', 'title', 'subject', 'receipt', 'till', 'text'];
const longest = 240;

/** A treatment in short, as ': "…"'; nothing where there is none, or none in words. */
export function presentationOf(treatment: Readonly<Record<string, unknown>> | undefined): string {
  if (treatment === undefined) return '';
  const own = (object: unknown, name: string): unknown => (typeof object === 'object' && object !== null && Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined);
  const rest = Object.keys(treatment).filter((name) => !addressing.includes(name));
  const texts = [own(own(treatment, 'script'), 'opening'), ...[...openings, ...rest].map((name) => own(treatment, name))];
  const said = texts.find((text) => typeof text === 'string' && text !== '') as string | undefined;
  return said === undefined ? '' : `: "${shortened(said, longest)}"`;
}
