// Hashes and verdicts by code that is not parasign's: starknet.js and @scure/starknet.
import assert from 'node:assert/strict';
import { ec, typedData } from 'starknet';
import * as scure from '@scure/starknet';

export const chains = {
    prod: 'PRIVATE_SN_PARACLEAR_MAINNET',
    testnet: 'PRIVATE_SN_PARACLEAR_TESTNET',
};

// The exchange's domain: name, chainId, version, in this order.
export const domain_type = [
    { name: 'name', type: 'felt' },
    { name: 'chainId', type: 'felt' },
    { name: 'version', type: 'felt' },
];

export const paradex_domain = (chain = chains.testnet) => ({ name: 'Paradex', chainId: chain, version: '1' });

const order_fields = ['timestamp', 'market', 'side', 'orderType', 'size', 'price'];

// A decimal amount as the exchange signs it: times 10^8.
export function scaled(text) {
    const [whole, fraction = ''] = text.split('.');
    return (BigInt(whole) * 100000000n + BigInt(fraction.padEnd(8, '0'))).toString();
}

export function order_document(order, timestamp, chain = chains.testnet) {
    const fields = order.id === undefined ? order_fields : [...order_fields, 'id'];
    const primary = order.id === undefined ? 'Order' : 'ModifyOrder';
    const message = {
        timestamp: String(timestamp),
        market: order.market,
        side: order.side === 'BUY' ? '1' : '2',
        orderType: order.type,
        size: scaled(order.size),
        price: order.type.includes('MARKET') ? '0' : scaled(order.price),
    };
    if (order.id !== undefined) message.id = order.id;
    return {
        types: { StarkNetDomain: domain_type, [primary]: fields.map((name) => ({ name, type: 'felt' })) },
        primaryType: primary,
        domain: paradex_domain(chain),
        message,
    };
}

export function auth_document(timestamp_s, expiration_s, chain = chains.testnet) {
    return {
        types: {
            StarkNetDomain: domain_type,
            Request: ['method', 'path', 'body', 'timestamp', 'expiration'].map((name) => ({ name, type: 'felt' })),
        },
        primaryType: 'Request',
        domain: paradex_domain(chain),
        message: { method: 'POST', path: '/v1/auth', body: '', timestamp: timestamp_s, expiration: expiration_s },
    };
}

export const document_hash = (document, account) => typedData.getMessageHash(document, account);

function hex64(value) {
    return BigInt(value).toString(16).padStart(64, '0');
}

// Whether r, s (decimal or 0x texts) is a signature of hash by the key with that x, by both judges.
export function verifies(public_key, hash, r, s) {
    const z = hex64(hash);
    const verdicts = ['02', '03'].map((sign) => {
        const point = sign + hex64(public_key);
        const ours = ec.starkCurve.verify(new ec.starkCurve.Signature(BigInt(r), BigInt(s)), z, point);
        const other = scure.verify(new scure.Signature(BigInt(r), BigInt(s)), z, point);
        assert.equal(ours, other, 'the judges disagree');
        return ours;
    });
    return verdicts[0] || verdicts[1];
}

// r and s of the exchange's text form, which must be exactly two decimals in one JSON array.
export function parse_signature(text) {
    const match = /^\["([1-9][0-9]*)","([1-9][0-9]*)"\]$/.exec(text);
    assert.ok(match, `not the exchange's signature text: ${text}`);
    return [match[1], match[2]];
}

export function assert_signed(answer, hash) {
    assert.equal(BigInt(answer.hash), BigInt(hash), 'the hash is not the one starknet.js computes');
    const [r, s] = parse_signature(answer.signature);
    assert.ok(verifies(answer.public_key, hash, r, s), 'the signature does not verify');
    assert.deepEqual(answer.signature_hex.map(BigInt), [BigInt(r), BigInt(s)]);
    for (const text of [answer.hash, answer.public_key, ...answer.signature_hex]) assert.match(text, /^0x[1-9a-f][0-9a-f]*$/);
    assert.equal(answer.custody, 'token');
    assert.ok(Number.isInteger(answer.audit_seq) && answer.audit_seq > 0);
    // The ranges of a Starknet verifier.
    const bound = 1n << 251n;
    const n = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;
    assert.ok(BigInt(r) > 0n && BigInt(r) < bound && BigInt(s) > 0n && BigInt(s) < bound);
    assert.ok(inverse(BigInt(s), n) < bound);
}

function inverse(a, n) {
    let [old_r, r, old_t, t] = [a, n, 1n, 0n];
    while (r) {
        const q = old_r / r;
        [old_r, r] = [r, old_r - q * r];
        [old_t, t] = [t, old_t - q * t];
    }
    return ((old_t % n) + n) % n;
}
