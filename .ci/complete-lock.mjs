// node .ci/complete-lock.mjs, after a change of dependencies: npm leaves the packages of other platforms out of the lock
// file where the registry in use does not have them, and then `npm ci` refuses the file everywhere. This adds them, by
// their names: the version that the parent asks for, and the platform. A test holds the lock file complete.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const files = ['package-lock.json', 'bench/package-lock.json'];
const systems = ['darwin', 'win32', 'linux', 'android', 'freebsd', 'openharmony'];
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

for (const file of files) {
  const path = join(import.meta.dirname, '..', file);
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  let added = 0;
  for (const [parentPath, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const beside = `${parentPath}/node_modules/${name}`;
      if (beside in lock.packages || `node_modules/${name}` in lock.packages) continue;
      const words = name.split(/[/-]/);
      const os = systems.filter((system) => words.includes(system));
      const cpu = processors.filter((processor) => words.includes(processor));
      const libc = words.flatMap((word) => libraries[word] ?? []);
      lock.packages[`node_modules/${name}`] = {
        version: version.replace(/^[\^~]/, ''),
        ...(cpu.length > 0 && { cpu }),
        ...(parent.dev && { dev: true }),
        ...(os.includes('linux') && libc.length > 0 && { libc }),
        optional: true,
        ...(os.length > 0 && { os }),
      };
      added++;
    }
  }
  const [root, ...rest] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${file}: ${added} packages added\n`);
}
