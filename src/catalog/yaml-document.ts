import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser, visit, type CST, type Document, type Node } from 'yaml';
import type { Pause } from './pauses.js';
import type { Path } from './problem.js';
import { offsetInScalar } from './scalar-offset.js';
import { syntaxProblems, type SyntaxProblem } from './yaml-syntax.js';

/** A text as the YAML library reads it: its value as JSON, and where each part of it stands. Large: some thirty bytes
 *  for each character, so nobody keeps one for longer than it takes to look something up. */
export interface YamlDocument {
  readonly ok: true;
  readonly value: unknown;
  /** True where it has names for parts of it (&name), or such parts again (*name). */
  readonly hasAnchors: boolean;
  /** Where a part of it stands, or the key that it stands under, or a character of a text, in the source. */
  offsetOf(path: Path, where: Where): number;
}
export interface Where { readonly key?: boolean; readonly offset?: number }
export interface NoYaml { readonly ok: false; readonly problems: readonly SyntaxProblem[] }

const deepestNesting = 100;       // the composer recurses; at some 1,000 levels it ends the process
const aliasesAtMost = 500;        // each is looked for in the whole file
const repetitionsAtMost = 100;
const lexemesAtOnce = 500;
const errorsAtMost = 1_000;       // few of them are shown, and each costs as much as a hundred characters

class TooMuch extends Error {
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

type LineOf = (offset: number) => number;

export function readYamlDocument(text: string, lineOf: LineOf): YamlDocument | NoYaml {
  const reading = read(text, lineOf);
  let step = reading.next();
  while (step.done !== true) step = reading.next();
  return step.value;
}

/** The same with pauses, as far as the library lets it: three quarters of the time go into finding the tokens. */
export async function readYamlDocumentPausing(text: string, lineOf: LineOf, pause: Pause): Promise<YamlDocument | NoYaml> {
  const reading = read(text, lineOf);
  for (;;) {
    const step = reading.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** Yields where there may be a pause. */
function* read(text: string, lineOf: LineOf): Generator<undefined, YamlDocument | NoYaml, undefined> {
  let document: Document.Parsed;
  try {
    const composer = new Composer({ schema: 'core', resolveKnownTags: false, prettyErrors: false, stringKeys: true, uniqueKeys: false, keepSourceTokens: false });
    composer['onError'] = firstOf(errorsAtMost, composer['onError'] as Told);
    const documents: (Document.Parsed | undefined)[] = [];
    for (const token of tokensOf(text)) {
      if (token === undefined) yield;
      else documents.push(...composer.next(token));
    }
    documents.push(...composer.end(true, text.length));
    document = documents[0]!;
    const further = documents[1];
    if (further !== undefined) return refused({ offset: further.range[0], message: 'a second document: a file holds one, without a line of "---" in it' });
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return refused(error);
  }
  const problems = syntaxProblems(document, text, lineOf);
  if (problems.length > 0) return { ok: false, problems };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: repetitionsAtMost });
  } catch {
    return refused({ offset: 0, message: `its aliases (*name) stand for too much: at most ${repetitionsAtMost} repetitions` });
  }
  return { ok: true, value, hasAnchors: hasAnchors(document), offsetOf: (path, where) => offsetOf(document, text, path, where) };
}

type Told = (...error: readonly unknown[]) => void;

/** What is told beyond the first so many is passed over. */
function firstOf(atMost: number, told: Told): Told {
  let calls = 0;
  return (...error) => {
    if (++calls <= atMost) told(...error);
  };
}

const refused = ({ offset, message }: SyntaxProblem): NoYaml => ({ ok: false, problems: [{ offset, message }] });

const scalarFollows = '\u001f';    // the lexer's mark before a text, which may begin with an asterisk, too

/** The parser is a stack machine, so what is too much is seen before the recursive composer gets it. `undefined`: a pause
 *  may come here. */
function* tokensOf(text: string): Generator<CST.Token | undefined, void> {
  const parser = new Parser();
  let aliases = 0;
  let before = '';
  let lexemes = 0;
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('*') && before !== scalarFollows) aliases += 1;
    if (aliases > aliasesAtMost) throw new TooMuch(parser.offset, `more than ${aliasesAtMost} aliases (*name)`);
    before = lexeme;
    if (++lexemes % lexemesAtOnce === 0) yield undefined;
    for (const token of parser.next(lexeme)) if (token.type !== 'error' || ++errors <= errorsAtMost) yield token;
    if (parser.stack.length > deepestNesting) throw new TooMuch(parser.offset, `nested more than ${deepestNesting} levels deep`);
  }
  yield* parser.end();
}

function hasAnchors(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(document: Document.Parsed, text: string, path: Path, { key, offset }: Where): number {
  let node: Node | null | undefined = document.contents;
  let keyNode: Node | undefined;
  for (const segment of path) {
    const inside = resolved(document, node);
    let next: Node | null | undefined;
    if (isMap(inside)) {
      const pair = inside.items.find((item) => keyText(document, item.key) === String(segment));
      if (pair === undefined) break;
      keyNode = pair.key as Node;
      // A member without a value ("when:") has no place of its own: its key's.
      next = (pair.value ?? pair.key) as Node;
    } else if (isSeq(inside)) {
      next = inside.items[Number(segment)] as Node | undefined;
      keyNode = undefined;
    }
    if (next === undefined) break;
    node = next;
  }
  const target = resolved(document, key === true ? keyNode ?? node : node);
  const range = target?.range;
  if (range === undefined || range === null) return 0;
  if (offset === undefined || !isScalar(target)) return range[0];
  return range[0] + offsetInScalar(text.slice(range[0], range[1]), target.type, offset);
}

function resolved(document: Document.Parsed, node: Node | null | undefined): Node | null | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyText(document: Document.Parsed, key: unknown): string | undefined {
  const node = resolved(document, key as Node);
  return isScalar(node) ? String(node.value) : undefined;
}
