import { concerns } from '../decision/activation.js';
import type { Offer, Trigger } from '../decision/types.js';
import type { Entry } from './compiling.js';
import type { RawTrigger } from './schemas/trigger-schema.js';
import { itemsOf } from './spot.js';

type SaidOffer = Pick<Offer, 'id' | 'kind' | 'treatments'>;

/** A trigger with `outbound` never speaks in a channel for which no offer that it concerns has a treatment: an offer with
 *  treatments, but none for the channel, is excluded. One without any says nothing against a channel. */
export function warnOfSilentChannels(entries: readonly Entry<RawTrigger>[], triggers: readonly Trigger[], offers: readonly SaidOffer[]): void {
  for (const [place, trigger] of triggers.entries()) {
    if (trigger.outbound === null) continue;
    const concerned = offers.filter(({ id, kind }) => concerns(trigger, id, kind));
    if (concerned.length === 0) continue;
    const { raw, spot } = entries[place]!;
    for (const { item, at } of itemsOf(raw.outbound?.channels, spot.at('outbound', 'channels'))) {
      if (concerned.some((offer) => mayBeSaidIn(item, offer))) continue;
      at.warn(`the trigger never speaks by ${item}: ${inWords(concerned)} treatments, but none for ${item}; add one (\`channel: ${item}\`), or leave the channel out`);
    }
  }
}

function mayBeSaidIn(channel: string, { treatments }: SaidOffer): boolean {
  return treatments.length === 0 || treatments.some((treatment) => treatment.channel === channel);
}

function inWords(offers: readonly SaidOffer[]): string {
  const ids = offers.map(({ id }) => id);
  if (ids.length === 1) return `the offer that it concerns, ${ids[0]!}, has`;
  return `the ${ids.length} offers that it concerns (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}) have`;
}
