// scripts/sandbox and scripts/quickstart as a stranger would run them.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bin, root, run } from './support/daemon.mjs';
import { Connection } from './support/connection.mjs';
import { assert_signed, document_hash, order_document } from './support/judges.mjs';

const env = { PARASIGN_BIN: bin };
const sandbox = (...args) => run(path.join(root, 'scripts/sandbox'), args, { env });
const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };

async function in_folder(body) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parasign-sandbox-'));
    try {
        await body(dir);
    } finally {
        await sandbox('stop', dir);
        fs.rmSync(dir, { recursive: true, force: true });
    }
}

async function started(...args) {
    const result = await sandbox('start', ...args);
    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.stdout.trim().split('\n').at(-1), `ready ${args[0]}/parasign.sock`);
    return Connection.open(`${args[0]}/parasign.sock`);
}

test('a sandbox signs for both accounts, stops, and starts again with the same keys', () =>
    in_folder(async (dir) => {
        let connection = await started(dir);
        const { keys } = await connection.call('key.list');
        assert.deepEqual(keys.map((key) => `${key.name} ${key.kind}`), [
            'desk.main stark', 'desk.sub.trader stark', 'evmdesk.evm secp256k1', 'evmdesk.sub.trader stark',
        ]);
        for (const account of ['desk', 'evmdesk']) {
            const { address } = await connection.call('paradex.account', { account });
            const answer = await connection.call('paradex.sign_order', { account, order });
            assert.equal(answer.key, `${account}.sub.trader`);
            assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
        }
        for (const file of ['softhsm2.conf', 'pin', 'parasign.yaml', 'audit', 'parasignd.log']) assert.ok(fs.existsSync(path.join(dir, file)), file);
        assert.equal(fs.statSync(path.join(dir, 'pin')).mode & 0o777, 0o600);
        connection.close();
        // Started twice it is the same daemon.
        connection = await started(dir);
        connection.close();
        assert.equal((await sandbox('stop', dir)).code, 0);
        assert.ok(!fs.existsSync(path.join(dir, 'parasign.sock')));
        assert.equal((await sandbox('stop', dir)).code, 0, 'stopped twice is stopped');
        connection = await started(dir);
        assert.deepEqual((await connection.call('key.list')).keys.map((key) => key.public_key), keys.map((key) => key.public_key));
        connection.close();
    }));

test('a policy of the caller\'s takes the place of the default one', () =>
    in_folder(async (dir) => {
        const policy = path.join(dir, 'policy.yaml');
        fs.writeFileSync(policy, 'clients:\n  - name: trader\n    uid: @UID@\n    methods: ["paradex.sign_order"]\n    keys: ["desk.*"]\n');
        const connection = await started(dir, '--policy', policy);
        await connection.call('paradex.sign_order', { account: 'desk', order });
        assert.equal((await connection.refusal('key.list')).code, 'policy_denied');
        assert.equal((await connection.refusal('system.status')).code, 'policy_denied');
        connection.close();
    }));

test('a configuration of the caller\'s is filled in', () =>
    in_folder(async (dir) => {
        const config = path.join(dir, 'config.yaml');
        fs.writeFileSync(config, `socket: {path: "@DIR@/parasign.sock"}
state_dir: "@DIR@/state"
audit: {dir: "@DIR@/audit"}
token:
  uri: "pkcs11:token=parasign-sandbox?module-path=@MODULE@&pin-source=file:@DIR@/pin"
  read_paths: ["@DIR@/softhsm2.conf"]
  write_paths: ["@DIR@/tokens"]
limits: {auth_expiry_max_s: 60, auth_expiry_s: 30}
accounts:
  - {name: desk, kind: starknet, environment: prod, default_key: desk.sub.trader}
clients:
  - {name: me, uid: @UID@, methods: ["*"], keys: ["*"]}
`);
        const connection = await started(dir, '--config', config);
        assert.equal((await connection.call('paradex.account', { account: 'desk' })).chain_id, 'PRIVATE_SN_PARACLEAR_MAINNET');
        assert.equal((await connection.refusal('paradex.auth_headers', { account: 'desk', expires_in_s: 61 })).pointer, '/params/expires_in_s');
        connection.close();
    }));

test('what a sandbox cannot do is said', async () => {
    await in_folder(async (dir) => {
        const standin = await sandbox('start', dir, '--standin');
        assert.equal(standin.code, 2);
        assert.match(standin.stderr, /not part of this version/);
        assert.equal((await sandbox('start', dir, '--policy', '/nonexistent')).code, 1);
    });
    assert.equal((await sandbox('start')).code, 2);
    assert.equal((await sandbox('walk', '/tmp')).code, 2);
});

test('the quickstart ends with the verdict of openssl and leaves nothing', async () => {
    const before = new Set(fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('parasign-quickstart')));
    const result = await run(path.join(root, 'scripts/quickstart'), [], { env, timeout: 120000 });
    assert.equal(result.code, 0, result.stdout + result.stderr);
    assert.match(result.stdout, /Signature Verified Successfully/);
    assert.match(result.stdout, /custody +token/);
    const after = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('parasign-quickstart') && !before.has(name));
    assert.deepEqual(after, []);
});
