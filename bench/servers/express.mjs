// The product's HTTP layer with nothing behind it: it reads, parses and checks the request, and writes a ready answer.
import { readFileSync } from 'node:fs';
import { product } from '../frame/product.mjs';

const { answerFile } = JSON.parse(process.argv[2]);
const answer = readFileSync(answerFile, 'utf8');
const { createHttpServer } = await product('http/http-server.js');
const http = createHttpServer({ services: { decisions: { decide: () => Promise.resolve(answer) } }, keys: null, logger: { error: (fields, message) => console.error(message, fields) }, clock: Date.now });
const { port } = await http.listen(0, '127.0.0.1');
process.stdout.write(`Express listens on http://127.0.0.1:${port}\n`);
process.on('SIGTERM', () => process.exit(0));
