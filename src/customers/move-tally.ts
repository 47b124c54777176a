/** Of one kind of thing: how many the first store holds; how many were written to the second, and removed from it; how many
 *  are not the same (where it was only compared). */
export interface Tally { held: number; written: number; removed: number; differing: number }
export const movedKinds = ['customers', 'visitors', 'contacts', 'idempotencyKeys', 'reservations', 'agendas', 'sweeps', 'limits', 'groupEvents', 'tombstones', 'secrets'] as const;
export type MoveTally = Readonly<Record<(typeof movedKinds)[number], Tally>>;
