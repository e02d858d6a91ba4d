// Keys and PINs are never shown: not in command lines, environments, logs, the audit log or answers.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, bin } from './support/daemon.mjs';

const secret = '3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc';
const forms = [secret, BigInt('0x' + secret).toString(), secret.toUpperCase(), Buffer.from(secret.padStart(64, '0'), 'hex').toString('latin1')];

let daemon, connection;
before(async () => {
    daemon = await Daemon.start({ keys: null });
    connection = await daemon.connect();
});
after(() => daemon?.stop());

function assert_unseen(text, where) {
    for (const form of [...forms, daemon.pin]) assert.ok(!text.includes(form), `seen in ${where}`);
}

// What /proc shows of a process; a file that the kernel refuses shows nothing.
function shown(pid, file) {
    try {
        return fs.readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch (error) {
        assert.equal(error.code, 'EACCES');
        return '';
    }
}

function files_under(folder) {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const name = path.join(folder, entry.name);
        return entry.isDirectory() ? files_under(name) : entry.isFile() ? [name] : [];
    });
}

test('an import leaves no trace of the key', async () => {
    const child = spawn(path.join(bin, 'parasign'), ['--socket', daemon.socket, 'key', 'import', 'desk.main', '--kind', 'stark'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    // While it waits for its input, and while it works.
    for (let i = 0; i < 5; i++) {
        for (const file of ['cmdline', 'environ']) assert_unseen(shown(child.pid, file), `/proc/PID/${file}`);
        await sleep(5);
    }
    child.stdin.end('0x' + secret + '\n');
    const [code] = await once(child, 'close');
    assert.equal(code, 0, output);
    assert_unseen(output, 'the output');
    assert_unseen(JSON.stringify(await connection.call('key.list')), 'key.list');
});

test('a refused import does not repeat its input', async () => {
    const again = await daemon.cli(['--json', 'key', 'import', 'desk.main', '--kind', 'stark'], { input: secret });
    assert.equal(again.code, 1);
    assert_unseen(again.stdout + again.stderr, 'the refusal');
    const broken = await daemon.cli(['key', 'import', 'desk.sub.x', '--kind', 'stark'], { input: secret + 'zz' });
    assert.equal(broken.code, 1);
    assert_unseen(broken.stdout + broken.stderr, 'the refusal');
});

test('after signing, nothing on disk outside of the token and the PIN file holds a secret', async () => {
    await connection.call('paradex.sign_order', {
        account: 'desk', key: 'desk.main', order: { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '2' },
    });
    for (const file of files_under(daemon.dir)) {
        if (file.startsWith(path.join(daemon.dir, 'tokens')) || file === daemon.pin_file) continue;
        assert_unseen(fs.readFileSync(file, 'latin1'), file);
    }
});

test('the memory of front and upstream helper holds neither key nor PIN', { skip: process.getuid() !== 0 && 'needs root to read it' }, async () => {
    const pids = daemon.processes();
    for (const name of ['front', 'upstream']) {
        const pid = pids[name];
        const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
        try {
            for (const line of fs.readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
                const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
                if (!match) continue;
                const start = parseInt(match[1], 16);
                const length = parseInt(match[2], 16) - start;
                if (length > 1 << 28) continue;
                const bytes = Buffer.alloc(length);
                try {
                    fs.readSync(memory, bytes, 0, length, start);
                } catch {
                    continue;
                }
                for (const form of [forms[0], forms[3], daemon.pin])
                    assert.equal(bytes.indexOf(Buffer.from(form, 'latin1')), -1, `in ${name}: ${line}`);
            }
        } finally {
            fs.closeSync(memory);
        }
    }
});
