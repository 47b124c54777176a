import type { ConsentRecord, StoredProfile } from './customer-store.js';

/** The profile without the consent for a purpose, its open records closed; the same one where there was none. */
export function withoutConsent(profile: StoredProfile, purpose: string, now: number): StoredProfile {
  const { consents, consentRecords } = profile;
  const isMeant = (record: ConsentRecord): boolean => record.purpose === purpose && record.status !== 'withdrawn';
  const hasOpen = consentRecords?.some(isMeant) === true;
  if (!hasOpen && !consents.includes(purpose)) return profile;
  return {
    ...profile,
    consents: consents.filter((consent) => consent !== purpose),
    ...(hasOpen && { consentRecords: consentRecords.map((record) => (isMeant(record) ? { ...record, status: 'withdrawn', withdrawnAt: now } : record)) }),
  };
}
