/** Past this many contacts of one customer within the ledger's horizon, a further one is refused. */
export const maxContacts = 2_000;
