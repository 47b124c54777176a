import { fileBounds, roleOf, type CatalogFiles, type EntryFolder, type FileRole } from './catalog-files.js';
import { warnOfCutTexts } from './cut-texts.js';
import { decodeText } from './decode-text.js';
import { misfiled, type Content } from './misfiled.js';
import type { ItemMemory } from './item-memory.js';
import type { Pause } from './pauses.js';
import { compareText, type Problem } from './problem.js';
import { readYamlFile, type YamlFile } from './yaml-file.js';

/** The YAML files of a catalog, read and sorted by what they are; each list in path order. */
export interface ReadFiles {
  readonly schema: YamlFile | null;
  readonly events: YamlFile | null;
  readonly entries: Readonly<Record<EntryFolder, readonly YamlFile[]>>;
  readonly manifests: readonly { readonly modelId: string; readonly yaml: YamlFile }[];
  /** What lies in files where something else belongs, which are left out and reported: of it some is missing. */
  readonly misfiled: ReadonlySet<Content>;
  /** Syntax errors, files that are too large, not UTF-8, or there twice as .yaml and .yml. */
  readonly problems: readonly Problem[];
}

export async function readFiles(files: CatalogFiles, pause: Pause, memory?: ItemMemory): Promise<ReadFiles> {
  memory?.beginLoad();
  const problems: Problem[] = [];
  const read = { schema: [] as YamlFile[], events: [] as YamlFile[], manifests: [] as { modelId: string; yaml: YamlFile }[] };
  const entries: Record<EntryFolder, YamlFile[]> = { strategies: [], offers: [], rules: [], triggers: [] };
  const elsewhere = new Set<Content>();
  if (files.size > fileBounds.files) problems.push(wholeFile([...files.keys()].sort(compareText)[0]!, `one of ${files.size} files: a catalog has at most ${fileBounds.files}`));

  for (const path of [...files.keys()].sort(compareText).slice(0, fileBounds.files)) {
    const role = roleOf(path);
    if (role === null || role.role === 'model-file') continue;
    const yaml = await readYaml(path, files.get(path)!, pause, memory, problems);
    await pause();
    problems.push(...yaml.problems);
    const other = role.role === 'entries' ? misfiled(yaml, role.folder) : role.role === 'events' ? misfiled(yaml, 'events') : null;
    if (other !== null) {
      problems.push(other.problem);
      elsewhere.add(other.holds);
      // Its events may have been meant to be in it, as well.
      if (role.role === 'events') elsewhere.add('events');
    } else if (role.role === 'entries') entries[role.folder].push(yaml);
    else if (!takesPlace(role, read)) problems.push(wholeFile(path, `is there twice, as ${twinOf(path)}, too: one of them must go`));
    else if (role.role === 'manifest') read.manifests.push({ modelId: role.modelId, yaml });
    else read[role.role].push(yaml);
  }
  return { schema: read.schema[0] ?? null, events: read.events[0] ?? null, entries, manifests: read.manifests, misfiled: elsewhere, problems };
}

function takesPlace(role: Exclude<FileRole, { role: 'entries' | 'model-file' }>, read: { schema: unknown[]; events: unknown[]; manifests: { modelId: string }[] }): boolean {
  return role.role === 'manifest' ? !read.manifests.some(({ modelId }) => modelId === role.modelId) : read[role.role].length === 0;
}

const twinOf = (path: string): string => (path.endsWith('.yml') ? path.replace(/yml$/, 'yaml') : path.replace(/yaml$/, 'yml'));

export const wholeFile = (file: string, message: string, severity: Problem['severity'] = 'error'): Problem => ({ file, line: 1, column: 1, path: '', message, severity });

async function readYaml(path: string, content: string | Uint8Array, pause: Pause, memory: ItemMemory | undefined, problems: Problem[]): Promise<YamlFile> {
  const unreadable = (problem: Problem): YamlFile =>
    ({ file: path, value: undefined, problems: [problem], problemAt: (_path, text, where) => wholeFile(path, text, where?.severity) });
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (bytes > fileBounds.yamlBytes) return unreadable(wholeFile(path, `is too large: a YAML file has at most ${fileBounds.yamlBytes} bytes`));
  const decoded = decodeText(content);
  if (decoded.ok) {
    const yaml = await readYamlFile(path, decoded.text, pause, memory);
    warnOfCutTexts(path, decoded.text, yaml.value, problems);
    return yaml;
  }
  const lines = decoded.before.split('\n');
  return unreadable({ ...wholeFile(path, decoded.message), line: lines.length, column: lines.at(-1)!.length + 1 });
}
