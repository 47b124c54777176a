import type { LimitPeriod, LimitRoom } from '../customer-store.js';
import type { Tables } from './environment.js';
import { reservationEndKey, reservationKey } from './keys.js';
import { countEnded, getCounter, indexEnd, putCounter, type Counter } from './limit-counters.js';
import { getReservation, putReservation, removeEnded, visitorsHoldingFor, type Reservation } from './reservations.js';

/** Who a reservation is for: with the limit, its name. */
export interface Holder { readonly customerId: string; readonly decisionId: string; readonly offerId: string }

/** One transaction's changes to the counters: asked and changed in memory, written by `apply`. */
export interface LimitBook {
  /** Confirms one: a live reservation of the limit in whichever counter it is, else free room. False: there is none. */
  confirm(room: LimitRoom, holder: Holder | null): boolean;
  /** Holds one until `heldUntil`; a live reservation of the same holder is the same one, prolonged. False: no room. */
  reserve(room: LimitRoom, holder: Holder, heldUntil: number): boolean;
  release(period: LimitPeriod, holder: Holder): void;
  apply(): void;
}

export function createLimitBook(tables: Tables, now: number): LimitBook {
  const counters = new Map<string, Counter & { ended: number }>();
  const reservations = new Map<string, { readonly key: Buffer; readonly stored: Reservation | null; current: Reservation | null }>();

  const counterOf = (name: string): Counter & { ended: number } => {
    let counter = counters.get(name);
    if (counter === undefined) {
      counter = { ...getCounter(tables, name), ended: 0 };
      if (counter.earliestEnd <= now) counter.ended = countEnded(tables, name, now);
      counters.set(name, counter);
    }
    return counter;
  };
  const hasRoom = ({ counter: name, max }: LimitRoom): boolean => {
    const { confirmed, reserved, ended } = counterOf(name);
    return confirmed + reserved - ended < max;
  };
  const periodEnds = ({ counter: name, endsAt }: LimitRoom): void => {
    const counter = counterOf(name);
    if (endsAt !== null && (counter.endsAt ?? -1) < endsAt) counter.endsAt = endsAt;
  };
  const reservationOf = (limit: string, holder: Holder): { current: Reservation | null } => {
    const key = keyOfReservation(tables, limit, holder);
    const name = key.toString('latin1');
    let entry = reservations.get(name);
    if (entry === undefined) {
      const stored = getReservation(tables, key);
      reservations.set(name, entry = { key, stored, current: stored });
    }
    return entry;
  };
  /** Takes the holder's reservation out of its counter; false where there was no live one. */
  const take = (entry: { current: Reservation | null }): boolean => {
    if (entry.current === null) return false;
    const counter = counterOf(entry.current.counter);
    const isLive = entry.current.heldUntil > now;
    counter.reserved--;
    if (!isLive) counter.ended--;
    entry.current = null;
    return isLive;
  };

  return {
    confirm: (room, holder) => {
      const entry = holder === null ? null : reservationOf(room.limit, holder);
      const counter = entry?.current?.counter;
      if (entry !== null && take(entry)) {
        counterOf(counter!).confirmed++;
        return true;
      }
      if (!hasRoom(room)) return false;
      counterOf(room.counter).confirmed++;
      periodEnds(room);
      return true;
    },
    reserve: (room, holder, heldUntil) => {
      const entry = reservationOf(room.limit, holder);
      take(entry);
      if (!hasRoom(room)) return false;
      entry.current = { counter: room.counter, heldUntil };
      const counter = counterOf(room.counter);
      counter.reserved++;
      periodEnds(room);
      if (heldUntil <= now) counter.ended++;
      counter.earliestEnd = Math.min(counter.earliestEnd, heldUntil);
      return true;
    },
    release: ({ limit }, holder) => {
      take(reservationOf(limit, holder));
    },
    apply: () => {
      for (const { key, stored, current } of reservations.values()) {
        if (stored === current) continue;
        if (stored !== null) void tables.reservationEnds.remove(reservationEndKey(stored.counter, stored.heldUntil, key));
        if (current === null) void tables.reservations.remove(key);
        else putReservation(tables, key, current);
      }
      for (const [name, counter] of counters) {
        indexEnd(tables, name, counter.endsAt);
        putCounter(tables, name, counter);
      }
      for (const name of counters.keys()) removeEnded(tables, name, now);
    },
  };
}

/** Under which it is, or would be: the customer's own, or that of a visitor who became the customer. */
function keyOfReservation(tables: Tables, limit: string, { customerId, decisionId, offerId }: Holder): Buffer {
  const own = reservationKey(customerId, limit, decisionId, offerId);
  if (getReservation(tables, own) !== null) return own;
  const others = visitorsHoldingFor(tables, customerId).map((visitor) => reservationKey(customerId, limit, decisionId, offerId, visitor));
  return others.find((key) => getReservation(tables, key) !== null) ?? own;
}
