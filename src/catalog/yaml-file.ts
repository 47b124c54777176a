import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, visit, type Document, type Node, type YAMLError, type YAMLWarning } from 'yaml';
import { toPointer, type Path, type Problem } from './problem.js';
import { offsetInScalar } from './scalar-offset.js';

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
const syntaxErrorsShown = 20;

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
  const errors = [...syntaxErrors(document, at), ...keysGivenTwice(document)].sort((a, b) => a.pos[0] - b.pos[0]).slice(0, syntaxErrorsShown);
  if (errors.length > 0) return refused(errors.map(({ pos, message }) => problem(pos[0], [], message)));

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

interface SyntaxError { readonly pos: readonly [number, number]; readonly message: string }

function syntaxErrors(document: Document.Parsed, at: (offset: number) => { line: number }): readonly SyntaxError[] {
  const isTag = ({ code }: YAMLError | YAMLWarning): boolean => code === 'TAG_RESOLVE_FAILED';
  const tags = document.warnings.filter(isTag);
  const tagLines = new Set(tags.map(({ pos }) => at(pos[0]).line));
  // A "!" that was meant as "not" also spoils the rest of its line: one problem, said well, is enough.
  const others = [...document.errors, ...document.warnings.filter((warning) => !isTag(warning))].filter(({ pos }) => !tagLines.has(at(pos[0]).line));
  const all = [
    ...tags.map(({ pos }) => ({ pos, message: 'a text that begins with "!" must stand in quotes' })),
    ...others.map((error) => ({ pos: error.pos, message: inWords(error) })),
  ].sort((a, b) => a.pos[0] - b.pos[0]);
  // What comes after the first on its line mostly comes of it.
  return all.filter(({ pos }, index) => index === 0 || at(pos[0]).line !== at(all[index - 1]!.pos[0]).line);
}

/** The library's own check compares every key with every other: 100,000 keys would take minutes. */
function keysGivenTwice(document: Document.Parsed): SyntaxError[] {
  const errors: SyntaxError[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = keyText(document, key);
        if (name === undefined) continue;
        if (keys.has(name)) errors.push({ pos: [(key as Node).range?.[0] ?? 0, 0], message: `member "${name.slice(0, 60)}" is given twice` });
        keys.add(name);
      }
    },
  });
  return errors;
}

function inWords({ code, message }: YAMLError): string {
  switch (code) {
    case 'TAB_AS_INDENT': return 'a tab: YAML is indented with spaces only';
    case 'BLOCK_IN_FLOW': case 'BLOCK_AS_IMPLICIT_KEY': return 'a second ":" in one value: a text or an expression that holds ": " must stand in quotes';
    case 'NON_STRING_KEY': return 'a key must be a plain text';
    default: return `not valid YAML: ${message}`;
  }
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
