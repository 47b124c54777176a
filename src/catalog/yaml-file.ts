import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, type Document, type Node } from 'yaml';
import { toPointer, type Path, type Problem } from './problem.js';
import { offsetInScalar } from './scalar-offset.js';
import { syntaxProblems } from './yaml-syntax.js';

/** One YAML file, read: its value as JSON, and where each part of the value stands in the text. */
export interface YamlFile {
  readonly file: string;
  /** JSON; `undefined` where the text could not be read (`problems` says why). `null` for an empty file. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A problem at the value, at the key that it stands under, or `offset` characters into a text. */
  problemAt(path: Path, message: string, where?: { readonly key?: boolean; readonly offset?: number; readonly severity?: Problem['severity'] }): Problem;
}

const deepestNesting = 100;       // the composer recurses; at some 1,000 levels it ends the process
const aliasesAtMost = 500;        // each is looked for in the whole file
const repetitionsAtMost = 100;

class TooMuch extends Error {
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

export function parseYamlFile(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (offset: number, path: Path, message: string, severity: Problem['severity'] = 'error'): Problem =>
    ({ file, ...at(offset), path: toPointer(path), message, severity });
  const refused = (problems: readonly Problem[]): YamlFile =>
    ({ file, value: undefined, problems, problemAt: (path, message, where) => problem(0, path, message, where?.severity) });

  let document: Document.Parsed;
  try {
    const documents = [...new Composer({ lineCounter: lines, schema: 'core', resolveKnownTags: false, prettyErrors: false, stringKeys: true, uniqueKeys: false, keepSourceTokens: false })
      .compose(tokensOf(text, lines), true, text.length)];
    document = documents[0]!;
    const further = documents[1];
    if (further !== undefined) return refused([problem(further.range[0], [], 'a second document: a file holds one, without a line of "---" in it')]);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return refused([problem(error.offset, [], error.message)]);
  }
  const found = syntaxProblems(document, text, (offset) => at(offset).line);
  if (found.length > 0) return refused(found.map(({ offset, message }) => problem(offset, [], message)));

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: repetitionsAtMost });
  } catch {
    return refused([problem(0, [], `its aliases (*name) stand for too much: at most ${repetitionsAtMost} repetitions`)]);
  }
  return {
    file, value, problems: [],
    problemAt: (path, message, where = {}) => problem(offsetOf(document, text, path, where), path, message, where.severity),
  };
}

const scalarFollows = '\u001f';    // the lexer's mark before a text, which may begin with an asterisk, too

/** The parser is a stack machine, so what is too much is seen before the recursive composer gets it. */
function* tokensOf(text: string, lines: LineCounter): ReturnType<Parser['parse']> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let aliases = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('*') && before !== scalarFollows) aliases += 1;
    if (aliases > aliasesAtMost) throw new TooMuch(parser.offset, `more than ${aliasesAtMost} aliases (*name)`);
    before = lexeme;
    yield* parser.next(lexeme);
    if (parser.stack.length > deepestNesting) throw new TooMuch(parser.offset, `nested more than ${deepestNesting} levels deep`);
  }
  yield* parser.end();
}

function offsetOf(document: Document.Parsed, text: string, path: Path, { key, offset }: { readonly key?: boolean; readonly offset?: number }): number {
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
