/*
 * Loaded into a process before its program (`node --import`): its clock stands still, and moves only when whoever
 * connects to the socket CLOCK_SOCKET says so, one line of milliseconds a move, each answered with a line. Timers run
 * as ever. Node strips the types by itself, so nothing here needs to be compiled.
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const { CLOCK_SOCKET: path = '', CLOCK_MS: start = '' } = process.env;
let nowMs = Number(start);
if (path === '' || !Number.isSafeInteger(nowMs)) throw new Error('set CLOCK_SOCKET and CLOCK_MS');

Date.now = () => nowMs;

const server = createServer((socket) => {
  socket.unref();
  createInterface({ input: socket }).on('line', (line) => {
    nowMs = Number(line);
    socket.write(`${line}\n`);
  });
});
server.listen(path).unref();
