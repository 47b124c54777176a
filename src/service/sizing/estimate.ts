/** Of a normal distribution 95 % lie within so many standard deviations. */
const z = 1.959_963_984_540_054;

/** A figure for the whole store, from a sample, with the bounds of its 95 % confidence interval. */
export interface Estimate { readonly estimate: number; readonly low: number; readonly high: number }

/** `sampled` of `customers`, each as likely as any other. */
export interface SampleSize { readonly customers: number; readonly sampled: number }

/**
 * How many customers of the store have what `found` of the sample have. The interval is Wilson's score interval (E. B.
 * Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22, 1927, pp. 209–212), which holds
 * for few and for none, too. A sample that covers a good part of the store tells more than its size: it counts as n (N − 1) / (N − n)
 * customers (the finite population correction, W. G. Cochran, Sampling Techniques, 1977, section 2.6), so that the
 * whole store leaves no doubt. Those that were seen are certain, so the bounds never contradict them.
 */
export function estimateCount(found: number, { customers, sampled }: SampleSize): Estimate {
  if (sampled === 0 || sampled === customers) return { estimate: found, low: found, high: found };
  const n = sampled * (customers - 1) / (customers - sampled);
  const share = found / sampled;
  const middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const half = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {
    estimate: Math.round(share * customers),
    low: Math.max(found, Math.floor((middle - half) * customers)),
    high: Math.min(customers - (sampled - found), Math.ceil((middle + half) * customers)),
  };
}

/** The sum of an amount that every customer has, 0 where it is none; of those that were looked at. */
export interface AmountSum { readonly sum: number; readonly sumOfSquares: number }

/**
 * The sum over the store of an amount that is never below 0. The interval is that of the normal approximation for the total
 * of a simple random sample without replacement (Cochran, section 2.6), never below what was seen. `high: null`: nothing was
 * seen, so that its spread is not known.
 */
export function estimateSum({ sum, sumOfSquares }: AmountSum, { customers, sampled }: SampleSize): Omit<Estimate, 'high'> & { readonly high: number | null } {
  if (sampled === 0 || sampled === customers) return { estimate: sum, low: sum, high: sum };
  const mean = sum / sampled;
  const estimate = mean * customers;
  if (sum === 0 || sampled === 1) return { estimate, low: sum, high: null };
  const variance = Math.max(0, sumOfSquares - sampled * mean * mean) / (sampled - 1);
  const half = z * customers * Math.sqrt(variance / sampled * (1 - sampled / customers));
  return { estimate, low: Math.max(sum, estimate - half), high: estimate + half };
}
