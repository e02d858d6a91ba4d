// Becomes another user, then calls methods without parameters; one answer a line.
// usage: node call_as.mjs UID SOCKET METHOD...
import * as net from 'node:net';

const [, , uid, socket, ...methods] = process.argv;
process.setgroups([]);
process.setgid(Number(uid));
process.setuid(Number(uid));

const connection = net.connect(socket);
connection.on('error', (error) => {
    process.stderr.write(`${error.code}\n`);
    process.exit(1);
});
let text = '';
connection.on('data', (data) => {
    text += data;
    const lines = text.split('\n').slice(0, -1);
    if (lines.length < methods.length) return;
    const answers = lines.map((line) => JSON.parse(line)).sort((a, b) => a.id - b.id);
    process.stdout.write(answers.map((answer) => JSON.stringify(answer) + '\n').join(''), () => process.exit(0));
});
methods.forEach((method, id) => connection.write(JSON.stringify({ jsonrpc: '2.0', id, method, params: {} }) + '\n'));
