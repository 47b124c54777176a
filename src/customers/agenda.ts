import type { TriggerNote } from '../decision/outlook.js';

/**
 * What we have to say to a customer by ourselves, and what we said: kept beside the customer, written in the same atomic
 * step as what it is about, erased with the customer.
 */
export interface Agenda {
  /** At most one for each trigger. */
  readonly notes: readonly TriggerNote[];
  /** Recorded as presented, and not yet known to have reached the outbox. */
  readonly publications: readonly Publication[];
  /** Of an entry that stands for a walk over all customers, and for no customer. */
  readonly sweep?: Sweep | undefined;
}

/** An agenda with when somebody must look at the customer; `null`: when something new happens. */
export interface HeldAgenda { readonly dueAt: number | null; readonly agenda: Agenda }

export interface Publication {
  /** Of the event and of its decision: the same for one activation, however often it is sent. */
  readonly id: string;
  readonly trigger: string;
  readonly channel: string;
  /** The CloudEvent as JSON. */
  readonly event: string;
  /** After this it says nothing any more, and is not sent. */
  readonly validUntil: number;
  readonly attempts: number;
  /** Not before. */
  readonly nextAt: number;
  /** The outbox is known not to have taken it, however often it was tried; absent: it may be there. */
  readonly neverTaken?: true | undefined;
  /** Of a trigger on partners' data: it goes with the consent to them. */
  readonly fromPartner?: true | undefined;
}

export interface Sweep {
  /** The last customer that was looked at; `null`: none yet. */
  readonly after: string | null;
  /** `null`: it is not. */
  readonly doneAt: number | null;
}

export const emptyAgenda: Agenda = { notes: [], publications: [] };

export function isEmpty({ notes, publications, sweep }: Agenda): boolean {
  return notes.length === 0 && publications.length === 0 && sweep === undefined;
}

/** Without what hangs on partners' data. */
export function withoutPartners({ notes, publications, ...others }: Agenda): Agenda {
  const isOurs = ({ fromPartner }: { readonly fromPartner?: true | undefined }): boolean => fromPartner !== true;
  return { ...others, notes: notes.filter(isOurs), publications: publications.filter(isOurs) };
}

/** None of a customer has a control character, and those of visitors begin with another (visitor-id.ts). */
export const sweepMark = '\u0001';

/** The ids of entries that stand for no customer. */
export function sweepId(name: string): string {
  return `${sweepMark}sweep/${name}`;
}

export function isSweepId(id: string): boolean {
  return id.startsWith(sweepMark);
}
