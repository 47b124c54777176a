// The same answers by node:http alone: the request is read and parsed, and not checked.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { answerFile, headers } = JSON.parse(process.argv[2]);
const answer = readFileSync(answerFile, 'utf8');
const send = (response, type, text) => {
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
};
const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (request.method === 'GET') return send(response, 'text/plain; charset=utf-8', 'ok\n');
  const chunks = [];
  request.on('data', (chunk) => { chunks.push(chunk); });
  request.on('end', () => {
    const { channel } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    if (typeof channel !== 'string') throw new Error('A request without a channel');
    send(response, 'application/json; charset=utf-8', answer);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`node:http listens on http://127.0.0.1:${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
