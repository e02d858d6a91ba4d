// A token that is away, locked, ambiguous or given a wrong PIN: the daemon says which and what to do.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, run, slowness } from './support/daemon.mjs';

const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };

async function with_daemon(options, body) {
    const daemon = await Daemon.start(options);
    try {
        await body(daemon, await daemon.connect());
    } finally {
        await daemon.stop();
    }
}

// Waits until the token process has looked; resolves to status.token.
async function settled(connection, state, limit = 8000 * slowness) {
    const until = Date.now() + limit;
    for (;;) {
        const { token } = await connection.call('system.status');
        if (token.state === state && token.detail && !/start/i.test(token.detail)) return token;
        if (Date.now() > until) assert.fail(`the token is not ${state}: ${JSON.stringify(token)}`);
        await sleep(20);
    }
}

async function assert_unavailable(connection, code) {
    const refusal = await connection.refusal('paradex.sign_typed_data', {
        account: 'desk',
        key: 'desk.main',
        typed_data: {},
    });
    assert.ok([code, 'key_not_found', 'invalid_params'].includes(refusal.code), refusal.message);
}

test('no token of that label: the labels that are there are named', () =>
    with_daemon({ ready: false, keys: null, config: (d) => ({ token: { uri: d.uri({ label: 'elsewhere' }) } }) }, async (daemon, connection) => {
        const token = await settled(connection, 'absent');
        assert.match(token.detail, /elsewhere|parasign-test/);
        const refusal = await connection.refusal('key.generate', { name: 'desk.main', kind: 'stark' });
        assert.equal(refusal.code, 'token_unavailable');
        assert.equal(refusal.retryable, true);
        assert.match(refusal.text, /label|token/);
        await assert_unavailable(connection, 'token_unavailable');
    }));

test('no module: the path is named', () =>
    with_daemon({ token: false, ready: false, keys: null, config: (d) => ({ token: { uri: d.uri({ module: '/nonexistent/module.so' }) } }) }, async (daemon, connection) => {
        const token = await settled(connection, 'absent');
        assert.match(token.detail, /nonexistent\/module\.so/);
    }));

test('a file that is no PKCS#11 module', () =>
    with_daemon({ token: false, ready: false, keys: null, config: (d) => ({ token: { uri: d.uri({ module: '/etc/passwd' }) } }) }, async (daemon, connection) => {
        const token = await settled(connection, 'absent');
        assert.match(token.detail, /passwd/);
    }));

test('two tokens of one label: neither is used', () =>
    with_daemon({ keys: null }, async (daemon, connection) => {
        connection.close();
        await daemon.terminate();
        // parasign itself refuses to make a second one.
        await assert.rejects(daemon.init_token('parasign-test'), /already/);
        const made = await run('softhsm2-util', ['--init-token', '--free', '--label', 'parasign-test', '--so-pin', '12345678', '--pin', '87654321'], {
            env: { SOFTHSM2_CONF: daemon.conf },
        });
        assert.equal(made.code, 0, made.stderr);
        await daemon.launch();
        const again = await daemon.connect();
        const token = await settled(again, 'absent');
        assert.match(token.detail, /two|2|more than one|several/i);
        assert.match(token.detail, /serial/i);
    }));

test('a wrong PIN is tried once, not even again by a new process', () =>
    with_daemon({ keys: null }, async (daemon, connection) => {
        connection.close();
        await daemon.terminate();
        fs.writeFileSync(daemon.pin_file, 'wrong-pin\n');
        await daemon.launch();
        let client = await daemon.connect();
        const token = await settled(client, 'locked');
        assert.match(token.detail, /PIN/);
        const refusal = await client.refusal('key.generate', { name: 'a.main', kind: 'stark' });
        assert.equal(refusal.code, 'token_locked');
        client.close();
        // SoftHSM2 keeps no count of tries to show; the marker is what stops the second one.
        const state = path.join(daemon.dir, 'state');
        const markers = fs.readdirSync(state);
        assert.ok(markers.length >= 1, 'no marker in the state folder');
        for (const marker of markers) {
            const file = path.join(state, marker);
            if (fs.statSync(file).isFile()) assert.ok(!fs.readFileSync(file, 'latin1').includes('wrong-pin'));
        }
        for (let i = 0; i < 2; i++) {
            await daemon.terminate();
            await daemon.launch();
            client = await daemon.connect();
            assert.match((await settled(client, 'locked')).detail, /refused|not tried|again|unlock/i);
            client.close();
        }
        // A new PIN file is a new source.
        await sleep(20);
        fs.writeFileSync(daemon.pin_file, daemon.pin + '\n');
        await daemon.terminate();
        await daemon.launch();
        await daemon.wait_ready();
    }));

