/** What `--help` says. Each example works as it stands with the sample catalog and the sample customers. */
export const exitText = 'Exit codes: 0 all is well, 1 problems were found, 2 wrong use.';

interface CommandText { readonly summary: string; readonly description: string; readonly example: readonly string[] }

const configured = 'The catalog and the store are those that NBO_CATALOG (default: .) and NBO_STORE (default: ./data) name.';

const commands = {
  start: {
    summary: 'start the service',
    description: `Starts the service and runs it until it is asked to stop. It is configured by the environment:

PORT (8080), HOST (127.0.0.1)    where it listens
NBO_CATALOG (.)                  the catalog's folder
NBO_STORE (./data)               the state: a folder, or a redis:// or redis-cluster:// URL
NBO_WORKERS (1)                  processes that serve on the one port and the one store
NBO_KEYS                         a file of API keys ("nbo key" makes one); needed beyond this machine
NBO_TOKEN_SECRET                 signs tokens; without it one is made and kept in the store
NBO_DECISION_LOG                 a folder: a line per decision
NBO_OUTBOX                       where triggers with outbound speak: a folder, redis://, or https://
NBO_OUTBOX_HOSTS, NBO_OUTBOX_SECRET    for a webhook: the hosts allowed, and what signs it
LOG_LEVEL (info)                 trace, debug, info, warn, error, fatal or silent`,
    example: ['NBO_STORE=./data PORT=8080 nbo start'],
  },
  validate: {
    summary: 'check a catalog before it goes live',
    description: 'Loads a catalog as the service does, models and all, and tells every problem at once, as file:line:column path message. Warnings alone do not fail. Without a folder: the one that NBO_CATALOG names (default: .).',
    example: ['nbo validate .', 'nbo validate --json ./catalog'],
  },
  decide: {
    summary: 'decide what to offer a customer',
    description: `Decides in this process, without a service, and shows the answer as a table. Nothing is recorded. ${configured}`,
    example: [
      'nbo decide --customer C-1001 --channel call-center --context \'{"reason":"moving house"}\' --explain full',
      'nbo decide --visitor web-3f2a --channel web',
      'nbo decide --channel web --placement hero,fallback=contact-us --placement sidebar,limit=2 --json',
      'nbo decide --customer C-1001 --channels app,email,sms,call-center --explain reasons --at 2026-11-27T10:00:00Z',
    ],
  },
  import: {
    summary: 'load customers from a file',
    description: `Loads customers from a file, or from standard input where the file is "-". The profile of a line is to a customer who is there what PUT /v1/customers/{id} with the same body is: it takes the place of the attributes, consents and holdings; a consent that is still listed keeps its record with its proof, one that is not is withdrawn; an objection stays until "objection" is false. The ledger of contacts, and what is kept of events, stay where a line does not speak of them; where it does, as a line of an export, what it says takes their place. So it is safe to run again, also beside a service.

NDJSON has a customer per line, as "nbo export" writes it: {"id", "attributes", "consents", "consentRecords", "objection", "holdings", "timeZone", "locale", "contacts", "events"}; only the id is needed, and what the catalog's schema requires. Consents are as in PUT /v1/customers/{id}; where consentRecords, their history, is there, it takes the place of the one there was, and consents must be what is in force by it, or left out. A contact has {"offerId" or "activity", "channel", "outcome", "occurredAt"}, and may have {"decisionId", "kind", "placement", "reason", "value"}; those older than the ledger reaches are left out. Events are what an export says is kept of them; partners' are left out where the customer has not agreed to partner-data. CSV has a header: id, consents and holdings (separated by | or ;), objection (true or false), timeZone, locale, and attributes by their names; an empty value, or a column that is not there, is a missing member (without consents, all are withdrawn); the delimiter is a comma, a semicolon or a tab.

Lines that do not fit are reported with their numbers and left out; the others are stored. Where an id is there twice, the last one counts, and what only an earlier one says stays. A line may have 1 MB, a customer 2,000 contacts. ${configured}`,
    example: ['nbo import customers.csv', 'nbo sample-customers | nbo import -'],
  },
  ingest: {
    summary: 'take in events from a file',
    description: `Takes in events from a file, or from standard input where the file is "-", as POST /v1/events does: a CloudEvent (structured JSON) per line, {"specversion": "1.0", "id", "source", "type", "subject", "time", "data"}, of a type that triggers/events.yaml declares. An event counts once, by its source and id, so the same file can be given again; one that happened more than seven days ago counts once a day and type at most.

Lines that do not fit, or that the store refuses (no such customer, no consent to partners' data), are reported with their numbers and left out; the others are taken in. A line may have 1 MB. ${configured}`,
    example: ['nbo ingest events.ndjson', 'nbo ingest --json - < events.ndjson'],
  },
  export: {
    summary: 'print everything held about customers',
    description: `Prints everything that the store holds about customers, one per line, as "nbo import" takes it; or about one visitor, as GET /v1/visitors/{id}/export does. ${configured}`,
    example: ['nbo export > customers.ndjson', 'nbo export --customer C-1001', 'nbo export --visitor web-3f2a'],
  },
  limits: {
    summary: 'tell how much of each limit is used',
    description: `Tells, for each limit of the catalog, how much is used up for good in the day, week or month that is on (in the catalog's time zone; weeks as 2026-W48), or in total; how much is reserved for customers to whom the offer was presented; and how much is left. It may run beside the service, and counts what all nodes of one store did. Nothing is written. ${configured}`,
    example: ['nbo limits', 'nbo limits --catalog . --store redis://127.0.0.1:6379 --json'],
  },
  triggers: {
    summary: 'what triggers would do, and what they judge by',
    description: `"size" tells what a trigger would do before it goes live; "rhythm" measures how often events are usual. ${configured}`,
    example: ['nbo triggers size moved-house', 'nbo triggers rhythm'],
  },
  triggersRhythm: {
    summary: 'measure how often events are usual',
    description: `Measures how often customers usually have each type of event, and writes it down: by that, absence of customers with too little history of their own is judged from the next decision on. A running service does it by itself once a day. It goes through all ids and reads up to 2,000 customers, spread evenly. ${configured}`,
    example: ['nbo triggers rhythm', 'nbo triggers rhythm --json'],
  },
  triggersSize: {
    summary: 'tell what triggers would do, before they go live',
    description: `Tells how many customers a trigger concerns, how likely they are to accept one of its offers, and what that is worth: customers × propensity × value. Without names: every trigger of the catalog, which is taken as it is on disk, so a trigger can be sized before a service knows it.

It goes through all ids and looks at up to --sample customers, spread evenly, the same each time. For each it asks whether the customer is of the audience, whether the trigger is active now, and whether its event has happened in the last 30 days; then it decides as if the trigger were active, all rules, caps and limits included: a trigger with outbound in its channels, as a contact that we make; any other as one that the customer makes. Nothing is recorded. What the sample says is reckoned up to the whole store, with a 95 % confidence interval (Wilson's for customers). ${configured}`,
    example: ['nbo triggers size moved-house', 'nbo triggers size --sample 500 --channel app --json'],
  },
  erase: {
    summary: 'erase a customer, or a visitor',
    description: `Erases everything that the store holds about a customer, or about a visitor. Decision logs are files of their own, which this does not touch. ${configured}`,
    example: ['nbo erase --customer C-1001', 'nbo erase --visitor web-3f2a'],
  },
  migrate: {
    summary: 'move everything from one store to another',
    description: `Makes one store hold all that another one holds: profiles with their consent records, ledgers, what is kept of events, idempotency keys, limits with their live reservations, the marks of erased customers, and the secrets. So nothing is counted twice or forgotten, and tokens stay good. A store is a folder, or a redis://, rediss://, redis-cluster:// or redis-sentinel:// URL.

The old store is only read, and the service may go on using it. Move it first while it runs; then stop the service and run the same command again: it compares both stores, and writes and removes only what has changed since. When it says that the new store is complete, start the service with NBO_STORE on the new one. What was written to the old store after the last run is not moved.

It may be stopped at any time; the same command again goes on. The new store must be empty, or the end of the same move; the service does not start on a half-filled one, and once it has, nothing is moved there any more. At the end all is counted and compared; what differs makes the exit code 1.`,
    example: ['nbo migrate --from ./data --to redis://127.0.0.1:6379', 'nbo migrate --from redis://127.0.0.1:6379 --to redis-cluster://10.0.0.1:6379,10.0.0.2:6379 --json'],
  },
  key: {
    summary: 'make an API key',
    description: 'Makes an API key and shows it once. The key file that NBO_KEYS names holds its hash only, so a lost key cannot be shown again: make another.',
    example: ['nbo key --name call-center-desktop --scopes decide,record --file keys.yaml'],
  },
  sampleCustomers: {
    summary: 'print made-up customers',
    description: 'Prints made-up customers that fit the sample catalog, one per line, as "nbo import" takes them. The same options give the same customers.',
    example: ['nbo sample-customers --count 1000 | nbo import -', 'nbo sample-customers --count 5 --seed 7 --now 2026-11-23T10:00:00Z'],
  },
  demo: {
    summary: 'see it work, with made-up customers',
    description: 'Loads 1,000 made-up customers into a store of its own (.demo/ in this folder), starts the service on 127.0.0.1, asks it what to offer one of them, and shows the answer. PORT chooses another port than 8080.',
    example: ['nbo demo', 'PORT=8090 nbo demo --once'],
  },
} satisfies Readonly<Record<string, CommandText>>;

export const texts = {
  nbo: 'Next Best Offer: decides what to offer this customer now.',
  commands: commands as Readonly<Record<keyof typeof commands, CommandText>>,
} as const;
