import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDecisionLog } from '../../src/telemetry/decision-log.js';

describe('the decision log', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'nbo-log-')); });
  afterEach(() => rmSync(folder, { recursive: true }));
  const events = { dropped: () => undefined, failed: (message: string) => { throw new Error(message); } };

  test('a line per decision, a file per UTC day, for the service\'s user only', async () => {
    const log = openDecisionLog(join(folder, 'made'), events);
    log.write('{"n":1}', Date.parse('2026-11-23T23:59:59.999Z'));
    log.write('{"n":2}', Date.parse('2026-11-23T23:59:59.999Z'));
    log.write('{"n":3}', Date.parse('2026-11-24T00:00:00.000Z'));
    await log.close();
    const files = readdirSync(join(folder, 'made')).sort();
    expect(files).toEqual([`decisions-2026-11-23.${process.pid}.ndjson`, `decisions-2026-11-24.${process.pid}.ndjson`]);
    expect(files.map((file) => readFileSync(join(folder, 'made', file), 'utf8'))).toEqual(['{"n":1}\n{"n":2}\n', '{"n":3}\n']);
    expect(statSync(join(folder, 'made', files[0]!)).mode & 0o777).toBe(0o600);
  });

  test('every line is there, in its order, whatever its length and its characters', async () => {
    const log = openDecisionLog(folder, events);
    const lines = Array.from({ length: 300 }, (_, place) => JSON.stringify({ place, text: 'aé€𝄞'.repeat(place % 100 === 99 ? 40_000 : place * 7) }));
    const at = Date.parse('2026-11-23T10:00:00Z');
    for (const [place, line] of lines.entries()) {
      log.write(line, at);
      if (place % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await log.close();
    expect(readFileSync(join(folder, `decisions-2026-11-23.${process.pid}.ndjson`), 'utf8').split('\n')).toEqual([...lines, '']);
  });

  test('a line that comes after it was closed is there when it is closed again', async () => {
    const log = openDecisionLog(folder, events);
    const at = Date.parse('2026-11-23T10:00:00Z');
    for (const line of ['1', '2']) {
      log.write(line, at);
      await log.close();
    }
    expect(readFileSync(join(folder, `decisions-2026-11-23.${process.pid}.ndjson`), 'utf8')).toBe('1\n2\n');
  });

  test('what cannot be written is told, and does not fail the caller', async () => {
    const failures: string[] = [];
    const log = openDecisionLog(folder, { ...events, failed: (message) => failures.push(message) });
    rmSync(folder, { recursive: true });
    log.write('{}', Date.parse('2026-11-23T10:00:00Z'));
    await new Promise<void>((resolve) => { const look = (): void => (failures.length > 0 ? resolve() : void setImmediate(look)); look(); });
    expect(failures[0]).toContain('ENOENT');
    await log.close();
    folder = mkdtempSync(join(tmpdir(), 'nbo-log-'));
  });
});
