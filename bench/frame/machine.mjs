import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { root } from './product.mjs';

/** What the figures were measured on; `load` says how busy it was with other things when the run began. */
export function describeMachine() {
  return {
    processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    load: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

/** The commit that was measured, "+changes" where files were changed since (but for results); `null` outside of a repository. */
export function describeCommit() {
  try {
    const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'bench', 'package-lock.json', ':!bench/results') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+changes' : ''}`;
  } catch {
    return null;
  }
}
