import { check } from '../frame/check.mjs';
import { product } from '../frame/product.mjs';
import { median } from '../frame/statistics.mjs';
import { rhythms } from '../catalog/rhythms.mjs';
import { seededRandom } from '../catalog/random.mjs';

const dayMs = 86_400_000;
const years = 3;
/** As the store keeps: so many of the latest days. */
const keptDays = 32;

/** How often absence is said of customers who come back, and how soon of those who do not. Seeded: the same figures each time. */
export async function run({ scale }) {
  const { usualInterval } = await product('decision/rhythm.js');
  const ofRhythm = (factor) => (days) => factor * usualInterval({ days: days.map((day) => ({ day, count: 1 })) }) / dayMs;
  const rules = {
    'rhythm: 2': ofRhythm(2),
    'rhythm: 3': ofRhythm(3),
    '30 days': () => 30,
    '2 × median': (days) => 2 * quantile(gapsOf(days), 0.5),
    '2 × (median + MAD)': (days) => 2 * medianAndDeviation(gapsOf(days)),
    '1.5 × 90 % quantile': (days) => 1.5 * quantile(gapsOf(days), 0.9),
  };
  const customers = scale === 0 ? 5 : 500;
  const data = Object.entries(rhythms).map(([rhythm, make]) => ({ rhythm, rules: Object.entries(rules).map(([rule, threshold]) => ({ rule, ...judge(make, threshold, customers) })) }));
  check(data.every(({ rules: found }) => found.every(({ alarmsPerYear, delayDays }) => Number.isFinite(alarmsPerYear) && delayDays > 0)), 'a rhythm is not judged');
  const columns = ['customers', ...Object.keys(rules)];
  const rowsOf = (figure) => data.map(({ rhythm, rules: found }) => [rhythm, ...found.map((each) => each[figure])]);
  return {
    tables: [
      { caption: 'False alarms a year and customer: said to be absent, and came back', columns, rows: rowsOf('alarmsPerYear') },
      { caption: 'Days after the last visit until a customer who never comes back is said to be absent, median', columns, rows: rowsOf('delayDays') },
    ],
    goals: [],
    notes: [`${customers} customers of each kind over ${years} years, judged from the fifth visit on. rhythm: 2 and 3 are what a trigger's absence can say; the others stand beside it.`],
    data,
  };
}

function judge(make, threshold, customers) {
  let [alarms, judgedDays] = [0, 0];
  const delays = [];
  for (let customer = 0; customer < customers; customer++) {
    const next = make(seededRandom(customer + 1));
    const days = [0];
    while (days.at(-1) < years * 365) {
      const gap = next();
      if (days.length > 4) {
        judgedDays += gap;
        if (gap > threshold(days.slice(-keptDays))) alarms++;
      }
      days.push(days.at(-1) + gap);
    }
    delays.push(threshold(days.slice(-keptDays)));
  }
  return { alarmsPerYear: alarms / (judgedDays / 365), delayDays: median(delays) };
}

function gapsOf(days) {
  return days.slice(1).map((day, place) => day - days[place]);
}

function quantile(numbers, share) {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(share * numbers.length) - 1];
}

function medianAndDeviation(gaps) {
  const middle = quantile(gaps, 0.5);
  return middle + quantile(gaps.map((gap) => Math.abs(gap - middle)), 0.5);
}
