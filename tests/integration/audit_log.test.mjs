// The audit log: a chain of records, one before each signature, whole after a kill.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createHash } from 'node:crypto';
import { Daemon, slowness } from './support/daemon.mjs';

const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1.5', price: '50000' };

async function with_daemon(body) {
    const daemon = await Daemon.start();
    try {
        await body(daemon, await daemon.connect());
    } finally {
        await daemon.stop();
    }
}

const file_of = (daemon) => path.join(daemon.dir, 'audit/audit.ndjson');

// The records, after the chain from one line's bytes to the next was checked.
function records(daemon) {
    const lines = fs.readFileSync(file_of(daemon), 'utf8').split('\n');
    assert.equal(lines.pop(), '', 'the last line is whole');
    let before = null;
    return lines.map((line, i) => {
        const record = JSON.parse(line);
        assert.equal(record.seq, i + 1);
        if (before !== null) assert.equal(record.prev, createHash('sha256').update(before).digest('hex'), `record ${record.seq}`);
        before = line;
        return record;
    });
}

test('every signature has a record before it, chained to the last', () =>
    with_daemon(async (daemon, connection) => {
        const answers = await Promise.all(Array.from({ length: 30 }, () => connection.call('paradex.sign_order', { account: 'desk', order })));
        const by_seq = new Map(records(daemon).map((record) => [record.seq, record]));
        for (const answer of answers) {
            const record = by_seq.get(answer.audit_seq);
            const text = JSON.stringify(record);
            assert.equal(record.method, 'paradex.sign_order');
            assert.ok(text.includes(answer.hash), 'the hash is in the record');
            assert.ok(text.includes('desk.sub.trader') && text.includes('BTC-USD-PERP') && text.includes('1.5'));
            assert.ok(text.includes(`"uid":${process.getuid()}`));
            assert.ok(!text.includes(answer.signature_hex[0]) && !text.includes(answer.signature), 'no signature in the record');
        }
        assert.equal(fs.statSync(file_of(daemon)).mode & 0o777, 0o600);
    }));

test('refusals are recorded too', () =>
    with_daemon(async (daemon, connection) => {
        await daemon.relaunch({ clients: [{ name: 'reader', uid: process.getuid(), methods: ['system.status'], keys: [] }] });
        connection = await daemon.connect();
        await connection.refusal('paradex.sign_order', { account: 'desk', order });
        const last = records(daemon).at(-1);
        assert.deepEqual([last.event, last.method, last.rule, last.uid], ['denied', 'paradex.sign_order', 'method', process.getuid()]);
    }));

test('the chain goes on over restarts and kills, and no released signature is missing', () =>
    with_daemon(async (daemon, connection) => {
        const seen = [];
        for (let i = 0; i < 3; i++) {
            const pending = Array.from({ length: 40 }, () =>
                connection.call('paradex.sign_order', { account: 'desk', order }).then((answer) => seen.push(answer), () => {}),
            );
            await Promise.race(pending);
            daemon.note_processes();
            daemon.child.kill('SIGKILL');
            await daemon.exited;
            await Promise.all(pending);
            const by_seq = new Map(records(daemon).map((record) => [record.seq, record]));
            for (const answer of seen) assert.ok(JSON.stringify(by_seq.get(answer.audit_seq)).includes(answer.hash));
            await daemon.launch();
            await daemon.wait_ready();
            connection = await daemon.connect();
        }
        assert.ok(seen.length >= 3);
    }));

test('a torn last line is set aside and said', () =>
    with_daemon(async (daemon, connection) => {
        await connection.call('paradex.sign_order', { account: 'desk', order });
        connection.close();
        await daemon.terminate();
        fs.appendFileSync(file_of(daemon), '{"seq":999,"torn');
        await daemon.launch();
        await daemon.wait_ready();
        connection = await daemon.connect();
        await connection.call('paradex.sign_order', { account: 'desk', order });
        const text = records(daemon).map((record) => JSON.stringify(record)).join('\n');
        assert.match(text, /torn/);
    }));

test('a log that cannot be written means no signature', { skip: process.getuid() !== 0 && 'needs root to make a file immutable' }, () =>
    with_daemon(async (daemon, connection) => {
        // Past its file size limit every write fails with EFBIG, as a full disk fails with ENOSPC.
        const { run } = await import('./support/daemon.mjs');
        const size = fs.statSync(file_of(daemon)).size;
        const limited = await run('prlimit', ['--pid', String(daemon.pid), `--fsize=${size}:unlimited`]);
        assert.equal(limited.code, 0, limited.stderr);
        const refusal = await connection.refusal('paradex.sign_order', { account: 'desk', order });
        assert.equal(refusal.code, 'audit_unavailable');
        assert.equal(refusal.retryable, true);
        await run('prlimit', ['--pid', String(daemon.pid), '--fsize=unlimited:unlimited']);
        const until = Date.now() + 5000 * slowness;
        for (;;)
            try {
                await connection.call('paradex.sign_order', { account: 'desk', order });
                break;
            } catch (error) {
                assert.equal(error.code, 'audit_unavailable');
                assert.ok(Date.now() < until, 'it did not recover');
            }
        records(daemon);
    }));
