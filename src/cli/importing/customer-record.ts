import { inLedgerOrder, trimLedger } from '../../customers/contact-ledger.js';
import type { ConsentRecord, StoredCustomer, StoredProfile } from '../../customers/customer-store.js';
import { outcomes, type Catalog, type Contact } from '../../decision/types.js';
import { ServiceError } from '../../errors.js';
import { keptAgendaSchema, readKeptAgenda } from './kept-agenda.js';
import { keptEventsSchema, readKeptEvents } from './kept-events.js';
import type { Specification } from '../../http/specification.js';
import { createAjv } from '../../http/validation.js';
import { describeMistakes } from '../../http/validation-messages.js';
import { restoreConsents } from '../../service/consents.js';
import { noConsents, profileAfterPut, profileOf } from '../../service/customer-service.js';
import { maxContacts, maxVisitors } from '../../service/ledger-bounds.js';
import type { CustomerExport, CustomerWrite } from '../../service/openapi-types.js';

/** What a line says of a customer. Beside the profile, what is absent was not said. */
export interface CustomerLine extends Pick<StoredCustomer, 'id' | 'events' | 'agenda' | 'visitors'> {
  readonly contacts?: StoredCustomer['contacts'] | undefined;
  /** What the customer is after this line; `null`: there was none. Throws a ServiceError where the line and what there was
   *  do not go together; with `null` never. */
  readonly profileAfter: (stored: StoredProfile | null) => StoredProfile;
  /** It brings its whole history of consents: only an objection can stay of what there was. */
  readonly bringsConsentRecords: boolean;
  /** Older than the ledger reaches. */
  readonly droppedContacts: number;
}

export type CustomerRecord = { readonly ok: true; readonly line: CustomerLine } | { readonly ok: false; readonly reasons: readonly string[] };

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
    const { id, contacts, consentRecords, events: givenEvents, agenda: givenAgenda, visitors, ...body } = value;
    const events = givenEvents === undefined ? undefined : readKeptEvents(givenEvents, now + clockSkewMs);
    if (typeof events === 'string') return refuse(events);
    const agenda = givenAgenda === undefined ? undefined : readKeptAgenda(givenAgenda);
    if (typeof agenda === 'string') return refuse(agenda);
    const ledger = contacts === undefined ? undefined : readLedger(contacts, catalog, now);
    if (typeof ledger === 'string') return refuse(ledger);
    try {
      const profileAfter = consentRecords === undefined ? (stored: StoredProfile | null) => profileAfterPut(stored, body, catalog, now) : bringing(consentRecords.map(readRecord), body, catalog, now);
      const asNew = profileAfter(null);
      return {
        ok: true,
        line: {
          id, events, agenda,
          profileAfter: (stored) => (stored === null ? asNew : profileAfter(stored)),
          bringsConsentRecords: consentRecords !== undefined,
          contacts: ledger?.kept,
          visitors: visitors?.map(({ visitorId, linkedAt }) => ({ visitorId, linkedAt: Date.parse(linkedAt) })),
          droppedContacts: ledger?.dropped ?? 0,
        },
      };
    } catch (error) {
      if (error instanceof ServiceError) return refuse(...reasonsOf(error));
      throw error;
    }
  };
}

/** The profile of a line with a history of consents: it takes the place of the one there was. */
function bringing(consentRecords: readonly ConsentRecord[], { consents, objection, ...rest }: CustomerWrite, catalog: Catalog, now: number): CustomerLine['profileAfter'] {
  return (stored) => profileOf(rest, restoreConsents(stored ?? noConsents, { consentRecords, consents, objection }, now), catalog);
}

function readLedger(contacts: CustomerExport['contacts'], catalog: Catalog, now: number): { kept: readonly Contact[]; dropped: number } | string {
  const given: Contact[] = [];
  for (const [index, contact] of contacts.entries()) {
    const read = readContact(contact, catalog, now);
    if (typeof read === 'string') return `/contacts/${index} ${read}`;
    given.push(read);
  }
  const kept = trimLedger(inLedgerOrder(given), catalog.ledger, now);
  if (kept.length > maxContacts) return `/contacts has ${kept.length} contacts within the ledger's horizon; a customer has at most ${maxContacts}`;
  return { kept, dropped: given.length - kept.length };
}

export function reasonsOf({ errors }: ServiceError): readonly string[] {
  return errors.map(({ pointer, detail }) => sentence(pointer, detail));
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
