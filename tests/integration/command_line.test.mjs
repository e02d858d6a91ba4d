// The command line: what a person sees, what a script gets, and the exit codes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Daemon, bin, run } from './support/daemon.mjs';
import { assert_signed, document_hash, domain_type, order_document } from './support/judges.mjs';

let daemon, address;
before(async () => {
    daemon = await Daemon.start();
    const connection = await daemon.connect();
    address = (await connection.call('paradex.account', { account: 'desk' })).address;
});
after(() => daemon?.stop());

async function done(...args) {
    const result = await daemon.cli(args);
    assert.equal(result.code, 0, `${args.join(' ')}: ${result.stderr}`);
    assert.equal(result.stderr, '');
    return result.stdout;
}

test('status: for people, and as one line of JSON', async () => {
    const human = await done('status');
    assert.match(human, /ready/);
    assert.match(human, /parasign-test/);
    assert.match(human, /desk/);
    const raw = await done('--json', 'status');
    assert.equal(raw.trim().split('\n').length, 1);
    const status = JSON.parse(raw);
    assert.equal(status.token.state, 'ready');
    assert.equal(status.token.stark_curve, 'native');
    for (const field of ['version', 'uptime_s', 'accounts', 'upstream', 'audit', 'clients']) assert.ok(field in status, field);
    for (const field of ['label', 'serial', 'model', 'module']) assert.ok(status.token[field], field);
    for (const field of ['seq', 'path', 'last_fsync_ms']) assert.ok(field in status.audit, field);
});

test('keys: list, show, generate, destroy', async () => {
    const list = await done('key', 'list');
    assert.match(list, /desk\.main/);
    assert.match(list, /desk\.sub\.trader/);
    assert.match(list, /token/);
    const shown = JSON.parse(await done('--json', 'key', 'show', 'desk.main'));
    const key = shown.key ?? shown;
    assert.deepEqual([key.name, key.kind, key.role, key.custody], ['desk.main', 'stark', 'main', 'token']);
    assert.deepEqual(key.attributes, { sensitive: true, extractable: false, never_extractable: true, local: true });
    assert.match(key.public_key, /^0x[0-9a-f]+$/);
    await done('key', 'generate', 'tmp.sub.a', '--kind', 'stark');
    assert.match(await done('key', 'list'), /tmp\.sub\.a/);
    const unsure = await daemon.cli(['key', 'destroy', 'tmp.sub.a', '--confirm', 'tmp']);
    assert.equal(unsure.code, 1);
    await done('key', 'destroy', 'tmp.sub.a', '--confirm', 'tmp.sub.a');
    assert.doesNotMatch(await done('key', 'list'), /tmp\.sub\.a/);
});

test('an EVM key shows its address', async () => {
    await done('key', 'generate', 'tmp.evm', '--kind', 'secp256k1');
    const shown = JSON.parse(await done('--json', 'key', 'show', 'tmp.evm'));
    const key = shown.key ?? shown;
    const { computeAddress } = await import('ethers');
    assert.match(key.public_key, /^0x04[0-9a-f]{128}$/);
    assert.equal(key.eth_address, computeAddress(key.public_key));
});

test('an order is signed', async () => {
    const args = ['order', 'sign', 'desk', '--market', 'BTC-USD-PERP', '--side', 'BUY', '--type', 'LIMIT', '--size', '0.1', '--price', '50000'];
    const human = await done(...args);
    assert.match(human, /hash/i);
    assert.match(human, /signature/i);
    const answer = JSON.parse(await done('--json', ...args));
    const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '0.1', price: '50000' };
    assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
});

test('login headers and typed data', async () => {
    const headers = JSON.parse(await done('--json', 'auth', 'headers', 'desk', '--expires-in-s', '60'));
    assert.equal(Number(headers.headers['PARADEX-SIGNATURE-EXPIRATION']) - Number(headers.headers['PARADEX-TIMESTAMP']), 60);
    const document = {
        types: { StarkNetDomain: domain_type, Note: [{ name: 'text', type: 'felt' }] },
        primaryType: 'Note', domain: { name: 'Somewhere', chainId: '1', version: '1' }, message: { text: 'hi' },
    };
    const file = path.join(daemon.dir, 'note.json');
    fs.writeFileSync(file, JSON.stringify(document));
    const by_file = JSON.parse(await done('--json', 'typed-data', 'sign', 'desk', file));
    assert_signed(by_file, document_hash(document, address));
    const by_pipe = await daemon.cli(['--json', 'typed-data', 'sign', 'desk', '-'], { input: JSON.stringify(document) });
    assert.equal(JSON.parse(by_pipe.stdout).hash, by_file.hash);
});

test('call reaches every method, with parameters as text, file or standard input', async () => {
    const document = JSON.parse(await done('call', 'rpc.discover'));
    assert.match(document.openrpc, /^1\./);
    assert.ok(document.methods.length >= 15);
    assert.equal(JSON.parse(await done('call', 'key.get', '{"name":"desk.main"}')).key.name, 'desk.main');
    const file = path.join(daemon.dir, 'params.json');
    fs.writeFileSync(file, '{"name":"desk.main"}');
    assert.equal(JSON.parse(await done('call', 'key.get', '@' + file)).key.name, 'desk.main');
    const piped = await daemon.cli(['call', 'key.get', '-'], { input: '{"name":"desk.main"}' });
    assert.equal(JSON.parse(piped.stdout).key.name, 'desk.main');
});

test('accounts', async () => {
    assert.match(await done('account', 'show', 'desk'), new RegExp(address));
});

test('refusals exit with 1 and say code and pointer on standard error', async () => {
    const refused = await daemon.cli(['key', 'show', 'desk.sub.nobody']);
    assert.equal(refused.code, 1);
    assert.equal(refused.stdout, '');
    assert.match(refused.stderr, /^parasign: .*key_not_found/);
    const bad = await daemon.cli(['order', 'sign', 'desk', '--market', 'BTC-USD-PERP', '--side', 'BUY', '--type', 'LIMIT', '--size', '1e5', '--price', '1']);
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /\/params\/order\/size/);
    const raw = await daemon.cli(['--json', 'key', 'show', 'desk.sub.nobody']);
    assert.equal(raw.code, 1);
    assert.equal(JSON.parse(raw.stderr || raw.stdout).data.code, 'key_not_found');
});

test('usage errors exit with 2', async () => {
    for (const args of [[], ['nonsense'], ['key'], ['key', 'generate'], ['order', 'sign', 'desk', '--sise', '1'], ['status', 'extra'], ['--what']]) {
        const result = await daemon.cli(args);
        assert.equal(result.code, 2, `${args.join(' ')}: ${result.code} ${result.stderr}`);
        assert.ok(result.stderr.length > 0);
    }
});

test('help and version', async () => {
    for (const args of [['--help'], ['help']]) {
        const help = await run(path.join(bin, 'parasign'), args);
        assert.equal(help.code, 0);
        for (const word of ['status', 'key', 'order', 'token', 'call']) assert.match(help.stdout, new RegExp(word));
    }
    const version = await run(path.join(bin, 'parasign'), ['--version']);
    assert.equal(version.code, 0);
    assert.match(version.stdout, /\d+\.\d+\.\d+/);
});

test('a daemon that is not there is said so', async () => {
    const result = await run(path.join(bin, 'parasign'), ['--socket', '/nonexistent/parasign.sock', 'status']);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /\/nonexistent\/parasign\.sock/);
});

test('the configuration reference names every section', async () => {
    const reference = await done('config', 'reference');
    for (const word of ['token.uri', 'accounts', 'clients', 'limits']) assert.ok(reference.includes(word), word);
});
