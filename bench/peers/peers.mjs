import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from '../frame/product.mjs';

/** The peers: the file here, the package that it needs, and the goal that it is held against where there is one. */
const all = [
  { name: 'flagd-core', file: 'flagd-core', package: '@openfeature/flagd-core', goal: 'peer flagd-core' },
  { name: 'GrowthBook', file: 'growthbook', package: '@growthbook/growthbook', goal: 'peer GrowthBook' },
  { name: 'zen-engine', file: 'zen-engine', package: '@gorules/zen-engine', goal: 'peer zen-engine' },
  { name: 'json-rules-engine', file: 'json-rules-engine', package: 'json-rules-engine', goal: 'peer json-rules-engine' },
  { name: 'target-decisioning-engine', file: 'target-decisioning-engine', package: '@adobe/target-decisioning-engine', goal: null },
];

export const peers = all.map((peer) => ({ ...peer, version: versionOf(peer.package) }));

/** `null`: it is not installed. */
function versionOf(name) {
  const manifest = join(benchFolder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null;
}
