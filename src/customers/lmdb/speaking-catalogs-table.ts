import { takeTurn, walkAnew, type SpeakingCatalog, type Turn, type TurnAsk } from '../speaking-catalogs.js';
import { expectTimes } from '../store-values.js';
import { decodeCatalogs, encodeCatalogs } from '../values/speaking-catalogs-value.js';
import type { Environment, Tables } from './environment.js';
import { speakingCatalogsKey } from './keys.js';

/** `CustomerStore.takeTurn`: mostly nothing is to be written. */
export async function takeTurnIn({ read, write }: Environment, ask: TurnAsk): Promise<Turn> {
  expectTimes([ask.now]);
  const { speaks, turn, isWritten } = read((tables) => {
    const before = getCatalogs(tables);
    const { catalogs, ...answer } = takeTurn(before, ask);
    return { ...answer, isWritten: catalogs === before };
  });
  if (isWritten) return { speaks, turn };
  return write((tables) => {
    const { catalogs, ...answer } = takeTurn(getCatalogs(tables), ask);
    putCatalogs(tables, catalogs);
    return answer;
  });
}

/** `CustomerStore.walkAnew` within a transaction. */
export function walkAnewIn(tables: Tables): void {
  putCatalogs(tables, walkAnew(getCatalogs(tables)));
}

export function hasSpoken(tables: Tables): boolean {
  return getCatalogs(tables).length > 0;
}

function getCatalogs({ shared }: Tables): readonly SpeakingCatalog[] {
  const bytes = shared.getBinaryFast(speakingCatalogsKey);
  return bytes === undefined ? [] : decodeCatalogs(bytes);
}

function putCatalogs({ shared }: Tables, catalogs: readonly SpeakingCatalog[]): void {
  void shared.put(speakingCatalogsKey, encodeCatalogs(catalogs));
}
