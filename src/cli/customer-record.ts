import { inLedgerOrder, trimLedger } from '../customers/contact-ledger.js';
import type { ConsentRecord, StoredCustomer } from '../customers/customer-store.js';
import { outcomes, type Catalog, type Contact } from '../decision/types.js';
import { ServiceError } from '../errors.js';
import { keptAgendaSchema, readKeptAgenda } from './kept-agenda.js';
import { keptEventsSchema, readKeptEvents } from './kept-events.js';
import type { Specification } from '../http/specification.js';
import { createAjv } from '../http/validation.js';
import { describeMistakes } from '../http/validation-messages.js';
import { changeConsents, restoreConsents } from '../service/consents.js';
import { profileOf } from '../service/customer-service.js';
import { maxContacts, maxVisitors } from '../service/ledger-bounds.js';
import type { CustomerExport, CustomerWrite } from '../service/openapi-types.js';

export type CustomerRecord =
  | { readonly ok: true; readonly customer: StoredCustomer; /** Older than the ledger reaches. */ readonly droppedContacts: number }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Another system's clock may be ahead by so much; such a contact counts as of now. */
const clockSkewMs = 5 * 60_000;

const reference = (name: string): object => ({ $ref: `spec#/components/schemas/${name}` });
const contactSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['channel', 'outcome', 'occurredAt'],
  properties: {
    decisionId: reference('Id'), offerId: reference('Id'), activity: reference('Id'), channel: reference('Channel'), placement: reference('Id'),
    kind: { type: 'string', minLength: 1, maxLength: 128 },
    outcome: { type: 'string', enum: outcomes },
    occurredAt: { type: 'string', format: 'date-time' },
    reason: { type: 'string', maxLength: 500 },
    value: { type: 'number' },
    trigger: { type: 'string', maxLength: 256 },
  },
} as const;
const visitorSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['visitorId', 'linkedAt'],
  properties: { visitorId: reference('Id'), linkedAt: { type: 'string', format: 'date-time' } },
} as const;
/** As `nbo export` and GET /v1/customers/{id}/export write it; only the id is needed. */
const customerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: reference('Id'), attributes: reference('Attributes'), consents: reference('ConsentsWrite'), consentRecords: reference('ConsentRecords'), objection: reference('Objection'), holdings: reference('Holdings'),
    timeZone: reference('TimeZone'), locale: reference('Locale'),
    contacts: { type: 'array', items: contactSchema },
    events: keptEventsSchema,
    agenda: keptAgendaSchema,
    visitors: { type: 'array', maxItems: maxVisitors, items: visitorSchema },
  },
} as const;

type ImportedCustomer = Partial<Omit<CustomerExport, 'id' | 'consents'>> & Pick<CustomerExport, 'id'> & Pick<CustomerWrite, 'consents'>;

/** Makes the check of one line of an import: its shape by the API's own schemas, its attributes by the catalog's. */
export function createCustomerReader(specification: Specification, catalog: Catalog, now: number): (value: unknown) => CustomerRecord {
  const fits = createAjv(specification).compile<ImportedCustomer>(customerSchema);
  const refuse = (...reasons: readonly string[]): CustomerRecord => ({ ok: false, reasons });

  return (value) => {
    if (!fits(value)) return refuse(...describeMistakes(fits.errors ?? [], value).map(({ pointer, detail }) => sentence(pointer, detail)));
    const { id, contacts = [], consents, consentRecords, objection = false, events: givenEvents, agenda: givenAgenda, visitors, ...body } = value;
    const events = givenEvents === undefined ? undefined : readKeptEvents(givenEvents, now + clockSkewMs);
    if (typeof events === 'string') return refuse(events);
    const agenda = givenAgenda === undefined ? undefined : readKeptAgenda(givenAgenda);
    if (typeof agenda === 'string') return refuse(agenda);
    const given: Contact[] = [];
    for (const [index, contact] of contacts.entries()) {
      const read = readContact(contact, catalog, now);
      if (typeof read === 'string') return refuse(`/contacts/${index} ${read}`);
      given.push(read);
    }
    const kept = trimLedger(inLedgerOrder(given), catalog.ledger, now);
    if (kept.length > maxContacts) return refuse(`/contacts has ${kept.length} contacts within the ledger's horizon; a customer has at most ${maxContacts}`);
    const consent = consentRecords === undefined
      ? changeConsents({ consents: [] }, { consents: consents ?? [], objection }, now)
      : restoreConsents(consentRecords.map(readRecord), objection, consents, now);
    try {
      return { ok: true, customer: { id, profile: profileOf(body, consent, catalog), contacts: kept, events, agenda, visitors: visitors?.map(({ visitorId, linkedAt }) => ({ visitorId, linkedAt: Date.parse(linkedAt) })) }, droppedContacts: given.length - kept.length };
    } catch (error) {
      if (error instanceof ServiceError) return refuse(...error.errors.map(({ pointer, detail }) => sentence(pointer, detail)));
      throw error;
    }
  };
}

function readRecord({ givenAt, confirmedAt, withdrawnAt, ...record }: CustomerExport['consentRecords'][number]): ConsentRecord {
  const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
  return { ...record, givenAt: Date.parse(givenAt), confirmedAt: timeOf(confirmedAt), withdrawnAt: timeOf(withdrawnAt) };
}

function sentence(pointer: string, detail: string): string {
  return pointer === '' ? detail : `${pointer} ${detail}`;
}

/** A contact as the ledger keeps it, or why it cannot be one. */
function readContact({ occurredAt, ...contact }: CustomerExport['contacts'][number], { offersById }: Catalog, now: number): Contact | string {
  if ((contact.offerId === undefined) === (contact.activity === undefined)) return 'must name either an offerId or an activity';
  const time = Date.parse(occurredAt);
  if (time > now + clockSkewMs) return `lies in the future: ${occurredAt}`;
  if (time < 0) return `lies before 1970: ${occurredAt}`;
  const kind = contact.kind ?? (contact.offerId === undefined ? undefined : offersById.get(contact.offerId)?.kind);
  return { ...contact, ...(kind !== undefined && { kind }), occurredAt: Math.min(time, now) };
}
