import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { funnelStages, offerKinds, ruleKinds, triggerTypes } from '../../src/decision/types.js';
import { events, offers, paths, rules, schema, strategies, textOf, triggers, type OfferFile, type TreatmentFile } from './sample-catalog-files.js';

/** The sample catalog as its authors must keep it: complete, in both languages, short enough for the screens. */
const treatments = offers.flatMap((offer) => offer.treatments.map((treatment, index): [string, OfferFile, TreatmentFile] => [`${offer.id} #${index + 1} (${treatment.channel} ${treatment.locale ?? 'en'})`, offer, treatment]));
const screens = ['call-center', 'web', 'app', 'pos'];
const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);

describe('the sample catalog', () => {
  test.each([['offers', offers], ['rules', rules], ['strategies', strategies], ['triggers', triggers]])('%s have ids of their own', (_, list) => {
    expect(ids(list)).toEqual([...new Set(ids(list))]);
  });

  test.each(paths)('%s has nothing left to do', (path) => {
    expect(textOf(path)).not.toMatch(/TODO|FIXME|XXX|lorem|…/i);
  });

  test('has at least 24 offers over all kinds', () => {
    expect(offers.length).toBeGreaterThanOrEqual(24);
    for (const kind of offerKinds) expect([kind, offers.filter((offer) => offer.kind === kind).length > 1]).toEqual([kind, true]);
  });

  test('has at least 20 rules over all kinds, with every check', () => {
    expect(rules.length).toBeGreaterThanOrEqual(20);
    expect(new Set(rules.map((rule) => rule.kind))).toEqual(new Set(ruleKinds));
    for (const rule of rules) expect([rule.id, ['require', 'cap', 'cooldown', 'quiet'].filter((check) => check in rule).length]).toEqual([rule.id, 1]);
    for (const check of ['require', 'cap', 'cooldown', 'quiet']) expect([check, rules.some((rule) => check in rule)]).toEqual([check, true]);
    const windows = rules.flatMap((rule) => rule.cap?.per ?? []);
    expect(windows).toEqual(expect.arrayContaining(['7d', 'day', 'week', 'month']));
    expect(rules.some((rule) => rule.cooldown?.offers !== undefined)).toBe(true);
    expect(rules.some((rule) => rule.cooldown?.for === 'ever')).toBe(true);
  });

  test('every rule says why, in a sentence without a full stop', () => {
    for (const { id, reason } of rules) expect([id, reason]).toEqual([id, expect.stringMatching(/^[A-Z].{9,98}[^.]$/)]);
  });

  test('has at least three strategies; the last holds for everybody', () => {
    expect(strategies.length).toBeGreaterThanOrEqual(3);
    expect(strategies.slice(0, -1).filter((strategy) => strategy.when === undefined)).toEqual([]);
    expect(strategies.at(-1)!.when).toBeUndefined();
    expect(strategies.flatMap((strategy) => Object.keys(strategy.weights)).filter((kind) => !offerKinds.some((known) => known === kind))).toEqual([]);
  });

  test('has at least 8 triggers over all types, which name events and offers that exist', () => {
    expect(triggers.length).toBeGreaterThanOrEqual(8);
    expect(new Set(triggers.map((trigger) => trigger.type))).toEqual(new Set(triggerTypes));
    for (const trigger of triggers) {
      const event = trigger.on?.event ?? trigger.absence?.of;
      if (event !== undefined) expect(Object.keys(events)).toContain(event);
      for (const offer of [...(trigger.effect.offers ?? []), ...(trigger.effect.unlocks ?? [])]) expect(ids(offers)).toContain(offer);
    }
  });

  test('declares each event with a description and a schema of its data', () => {
    const ajv = addFormats.default(new Ajv2020({ strict: true }));
    for (const event of Object.values(events)) {
      expect(event.description.length).toBeGreaterThan(10);
      expect(() => ajv.compile(event.data)).not.toThrow();
    }
  });

  test('offers describe themselves by the attributes of the schema', () => {
    const validate = new Ajv2020({ strict: true }).compile(schema.offer);
    expect(offers.filter((offer) => !validate(offer.attributes)).map(({ id }) => id)).toEqual([]);
    for (const offer of offers) for (const name of ['category', 'risk', 'effort', 'priceLevel']) expect([offer.id, Object.hasOwn(offer.attributes, name)]).toEqual([offer.id, true]);
  });

  test('every offer of the seven kinds is shown in the call center and on the web', () => {
    for (const offer of offers) expect([offer.id, ['call-center', 'web'].filter((channel) => !offer.treatments.some((treatment) => treatment.channel === channel))]).toEqual([offer.id, []]);
    for (const channel of screens) expect([channel, treatments.filter(([, , treatment]) => treatment.channel === channel).length >= 10]).toEqual([channel, true]);
  });

  test('the stages of the funnel come together', () => {
    for (const offer of offers) {
      const stages = new Set(offer.treatments.flatMap((treatment) => treatment.stage ?? []));
      expect([offer.id, stages.size === 0 || stages.size === funnelStages.length]).toEqual([offer.id, true]);
    }
    expect(offers.filter((offer) => offer.treatments.some((treatment) => treatment.stage !== undefined)).length).toBeGreaterThanOrEqual(5);
  });

  test.each(['hero', 'side'])('the fallback of the placement %s has a treatment for it', (placement) => {
    const fallback = offers.find((offer) => offer.id === 'contact-us')!;
    expect(fallback.treatments.filter((treatment) => treatment.placement === placement).map((treatment) => treatment.locale)).toEqual([undefined, 'sv']);
  });
});

