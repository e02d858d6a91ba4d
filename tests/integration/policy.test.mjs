// Who may do what: by uid from the kernel, by method, by key. Whatever is not written is refused.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon, run } from './support/daemon.mjs';

const uid = process.getuid();
const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };
const as_other = path.join(path.dirname(fileURLToPath(import.meta.url)), 'support/call_as.mjs');

let daemon, connection;
before(async () => {
    daemon = await Daemon.start({
        keys: [['desk.main', 'stark'], ['desk.sub.trader', 'stark'], ['desk.sub.risk', 'stark'], ['pool.main', 'stark'], ['pool.sub.trader', 'stark']],
    });
    connection = await daemon.connect();
});
after(() => daemon?.stop());

async function with_clients(clients) {
    await daemon.relaunch({
        clients: clients.map((client) => ({ ...client, methods: ['system.status', ...client.methods] })),
        accounts: [
            { name: 'desk', kind: 'starknet', environment: 'testnet', default_key: 'desk.sub.trader' },
            { name: 'pool', kind: 'starknet', environment: 'testnet', default_key: 'pool.sub.trader' },
        ],
    });
    connection = await daemon.connect();
}

const sign = (key, account = 'desk') => ({ account, key, order });

test('only listed methods are served', async () => {
    await with_clients([{ name: 'trader', uid, methods: ['paradex.sign_order'], keys: ['*'] }]);
    await connection.call('paradex.sign_order', { account: 'desk', order });
    for (const [method, params] of [
        ['key.list', {}], ['key.generate', { name: 'x.main', kind: 'stark' }], ['key.destroy', { name: 'desk.sub.risk', confirm: 'desk.sub.risk' }],
        ['system.lock', {}], ['rpc.discover', {}], ['paradex.auth_headers', { account: 'desk' }],
        ['paradex.sign_orders', { account: 'desk', orders: [order] }], ['token.probe', {}],
    ]) {
        const refusal = await connection.refusal(method, params);
        assert.equal(refusal.code, 'policy_denied', method);
        assert.equal(refusal.rule, 'method', method);
        assert.equal(refusal.retryable, false);
    }
});

test('a family of methods is written family.*', async () => {
    await with_clients([{ name: 'trader', uid, methods: ['paradex.*'], keys: ['*'] }]);
    await connection.call('paradex.sign_orders', { account: 'desk', orders: [order] });
    await connection.call('paradex.auth_headers', { account: 'desk' });
    assert.equal((await connection.refusal('key.list')).code, 'policy_denied');
});

test('only listed keys sign, and * does not reach main keys', async () => {
    await with_clients([{ name: 'trader', uid, methods: ['paradex.*'], keys: ['*'] }]);
    await connection.call('paradex.sign_order', sign('desk.sub.risk'));
    const main = await connection.refusal('paradex.sign_order', sign('desk.main'));
    assert.deepEqual([main.code, main.rule], ['policy_denied', 'key']);

    await with_clients([{ name: 'trader', uid, methods: ['paradex.*'], keys: ['desk.*'] }]);
    await connection.call('paradex.sign_order', sign('desk.sub.trader'));
    assert.equal((await connection.refusal('paradex.sign_order', sign('desk.main'))).rule, 'key');
    assert.equal((await connection.refusal('paradex.sign_order', sign('pool.sub.trader', 'pool'))).rule, 'key');

    await with_clients([{ name: 'trader', uid, methods: ['paradex.*'], keys: ['desk.sub.risk', 'desk.main'] }]);
    await connection.call('paradex.sign_order', sign('desk.sub.risk'));
    await connection.call('paradex.sign_order', sign('desk.main'));
    assert.equal((await connection.refusal('paradex.sign_order', { account: 'desk', order })).rule, 'key');
    assert.equal((await connection.refusal('paradex.sign_order', sign('pool.main', 'pool'))).rule, 'key');

    await with_clients([{ name: 'trader', uid, methods: ['paradex.*'], keys: ['*.main'] }]);
    await connection.call('paradex.sign_order', sign('pool.main', 'pool'));
    assert.equal((await connection.refusal('paradex.sign_order', sign('desk.sub.trader'))).rule, 'key');
});

test('a batch is judged like its single method', async () => {
    await with_clients([{ name: 'trader', uid, methods: ['paradex.sign_orders'], keys: ['desk.sub.trader'] }]);
    await connection.call('paradex.sign_orders', { account: 'desk', orders: [order] });
    const refusal = await connection.refusal('paradex.sign_orders', { account: 'desk', key: 'desk.main', orders: [order] });
    assert.equal(refusal.rule, 'key');
});

