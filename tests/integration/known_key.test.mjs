// A key whose address and signatures are known from published vectors, imported into the token.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ec } from 'starknet';
import { Daemon, root } from './support/daemon.mjs';
import { assert_signed, document_hash, order_document } from './support/judges.mjs';

const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/vectors/paradex.json'), 'utf8'));
const vector = vectors.find((entry) => entry.name === 'order_limit_PRIVATE_SN_PARACLEAR_MAINNET');
const { private_key, account, chainId } = vector.input;

let daemon, connection;
before(async () => {
    daemon = await Daemon.start({
        config: {
            limits: { signature_window_s: 315360000 }, // the vectors are of 2024
            accounts: [
                { name: 'other', kind: 'starknet', environment: 'prod', chain_id: chainId, address: account },
                { name: 'derived', kind: 'starknet', environment: 'testnet' },
            ],
        },
        keys: null,
    });
    connection = await daemon.connect();
});
after(() => daemon?.stop());

test('the import gives the public key that starknet.js computes', async () => {
    for (const name of ['other.main', 'derived.main']) {
        const imported = await daemon.cli(['--json', 'key', 'import', name, '--kind', 'stark'], { input: private_key + '\n' });
        assert.equal(imported.code, 0, imported.stderr);
    }
    const { key } = await connection.call('key.get', { name: 'other.main' });
    assert.equal(key.public_key, ec.starkCurve.getStarkKey(private_key));
    assert.deepEqual([key.kind, key.role, key.custody], ['stark', 'main', 'token']);
    // It was outside of the token once, and the token says so.
    assert.deepEqual(
        [key.attributes.sensitive, key.attributes.extractable, key.attributes.never_extractable, key.attributes.local],
        [true, false, false, false],
    );
});

test('the derived address is the one of the exchange\'s own client', async () => {
    const derived = vectors.find((entry) => entry.name === 'account_address_from_pubkey');
    const answer = await connection.call('paradex.account', { account: 'derived' });
    assert.equal(answer.address, derived.expected);
    assert.equal(answer.chain_id, 'PRIVATE_SN_PARACLEAR_TESTNET');
});

const limit = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '0.1', price: '50000', signature_timestamp: 1706868900000 };

function expected_hash(name) {
    const entry = vectors.find((one) => one.name === name);
    assert.deepEqual([entry.input.private_key, entry.input.account, entry.input.chainId], [private_key, account, chainId]);
    return entry.expected.message_hash;
}

test('orders, a modification and the onboarding message have the vectors\' hashes', async () => {
    const as_main = { account: 'other', key: 'other.main' };
    assert_signed(await connection.call('paradex.sign_order', { ...as_main, order: limit }),
        expected_hash('order_limit_PRIVATE_SN_PARACLEAR_MAINNET'));
    const sell = { market: 'ETH-USD-PERP', side: 'SELL', type: 'MARKET', size: '1.25', signature_timestamp: 1706868900001 };
    assert_signed(await connection.call('paradex.sign_order', { ...as_main, order: sell }),
        expected_hash('order_market_sell_mainnet'));
    const change = { ...limit, id: '1706868900000201704230000', price: '50001', signature_timestamp: 1706868900003 };
    assert_signed(await connection.call('paradex.sign_modify_order', { ...as_main, order: change }),
        expected_hash('modify_order_mainnet'));
    const onboarding = {
        types: {
            StarkNetDomain: ['name', 'chainId', 'version'].map((name) => ({ name, type: 'felt' })),
            Constant: [{ name: 'action', type: 'felt' }],
        },
        primaryType: 'Constant',
        domain: { name: 'Paradex', chainId, version: '1' },
        message: { action: 'Onboarding' },
    };
    assert_signed(await connection.call('paradex.sign_typed_data', { ...as_main, typed_data: onboarding }),
        expected_hash('onboarding_PRIVATE_SN_PARACLEAR_MAINNET'));
});

test('the judge has the vector\'s hash too', async () => {
    assert.equal(document_hash(order_document(limit, limit.signature_timestamp, chainId), account), vector.expected.message_hash);
});

test('a name is given once', async () => {
    const again = await daemon.cli(['key', 'import', 'other.main', '--kind', 'stark'], { input: private_key });
    assert.equal(again.code, 1);
    assert.match(again.stderr, /key_exists/);
});

test('numbers that are no key are refused', async () => {
    const n = '0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f';
    for (const bad of ['0x0', n, '0x' + 'f'.repeat(64), '0x' + '1'.repeat(65), 'hello', '', '0x', '1 2']) {
        const refused = await daemon.cli(['key', 'import', 'bad.main', '--kind', 'stark'], { input: bad + '\n' });
        assert.equal(refused.code, 1, `${bad}: ${refused.stdout}`);
        assert.ok(bad.length < 5 || !refused.stderr.includes(bad.replace('0x', '')), 'the message must not repeat the input');
    }
    assert.equal((await connection.refusal('key.get', { name: 'bad.main' })).code, 'key_not_found');
});

test('an order of the past is refused by the usual window, which stops recorded timestamps', async () => {
    await connection.close();
    await daemon.relaunch({ limits: { signature_window_s: 60 } });
    connection = await daemon.connect();
    const refusal = await connection.refusal('paradex.sign_order', { account: 'other', key: 'other.main', order: limit });
    assert.equal(refusal.pointer, '/params/order/signature_timestamp');
});