describe('treatments', () => {
  const key = ({ channel, placement, stage, when }: TreatmentFile): string => JSON.stringify([channel, placement, stage, when]);

  test.each(offers.map((offer): [string, OfferFile] => [offer.id, offer]))('%s says everything in English and in Swedish', (_, offer) => {
    const keysIn = (locale: string | undefined): string[] => offer.treatments.filter((treatment) => treatment.locale === locale).map(key).sort();
    expect(keysIn('sv')).toEqual(keysIn(undefined));
    expect(new Set(keysIn('sv')).size).toBe(keysIn('sv').length);
    expect(offer.treatments.every((treatment) => treatment.locale === undefined || treatment.locale === 'sv')).toBe(true);
  });

  /** By channel: the texts that a treatment has, by path, with the most characters that the screen has room for. */
  const shapes: Record<string, Record<string, number>> = {
    'call-center': { 'script.opening': 200 },
    web: { headline: 45, text: 120, 'cta.label': 22 },
    app: { title: 36, text: 90, 'cta.label': 20 },
    pos: { receipt: 70, till: 90 },
    email: { subject: 50, text: 200, 'cta.label': 22 },
    sms: { text: 160 },
    push: { title: 36, text: 90 },
  };
  const at = (value: unknown, path: string): unknown => path.split('.').reduce((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], value);

  test.each(treatments)('%s has the texts of its channel, and they fit', (_, __, treatment) => {
    for (const [path, longest] of Object.entries(shapes[treatment.channel]!)) {
      const text = at(treatment, path);
      expect([path, text]).toEqual([path, expect.any(String)]);
      expect([text, String(text).length <= longest]).toEqual([text, true]);
      expect(String(text).length).toBeGreaterThan(2);
    }
    for (const label of Object.values(treatment.labels ?? {})) expect([label, label.length < 10]).toEqual([label, label.length < 10 && label.length > 0]);
    if (treatment.cta !== undefined) expect(treatment.cta.url).toMatch(/^https:\/\/example\.com\/[a-z0-9/-]+$/);
  });

  test.each(treatments.filter(([, , treatment]) => ['call-center', 'app', 'pos'].includes(treatment.channel)))('%s has labels for yes and no, under ten characters', (_, __, { labels }) => {
    expect(Object.keys(labels!)).toEqual(['accept', 'decline']);
    for (const label of Object.values(labels!)) expect(label).toMatch(/^.{2,9}$/);
  });

  test.each(treatments.filter(([, , treatment]) => treatment.channel === 'call-center'))('%s can be spoken', (_, offer, { script }) => {
    const { questions = [], objections = [], legal = '' } = script!;
    for (const question of questions) expect(question).toMatch(/\?$/);
    for (const objection of objections) expect(Object.keys(objection)).toEqual(['they', 'we']);
    if (!['cross-sell', 'up-sell'].includes(offer.kind)) return;
    expect(objections.length).toBeGreaterThan(0);
    expect(legal.length).toBeGreaterThan(20);
  });

  test('credit is never spoken of without its cost', () => {
    for (const [name, offer, treatment] of treatments) {
      if (offer.attributes.category !== 'credit' || treatment.channel !== 'call-center') continue;
      expect([name, treatment.script?.legal]).toEqual([name, expect.stringMatching(/Borrowing costs money|Att låna kostar pengar/)]);
    }
  });

  test('Swedish is Swedish, English is English', () => {
    for (const [name, , treatment] of treatments) {
      const { script, headline, title, subject, text, receipt, till } = treatment;
      const said = JSON.stringify([script, headline, title, subject, text, receipt, till]);
      const strange = treatment.locale === 'sv' ? /\b(the|your|and|with|you|what)\b/i : /[åäöÅÄÖ]|\b(och|att|inte|din|ditt|med)\b/i;
      expect([name, strange.exec(said)?.[0]]).toEqual([name, undefined]);
    }
  });
});
