import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchNames, settingNames, unknownSettings } from '../src/unknown-settings.js';

test.each<[string, string, string]>([
  ['NBO_CATALGO', './catalog', 'NBO_CATALGO is no setting, and does nothing; did you mean NBO_CATALOG?'],
  ['NBO_OUTBOX_SECERT', 'hush', 'NBO_OUTBOX_SECERT is no setting, and does nothing; did you mean NBO_OUTBOX_SECRET?'],
  ['NBO_DECISIONS', '', 'NBO_DECISIONS is no setting, and does nothing'],
  ['NBO_DECISION', './log', 'NBO_DECISION is no setting, and does nothing; did you mean NBO_DECISION_LOG?'],
  ['NBO_PORT', '9000', 'NBO_PORT is no setting, and does nothing; did you mean PORT?'],
  ['NBO_LOG_LEVEL', 'debug', 'NBO_LOG_LEVEL is no setting, and does nothing; did you mean LOG_LEVEL?'],
])('%s=%s', (name, value, line) => expect(unknownSettings({ PATH: '/bin', NBO_STORE: './data', [name]: value })).toEqual([line]));

test('what Kubernetes sets for a Service of that name is nobody\'s mistake', () => {
  expect(unknownSettings({
    NBO_SERVICE_HOST: '10.0.0.1', NBO_SERVICE_PORT: '80', NBO_SERVICE_PORT_HTTP: '80', NBO_PORT: 'tcp://10.0.0.1:80', NBO_PORT_80_TCP: 'tcp://10.0.0.1:80',
    NBO_PORT_80_TCP_PROTO: 'tcp', NBO_PORT_80_TCP_PORT: '80', NBO_PORT_80_TCP_ADDR: '10.0.0.1', NBO_WEB_SERVICE_HOST: '10.0.0.2', NBO_WEB_PORT: 'tcp://10.0.0.2:80',
  })).toEqual([]);
});

test('every name that the code or the docs have is known, and every known one is there', () => {
  const root = join(import.meta.dirname, '..');
  const below = (folder: string): string[] => readdirSync(join(root, folder), { encoding: 'utf8', recursive: true }).filter((file) => /\.(ts|mjs|md)$/.test(file)).map((file) => join(folder, file));
  const files = ['README.md', 'Dockerfile', 'test/history/history.test.ts', ...['src', 'bench', 'docs'].flatMap(below)].filter((file) => !file.endsWith('unknown-settings.ts'));
  const named = new Set(files.flatMap((file) => readFileSync(join(root, file), 'utf8').match(/\bNBO_[A-Z_]+\b/g) ?? []));
  expect([...named].sort()).toEqual([...settingNames, ...benchNames].filter((name) => name.startsWith('NBO_')).sort());
});
