import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';

/** A redis-server of our own on loopback, that keeps nothing: what is measured is reading. `null` where there is none on the PATH. */
export async function startRedis(folder) {
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill('SIGKILL'));
  const isThere = await new Promise((resolve, reject) => {
    server.once('error', () => resolve(false));
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => { if (line.includes('Ready to accept connections')) resolve(true); });
  });
  return isThere ? { url: `redis://127.0.0.1:${port}`, port, stop: () => server.kill('SIGKILL') } : null;
}

export const howToInstallRedis = 'redis-server is not on the PATH, so Redis was not measured: install it (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis).';

function freePort() {
  return new Promise((resolve, reject) => {
    const listener = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}