test('a uid without an entry is refused everything', async () => {
    await daemon.terminate();
    daemon.write_config({ clients: [{ name: 'somebody', uid: uid + 1, methods: ['*'], keys: ['*'] }] });
    await daemon.launch();
    connection = await daemon.connect();
    for (const [method, params] of [['system.status', {}], ['rpc.discover', {}], ['token.ping', {}], ['paradex.sign_order', { account: 'desk', order }]]) {
        const refusal = await connection.refusal(method, params);
        assert.deepEqual([refusal.code, refusal.rule], ['policy_denied', 'client'], method);
    }
});

test('what the client says of itself does not count', async () => {
    const refusal = await connection.refusal('system.status', { uid: uid + 1 });
    assert.ok(['policy_denied', 'invalid_params'].includes(refusal.code));
});

test('another user is known by its uid, whatever the first one may do', { skip: uid !== 0 && 'needs root to become another user' }, async () => {
    const nobody = 65534;
    await daemon.terminate();
    daemon.write_config({
        socket: { mode: '0666' },
        clients: [
            { name: 'owner', uid, methods: ['*'], keys: ['*', '*.main'] },
            { name: 'nobody', uid: nobody, methods: ['key.list'], keys: [] },
        ],
    });
    fs.chmodSync(daemon.dir, 0o711);
    await daemon.launch();
    await daemon.wait_ready();
    const asked = await run(process.execPath, [as_other, String(nobody), daemon.socket, 'key.list', 'system.status', 'paradex.auth_headers']);
    assert.equal(asked.code, 0, asked.stderr);
    const [list, status, headers] = asked.stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.ok(list.result.keys.length > 0);
    assert.deepEqual([status.error.data.code, status.error.data.rule], ['policy_denied', 'method']);
    assert.ok(['policy_denied', 'invalid_params'].includes(headers.error.data.code));
    const stranger = await run(process.execPath, [as_other, '65533', daemon.socket, 'key.list']);
    assert.deepEqual(JSON.parse(stranger.stdout).error.data.rule, 'client');
});

test('the socket keeps out whom its mode keeps out', { skip: uid !== 0 && 'needs root to become another user' }, async () => {
    await daemon.relaunch({ socket: { mode: '0600' }, clients: [{ name: 'owner', uid, methods: ['*'], keys: ['*'] }] });
    assert.equal(fs.statSync(daemon.socket).mode & 0o777, 0o600);
    const asked = await run(process.execPath, [as_other, '65534', daemon.socket, 'key.list']);
    assert.notEqual(asked.code, 0);
    assert.match(asked.stderr, /EACCES/);
});

test('a policy that cannot be meant is refused before anything starts', async () => {
    const wrong = [
        [{ clients: [{ name: 'a', uid, methods: ['paradex.sign_ordr'], keys: ['*'] }] }, /sign_ordr/],
        [{ clients: [{ name: 'a', uid: -1, methods: ['*'], keys: ['*'] }] }, /uid/],
        [{ clients: [{ name: 'a', uid, methods: ['*'], keys: ['*'], colour: 'red' }] }, /colour/],
        [{ socket: { mode: 'rw' } }, /mode/],
        [{ token: { threads: 0 } }, /threads/],
        [{ tokn: { threads: 1 } }, /tokn/],
        [{ accounts: [{ name: 'a', kind: 'bitcoin', environment: 'testnet' }] }, /kind/],
        [{ accounts: [{ name: 'a', kind: 'starknet', environment: 'nowhere' }] }, /nowhere/],
    ];
    const original = daemon.config;
    const file = path.join(daemon.dir, 'wrong.yaml');
    for (const [change, words] of wrong) {
        const text = { ...original };
        for (const [key, value] of Object.entries(change))
            text[key] = Array.isArray(value) ? value : { ...original[key], ...value };
        fs.writeFileSync(file, JSON.stringify(text, null, 1), { mode: 0o600 });
        const checked = await daemon.cli(['config', 'check', file]);
        assert.equal(checked.code, 1, JSON.stringify(change));
        assert.match(checked.stderr + checked.stdout, words);
        assert.match(checked.stderr + checked.stdout, /wrong\.yaml:\d+:\d+: /, JSON.stringify(change));
    }
    fs.writeFileSync(file, JSON.stringify(original), { mode: 0o600 });
    assert.equal((await daemon.cli(['config', 'check', file])).code, 0);
});
