import type { Script } from './script.js';

/** Keys: the catalogs. Arguments: what they must still be ('': none), and what they become. Answers 1, or 0. */
export const changeCatalogsScript: Script = {
  name: 'nboChangeCatalogs',
  lua: `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`,
};
