import { Gauge, type Registry } from 'prom-client';
import type { LimitFigure } from '../service/limit-report.js';

/** `null`: not known now. */
export type ReadLimits = () => Promise<readonly LimitFigure[] | null>;

/** Of more limits, those that are used up most, so that one that fills up is among them: 1,000 are 0.2 MB of a scrape. */
export const mostLimits = 1_000;

const labelNames = ['offer', 'outcome', 'per'] as const;

/** How full limits are, asked for with each scrape. Several workers see the same store, so of what they say one is taken. */
export function createLimitGauges(registry: Registry): { read(limits: ReadLimits): void } {
  let readLimits: ReadLimits = () => Promise.resolve(null);
  let reading: Promise<void> | undefined;
  // Each gauge asks for itself, all at once: one read serves them, and whoever else scrapes meanwhile.
  const collect = (): Promise<void> => reading ??= read().finally(() => { reading = undefined; });
  const gauge = (name: string, help: string): Gauge<typeof labelNames[number]> => new Gauge({ name, help, labelNames, aggregator: 'max', registers: [registry], collect });
  const used = gauge('nbo_limit_used', 'How much of a limit is used up for good in the period that is on');
  const reserved = gauge('nbo_limit_reserved', 'How much of a limit is held for customers to whom the offer was presented');
  const max = gauge('nbo_limit_max', 'The limit');

  const read = async (): Promise<void> => {
    // Whatever it is: the other metrics are told all the same.
    const figures = await readLimits().catch(() => null);
    for (const each of [used, reserved, max]) each.reset();
    for (const { offerId: offer, outcome, per, ...figure } of fullest(figures ?? [])) {
      const labels = { offer, outcome, per };
      used.set(labels, figure.used);
      reserved.set(labels, figure.reserved);
      max.set(labels, figure.max);
    }
  };

  return { read: (limits) => { readLimits = limits; } };
}

function fullest(figures: readonly LimitFigure[]): readonly LimitFigure[] {
  if (figures.length <= mostLimits) return figures;
  const share = ({ used, reserved, max }: LimitFigure): number => (used + reserved) / max;
  return figures.toSorted((one, other) => share(other) - share(one)).slice(0, mostLimits);
}
