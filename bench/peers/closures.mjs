import { bestThree } from './task.mjs';

/** What a programmer would write by hand: the floor of the rules. */
export async function open({ offers }) {
  const conditions = offers.map((offer) => {
    const { minimumAge, minimumIncome, regions, product, excludedSegment, purpose, mostComplaints, minimumTenure, mostBalance, leastLogins } = offer;
    return (customer) => customer.age >= minimumAge && customer.income >= minimumIncome && regions.includes(customer.region) && !customer.holdings.includes(product) && customer.segment !== excludedSegment
      && customer.agreements.includes(purpose) && customer.complaints <= mostComplaints && customer.tenureMonths >= minimumTenure && customer.balance <= mostBalance && customer.logins >= leastLogins;
  });
  return { rank: (customer) => bestThree(offers.filter((_, index) => conditions[index](customer))) };
}
