import { scopes } from '../../service/service.js';
import { readSpecification } from '../../http/specification.js';
import { createValidate } from '../../http/validation.js';
import type { DecisionResponse } from '../../service/openapi-types.js';
import { renderDecision } from '../printing/decision-table.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { showsColour, type Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';

export interface DecideOptions {
  /** As the body of POST /v1/decisions, not yet checked; members that are `undefined` are not there. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly json: boolean;
}

/** Nobody waits at the other end: a cold start may take its time. The most that a request may ask for. */
const timeoutMs = 5_000;

/** Decides in this process, against the catalog and the store that are configured. Nothing is written. */
export async function decide(surroundings: Surroundings, { request, json }: DecideOptions): Promise<ExitCode> {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const body = createValidate(readSpecification())('DecisionRequest', given);
  return withEngine(surroundings, async ({ catalog, services, store }) => {
    const { customerId } = body;
    const text = await services.decisions.decide(body, { now: surroundings.now(), timeoutMs, scopes: new Set(scopes), caller: null });
    if (customerId !== undefined && await store.export(customerId) === null) {
      await surroundings.errors.write(`There is no customer "${customerId}" in the store; decided as for a visitor.\n`);
    }
    await surroundings.output.write(json ? `${text}\n` : renderDecision(JSON.parse(text) as DecisionResponse, {
      currency: catalog.current().currency, columns: surroundings.output.columns, colour: showsColour(surroundings),
    }));
    return exitCodes.ok;
  }, { mustExist: true });
}
