/** Made-up customers by how often they come: each gives the days between one visit and the next. */
export const rhythms = {
  'every 7 ± 2 days': (random) => () => 5 + Math.floor(random() * 5),
  'regular, every 14 days': (random) => () => around(14, 2, random),
  'regular, every 30 days': (random) => () => around(30, 4, random),
  'bursts of up to 4 days, every 12 to 20 days': (random) => {
    let left = 0;
    return () => {
      if (left-- > 0) return 1;
      left = Math.floor(random() * 4);
      return 12 + Math.floor(random() * 9);
    };
  },
  'at random, 10 days in the mean': (random) => () => Math.max(1, Math.ceil(-Math.log(1 - random()) * 10)),
  'drifting from every 7 to every 28 days': (random) => {
    let usual = 7;
    return () => Math.max(1, Math.round((usual = Math.min(28, usual + 0.5)) * (0.75 + random() / 2)));
  },
  'seasonal: every 7 days in summer, 21 in winter': (random) => {
    let day = 0;
    return () => {
      const gap = Math.max(1, Math.round((Math.sin(2 * Math.PI * day / 365) > 0 ? 7 : 21) * (0.7 + random() * 0.6)));
      day += gap;
      return gap;
    };
  },
};

/** Nearly normal. */
function around(mean, spread, random) {
  return Math.max(1, Math.round(mean + (random() + random() + random() - 1.5) * spread));
}
