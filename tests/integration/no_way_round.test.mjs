// Generic signing must not become a way round the typed methods.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Daemon } from './support/daemon.mjs';
import { assert_signed, auth_document, chains, document_hash, order_document } from './support/judges.mjs';

const uid = process.getuid();
let daemon, connection, address, documents_only;
before(async () => {
    daemon = await Daemon.start();
    connection = await daemon.connect();
    address = (await connection.call('paradex.account', { account: 'desk' })).address;
    // The same uid, but only with the general methods.
    documents_only = await Daemon.start();
    await documents_only.relaunch({
        clients: [{ name: 'documents', uid, methods: ['system.status', 'paradex.sign_typed_data'], keys: ['*'] }],
    });
});
after(async () => {
    await daemon?.stop();
    await documents_only?.stop();
});

const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };
const sign = (typed_data, more = {}) => ({ account: 'desk', typed_data, ...more });

// The exchange's domain, written in the ways that give the same felts.
const disguises = {
    text: {},
    'hex name': { name: '0x50617261646578' },
    'hex name with zeros': { name: '0x0050617261646578' },
    'decimal name': { name: BigInt('0x50617261646578').toString() },
    'hex chain': { chainId: '0x' + Buffer.from(chains.testnet).toString('hex') },
    'hex version': { version: '0x1' },
};

test('an order written as a document is an order, however its domain is written', async () => {
    const wide = { ...order_document(order, Date.now()) };
    for (const [name, disguise] of Object.entries(disguises)) {
        const document = { ...wide, domain: { ...wide.domain, ...disguise } };
        // Out of the time window that orders have: refused by the rule of orders.
        const old = { ...document, message: { ...document.message, timestamp: '1706868900000' } };
        const refusal = await connection.refusal('paradex.sign_typed_data', sign(old));
        assert.ok(['policy_denied', 'invalid_params'].includes(refusal.code), `${name}: ${refusal.message}`);
        const answer = await connection.call('paradex.sign_typed_data', sign(document));
        assert_signed(answer, document_hash(document, address));
    }
});

test('a client without paradex.sign_order gets no order signed as a document', async () => {
    const limited = await documents_only.connect();
    const document = order_document(order, Date.now());
    for (const [name, disguise] of Object.entries(disguises)) {
        const disguised = { ...document, domain: { ...document.domain, ...disguise } };
        const refusal = await limited.refusal('paradex.sign_typed_data', sign(disguised));
        assert.equal(refusal.code, 'policy_denied', `${name}: ${refusal.message}`);
    }
    const now = Math.floor(Date.now() / 1000);
    assert.equal((await limited.refusal('paradex.sign_typed_data', sign(auth_document(now, now + 60)))).code, 'policy_denied');
    const foreign = { ...document, domain: { ...document.domain, name: 'Elsewhere' } };
    await limited.call('paradex.sign_typed_data', sign(foreign));
});

test('a login written as a document obeys the cap on logins', async () => {
    const now = Math.floor(Date.now() / 1000);
    const long = auth_document(now, now + 604800);
    const refusal = await connection.refusal('paradex.sign_typed_data', sign(long));
    assert.ok(['policy_denied', 'invalid_params'].includes(refusal.code), refusal.message);
    const short = auth_document(now, now + 60);
    const answer = await connection.call('paradex.sign_typed_data', sign(short));
    assert_signed(answer, document_hash(short, address));
});

test('unknown documents of the exchange\'s domain are refused with the rule', async () => {
    const base = order_document(order, Date.now());
    const documents = {
        'another primary type': { ...base, types: { ...base.types, Foo: [{ name: 'a', type: 'felt' }] }, primaryType: 'Foo', message: { a: '1' } },
        'an order with other fields': { ...base, types: { ...base.types, Order: base.types.Order.slice(0, 5) }, message: { ...base.message, price: undefined } },
        'a request of another path': { ...auth_document(1, 2), message: { ...auth_document(1, 2).message, path: '/v1/other' } },
    };
    for (const [name, document] of Object.entries(documents)) {
        const refusal = await connection.refusal('paradex.sign_typed_data', sign(JSON.parse(JSON.stringify(document))));
        assert.equal(refusal.code, 'policy_denied', `${name}: ${refusal.message}`);
        assert.ok(refusal.rule, name);
    }
});

test('an order for another chain or in another field order is refused', async () => {
    const base = order_document(order, Date.now(), chains.prod);
    assert.equal((await connection.refusal('paradex.sign_typed_data', sign(base))).code, 'policy_denied');
    const reordered = order_document(order, Date.now());
    reordered.types.StarkNetDomain = [reordered.types.StarkNetDomain[0], reordered.types.StarkNetDomain[2], reordered.types.StarkNetDomain[1]];
    assert.equal((await connection.refusal('paradex.sign_typed_data', sign(reordered))).code, 'policy_denied');
});

test('a STARK Key document is refused: its signature is the seed of the main key', async () => {
    const texts = ['STARK Key', '0x' + Buffer.from('STARK Key').toString('hex'), BigInt('0x' + Buffer.from('STARK Key').toString('hex')).toString()];
    for (const text of texts) {
        const document = {
            types: { StarkNetDomain: order_document(order, 1).types.StarkNetDomain, Constant: [{ name: 'action', type: 'felt' }] },
            primaryType: 'Constant',
            domain: { name: 'Paradex', chainId: chains.testnet, version: '1' },
            message: { action: text },
        };
        for (const key of [undefined, 'desk.main']) {
            const refusal = await connection.refusal('paradex.sign_typed_data', sign(document, key ? { key } : {}));
            assert.equal(refusal.code, 'policy_denied', text);
        }
    }
});

test('documents of foreign domains are signed', async () => {
    const document = {
        types: { StarkNetDomain: order_document(order, 1).types.StarkNetDomain, Note: [{ name: 'text', type: 'felt' }] },
        primaryType: 'Note',
        domain: { name: 'Not the exchange', chainId: 'SN_MAIN', version: '1' },
        message: { text: 'hello' },
    };
    assert_signed(await connection.call('paradex.sign_typed_data', sign(document)), document_hash(document, address));
});

test('keys of main, evm and subkey roles have no method that signs a bare hash', async () => {
    for (const key of ['desk.main', 'desk.sub.trader']) {
        const refusal = await connection.refusal('starknet.sign_hash', { key, hash: '0x1' });
        assert.ok(['method_not_found', 'policy_denied'].includes(refusal.code), refusal.code);
    }
});

test('a main key is never a default key', async () => {
    const wrong = new Daemon();
    Object.assign(wrong, daemon, { options: { config: { accounts: [{ name: 'desk', kind: 'starknet', environment: 'testnet', default_key: 'desk.main' }] } } });
    wrong.write_config();
    const checked = await daemon.cli(['config', 'check', wrong.config_file]);
    daemon.write_config();
    assert.equal(checked.code, 1);
    assert.match(checked.stderr + checked.stdout, /parasign\.yaml:\d+:\d+: .*main/);
});

test('keys of one account do not sign for another', async () => {
    const refusal = await connection.refusal('paradex.sign_order', { account: 'desk', key: 'other.main', order });
    assert.ok(['key_not_found', 'policy_denied', 'invalid_params'].includes(refusal.code));
    await connection.call('key.generate', { name: 'other.sub.a', kind: 'stark' });
    const second = await connection.refusal('paradex.sign_order', { account: 'desk', key: 'other.sub.a', order });
    assert.ok(['policy_denied', 'invalid_params'].includes(second.code), second.code);
});
