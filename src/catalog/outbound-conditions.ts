import type { Condition, Model, Trigger } from '../decision/types.js';
import type { DerivedDraft } from './compile-derived.js';
import type { Entry } from './compiling.js';
import type { RawTrigger } from './schemas/trigger-schema.js';
import type { Spot } from './spot.js';

export interface DerivedParts {
  readonly derived: readonly DerivedDraft[];
  readonly models: ReadonlyMap<string, Model>;
  /** Of a derived attribute; `null`: nothing reads it. */
  readonly slotOf: (name: string) => number | null;
}

/**
 * A trigger with `outbound` becomes active before anybody knows in which channel it will speak: its conditions must not
 * read `channel`, nor an attribute that is derived from it. Which channel may be used is for the rules to say.
 */
export function checkOutboundConditions(entries: readonly Entry<RawTrigger>[], triggers: readonly Trigger[], parts: DerivedParts): void {
  const byChannel = attributesByChannel(parts);
  for (const [place, { audience, start, outbound }] of triggers.entries()) {
    if (outbound === null) continue;
    const { raw, spot } = entries[place]!;
    const matching = raw.matches === undefined ? spot.at('on', 'when') : spot.at('matches');      // `matches` may have come from `on.when`
    const conditions: readonly [Spot, Condition | null][] = [[spot.at('audience'), audience], [spot.at('while'), start.type === 'while' ? start.while : null], [matching, start.type === 'event' ? start.matches : null]];
    for (const [at, condition] of conditions) {
      const reads = condition === null ? undefined : condition.reads.has('channel') ? '`channel`' : [...condition.slots].map((slot) => byChannel.get(slot)).find((attribute) => attribute !== undefined);
      if (reads !== undefined) at.error(`reads ${reads}: a trigger with \`outbound\` is judged before its channel is chosen. Say in \`outbound.channels\` where it may speak, and in rules what a channel needs`);
    }
  }
}

/** By slot, in words. */
function attributesByChannel({ derived, models, slotOf }: DerivedParts): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const attribute of derived) {
    const slot = slotOf(attribute.name);
    if (slot === null) continue;
    const reads = attribute.type === 'model'
      ? models.get(attribute.model)?.reads.has('channel') === true
      : attribute.cases.some(({ when }) => when !== null && (when.reads.has('channel') || [...when.slots].some((other) => found.has(other))));
    if (reads) found.set(slot, `\`customer.${attribute.name}\`, which is derived from \`channel\``);
  }
  return found;
}
