// A fixed language: the same numbers give the same text on every machine.
const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
  const formatter = new Intl.NumberFormat('en', options);
  return (value) => formatter.format(value);
};
const wholeNumbers = format({ maximumFractionDigits: 0 });
const threeDigits = format({ maximumSignificantDigits: 3 });
const fourDigits = format({ maximumSignificantDigits: 4 });
const cents = format({ minimumFractionDigits: 0, maximumFractionDigits: 2 });

/** 12,000 */
export const count = wholeNumbers;

/** 0.1234 as "12.3 %". */
export function percent(share: number): string {
  return `${threeDigits(share * 100)} %`;
}

/** 1512.5 as "1,513 SEK", 12.5 as "12.5 SEK": small change counts in small sums only. */
export function money(value: number, currency: string): string {
  return `${Math.abs(value) >= 100 ? wholeNumbers(value) : cents(value)} ${currency}`;
}

/** Four digits, or all before the point. */
export function amount(value: number): string {
  return Math.abs(value) >= 1000 ? wholeNumbers(value) : fourDigits(value);
}

/** "1 customer", "12,000 customers". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
