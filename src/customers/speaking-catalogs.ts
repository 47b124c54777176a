/**
 * Which catalog speaks by itself. While a changed catalog spreads over the nodes, two or more are live; what triggers with
 * `outbound` say, and who must be looked at when, is then a matter of one of them: the one that became live last,
 * as long as a process has it. Others leave the looking to it, so that nothing is settled by a catalog that does not know
 * the trigger. Each time that another one takes over, it walks over all customers.
 */
export interface SpeakingCatalog {
  readonly revision: string;
  /** Whose turn it is grows; the highest speaks. */
  readonly turn: number;
  /** When a process last said that it has this catalog. */
  readonly seenAt: number;
}

/** A process asks whether it may speak by its catalog. */
export interface TurnAsk {
  readonly revision: string;
  readonly now: number;
  /** It asks for this catalog for the first time: since its start, or since a change of its files. */
  readonly joins: 'start' | 'change' | null;
  /** It spoke until now, perhaps while another catalog had taken over, and does so no more. */
  readonly handsOver: boolean;
}

export interface Turn {
  readonly speaks: boolean;
  /** Of the catalog that speaks. Another turn, another walk. */
  readonly turn: number;
}

/** After so long without a sign nobody has a catalog any more. */
export const aliveMs = 3 * 60_000;
/** How often a sign is given. */
const signMs = 30_000;

/** What is written after a process has asked (the same object: nothing), and what it is told. */
export function takeTurn(catalogs: readonly SpeakingCatalog[], { revision, now, joins, handsOver }: TurnAsk): Turn & { readonly catalogs: readonly SpeakingCatalog[] } {
  const speaking = catalogs.at(-1);
  const own = catalogs.find((each) => each.revision === revision);
  const isAlive = ({ seenAt }: SpeakingCatalog): boolean => now - seenAt < aliveMs;
  if (speaking !== undefined && speaking.revision !== revision && isAlive(speaking)) {
    // A node that starts with what others have already is no news; one that was given it is, as in a rollback.
    const isNews = joins === 'change' || (joins === 'start' && (own === undefined || !isAlive(own)));
    if (!isNews) {
      const turn = speaking.turn + (handsOver ? 1 : 0);
      const isSign = own === undefined || now - own.seenAt >= signMs;
      if (!isSign && !handsOver) return { speaks: false, turn, catalogs };
      const others = catalogs.filter((each) => each !== own && each !== speaking && isAlive(each));
      return { speaks: false, turn, catalogs: [...others, { revision, turn: own?.turn ?? 0, seenAt: now }, { ...speaking, turn }] };
    }
  }
  const isMine = speaking?.revision === revision;
  // Others have begun with it while this process still spoke by the one before: their walk may have missed something.
  const isOvertaken = isMine && joins === 'change' && handsOver;
  if (isMine && !isOvertaken && now - speaking.seenAt < signMs) return { speaks: true, turn: speaking.turn, catalogs };
  const turn = isMine && !isOvertaken ? speaking.turn : (speaking?.turn ?? 0) + 1;
  return { speaks: true, turn, catalogs: [...catalogs.filter((each) => each.revision !== revision && isAlive(each)), { revision, turn, seenAt: now }] };
}

/** Whoever speaks is to walk over all customers once more; where nobody does, the first who will does so anyway. */
export function walkAnew(catalogs: readonly SpeakingCatalog[]): readonly SpeakingCatalog[] {
  return catalogs.map((each, place) => (place === catalogs.length - 1 ? { ...each, turn: each.turn + 1 } : each));
}