test('without a PIN source the token stays locked until a person unlocks it', () =>
    with_daemon({ ready: false, keys: null, config: (d) => ({ token: { uri: d.uri({ pin_source: null }) } }) }, async (daemon, connection) => {
        await settled(connection, 'locked');
        assert.equal((await connection.refusal('key.generate', { name: 'desk.main', kind: 'stark' })).code, 'token_locked');

        const wrong = await unlock(daemon, 'not-the-pin');
        assert.equal(wrong.code, 1);
        assert.match(wrong.stderr, /PIN/);
        assert.ok(!wrong.stderr.includes('not-the-pin'));

        const right = await unlock(daemon, daemon.pin);
        assert.equal(right.code, 0, right.stderr);
        assert.equal((await connection.call('system.status')).token.state, 'ready');
        await connection.call('key.generate', { name: 'desk.main', kind: 'stark' });
        await connection.call('key.generate', { name: 'desk.sub.trader', kind: 'stark' });
        await connection.call('paradex.sign_order', { account: 'desk', order });

        const locked = await daemon.cli(['lock']);
        assert.equal(locked.code, 0, locked.stderr);
        const refusal = await connection.refusal('paradex.sign_order', { account: 'desk', order });
        assert.equal(refusal.code, 'token_locked');
        assert.match(refusal.text, /unlock/);
        assert.equal((await unlock(daemon, daemon.pin)).code, 0);
        await connection.call('paradex.sign_order', { account: 'desk', order });

        // The PIN was typed: a new token process does not have it.
        daemon.note_processes();
        const { token } = daemon.processes();
        process.kill(token, 'SIGKILL');
        await settled(connection, 'locked');
        assert.equal((await connection.refusal('paradex.sign_order', { account: 'desk', order })).code, 'token_locked');
        assert.equal((await unlock(daemon, daemon.pin)).code, 0);
        await connection.call('paradex.sign_order', { account: 'desk', order });
    }));

test('lock holds although a PIN source is configured, and unlock --configured uses it', () =>
    with_daemon({}, async (daemon, connection) => {
        assert.equal((await daemon.cli(['lock'])).code, 0);
        assert.equal((await connection.refusal('paradex.sign_order', { account: 'desk', order })).code, 'token_locked');
        daemon.note_processes();
        process.kill(daemon.processes().token, 'SIGKILL');
        await sleep(500 * slowness);
        assert.equal((await connection.refusal('paradex.sign_order', { account: 'desk', order })).code, 'token_locked');
        const unlocked = await daemon.cli(['unlock', '--configured']);
        assert.equal(unlocked.code, 0, unlocked.stderr);
        await connection.call('paradex.sign_order', { account: 'desk', order });
    }));

test('a PIN file that others may read is refused', () =>
    with_daemon({ keys: null }, async (daemon, connection) => {
        connection.close();
        await daemon.terminate();
        fs.chmodSync(daemon.pin_file, 0o644);
        await daemon.launch();
        const token = await settled(await daemon.connect(), 'locked');
        assert.match(token.detail, /pin|permission|mode|read/i);
    }));

test('a token that appears later is found without a restart', () =>
    with_daemon({ token: false, ready: false, keys: null }, async (daemon, connection) => {
        await settled(connection, 'absent');
        await daemon.init_token('parasign-test');
        await daemon.wait_ready(15000 * slowness);
        await connection.call('key.generate', { name: 'desk.main', kind: 'stark' });
    }));

test('a PIN file that is replaced, as editors do, is read by a new token process', () =>
    with_daemon({}, async (daemon, connection) => {
        const before = await connection.call('system.status');
        await connection.call('system.lock');
        fs.writeFileSync(daemon.pin_file + '.new', daemon.pin + '\n', { mode: 0o600 });
        fs.renameSync(daemon.pin_file + '.new', daemon.pin_file);
        // The sandbox grants a file, not its name: the first process may not read this one.
        const first = await connection.refusal('system.unlock');
        assert.equal(first.code, 'token_unavailable');
        assert.equal(first.retryable, true);
        await connection.call('system.unlock');
        const after = await connection.call('system.status');
        assert.equal(after.token.state, 'ready');
        assert.equal(after.restarts.token, before.restarts.token + 1);
    }));

// parasign unlock with the PIN on descriptor 0, which is a pipe.
function unlock(daemon, pin) {
    return daemon.cli(['unlock', '--pin-fd', '0'], { input: pin + '\n' });
}

test('the probe tells what the token can do', () =>
    with_daemon({ keys: null }, async (daemon) => {
        const probed = await daemon.cli(['token', 'probe']);
        assert.equal(probed.code, 0, probed.stderr);
        assert.match(probed.stdout, /STARK/);
        const listed = await run('sh', ['-c', 'ls "$1"/tokens/*/*.object | wc -l', 'sh', daemon.dir]);
        const objects = Number(listed.stdout.trim());
        await daemon.cli(['token', 'probe']);
        const after = await run('sh', ['-c', 'ls "$1"/tokens/*/*.object | wc -l', 'sh', daemon.dir]);
        assert.equal(Number(after.stdout.trim()), objects, 'the probe left objects behind');
    }));
