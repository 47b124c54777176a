import type { Engine } from '../../app.js';
import { endArrival } from '../../customers/begin-move.js';
import { ServiceError } from '../../errors.js';
import { readSpecification } from '../../http/specification.js';
import { withoutUnset } from '../../http/unset-attributes.js';
import { createValidate } from '../../http/validation.js';
import type { CloudEvent } from '../../service/openapi-types.js';
import { scopes } from '../../service/service.js';
import { createBadLines } from '../printing/bad-lines.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readJsonLines } from '../reading/json-lines.js';
import { count, counted } from '../printing/number-words.js';
import { showProgress, type Progress } from '../printing/progress.js';
import { openSource, type Source } from '../reading/source.js';
import type { Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';

export interface IngestOptions { readonly file: string; readonly json: boolean }

/** What became of the lines. `events`: taken in, or there already; `repeated`: of these, the ones that were there. */
export interface IngestSummary { readonly events: number; readonly repeated: number; readonly badLines: number }

const eventsPerBatch = 500;
/** For each batch. Nobody waits at the other end: the most that a request may ask for. */
const timeoutMs = 5_000;

/** Takes in events, a CloudEvent per line, as POST /v1/events does. Each counts once, so it is safe to run again. */
export async function ingestEvents(surroundings: Surroundings, { file, json }: IngestOptions): Promise<ExitCode> {
  const source = await openSource(surroundings, file);
  const summary = await withEngine(surroundings, async (engine) => {
    await endArrival(engine.store.holdings);
    const progress = showProgress(surroundings.errors, source.totalBytes);
    try {
      return await takeIn(engine, source, surroundings.now, progress);
    } finally {
      await progress.stop();
    }
  }, { mustExist: true });
  await surroundings.output.write(json ? `${JSON.stringify(summary)}\n` : `${inWords(summary)}.\n`);
  return summary.badLines > 0 ? exitCodes.problems : exitCodes.ok;
}

async function takeIn({ services: { events } }: Engine, source: Source, now: () => number, progress: Progress): Promise<IngestSummary> {
  const validate = createValidate(readSpecification());
  const eventOf = (value: unknown): CloudEvent | string[] => {
    try {
      return validate('CloudEvent', withoutUnset(value));
    } catch (error) {
      if (error instanceof ServiceError) return reasonsOf(error);
      throw error;
    }
  };
  const bad = createBadLines(source.name, progress);
  const done = { events: 0, repeated: 0 };
  const summary = (): IngestSummary => ({ ...done, badLines: bad.count() });
  let batch: { readonly line: number; readonly event: CloudEvent }[] = [];
  let refused: { readonly line: number; readonly reasons: readonly string[] }[] = [];        // told in the order of their lines
  const flush = async (): Promise<void> => {
    const results = await events.takeBatch(batch.map(({ event }) => event), { now: now(), timeoutMs, scopes: new Set(scopes), caller: null });
    for (const [place, result] of results.entries()) {
      if (result instanceof ServiceError) refused.push({ line: batch[place]!.line, reasons: reasonsOf(result) });
      else {
        done.events += 1;
        if (result.repeated) done.repeated += 1;
      }
    }
    for (const { line, reasons } of refused.sort((a, b) => a.line - b.line)) await bad.refuse(line, reasons);
    [batch, refused] = [[], []];
    await progress.update(source.bytesRead(), done.events, inWords(summary()));
  };

  try {
    for await (const row of readJsonLines(source.chunks)) {
      const read = 'reason' in row ? [row.reason] : eventOf(row.value);
      if (Array.isArray(read)) refused.push({ line: row.line, reasons: read });
      else batch.push({ line: row.line, event: read });
      if (batch.length + refused.length === eventsPerBatch) await flush();
    }
    await flush();
  } catch (error) {
    await progress.note(`Stopped. ${inWords(summary())} until then; what was taken in stays, and the same file can be given again.`);
    throw error;
  }
  await bad.end();
  return summary();
}

/** A store that is away is no line's fault: then nothing more is tried. */
function reasonsOf(error: ServiceError): string[] {
  if (error.code === 'STORE_UNAVAILABLE') throw error;
  return error.errors.length === 0 ? [error.message] : error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trimStart());
}

function inWords({ events, repeated, badLines }: IngestSummary): string {
  return `${counted(events, 'event')}${repeated === 0 ? '' : ` (${count(repeated)} there already)`}${badLines === 0 ? '' : `, ${count(badLines)} bad ${badLines === 1 ? 'line' : 'lines'}`}`;
}
