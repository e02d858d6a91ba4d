// Orders signed by the daemon are hashed and verified by starknet.js and @scure/starknet.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Daemon } from './support/daemon.mjs';
import { assert_signed, document_hash, order_document, parse_signature, verifies } from './support/judges.mjs';

const types = [
    'MARKET', 'LIMIT', 'STOP_LIMIT', 'STOP_MARKET',
    'TAKE_PROFIT_LIMIT', 'TAKE_PROFIT_MARKET', 'STOP_LOSS_MARKET', 'STOP_LOSS_LIMIT',
];

let daemon, connection, address;
before(async () => {
    daemon = await Daemon.start();
    connection = await daemon.connect();
    address = (await connection.call('paradex.account', { account: 'desk' })).address;
});
after(() => daemon?.stop());

function order_of(type, side, more = {}) {
    const order = { market: 'BTC-USD-PERP', side, type, size: '0.1', ...more };
    if (!type.includes('MARKET')) order.price ??= '50000.5';
    if (/^(STOP|TAKE_PROFIT)/.test(type)) order.trigger_price ??= '49000';
    return order;
}

test('every type and side is signed over the exchange\'s own hash', async () => {
    for (const type of types)
        for (const side of ['BUY', 'SELL']) {
            const order = order_of(type, side);
            const answer = await connection.call('paradex.sign_order', { account: 'desk', order });
            assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
            assert.equal(answer.key, 'desk.sub.trader');
            assert.ok(Math.abs(answer.signature_timestamp - Date.now()) < 30000);
        }
});

test('the body is ready to be posted and carries what was asked', async () => {
    const order = {
        market: 'ETH-USD-PERP', side: 'SELL', type: 'STOP_LIMIT', size: '1.25', price: '3000', trigger_price: '3100',
        instruction: 'POST_ONLY', client_id: 'my-order-7', flags: ['REDUCE_ONLY'], stp: 'EXPIRE_BOTH', recv_window: 5000,
    };
    const answer = await connection.call('paradex.sign_order', { account: 'desk', order });
    const { body } = answer;
    assert.equal(body.signature, answer.signature);
    assert.equal(body.signature_timestamp, answer.signature_timestamp);
    for (const [name, value] of Object.entries(order)) assert.deepEqual(body[name], value, name);
    const plain = await connection.call('paradex.sign_order', { account: 'desk', order: order_of('LIMIT', 'BUY') });
    assert.equal(plain.body.instruction, 'GTC');
    for (const name of ['client_id', 'flags', 'stp', 'recv_window', 'trigger_price']) assert.ok(!(name in plain.body), name);
});

test('amounts are exact to the eighth decimal and to the largest figures', async () => {
    for (const [size, price] of [['0.00000001', '0.00000001'], ['123456789.12345678', '99999999.99999999'], ['1', '1.50000000'], ['92233720368', '3']]) {
        const order = order_of('LIMIT', 'BUY', { size, price });
        const answer = await connection.call('paradex.sign_order', { account: 'desk', order });
        assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
    }
});

test('a timestamp of the caller\'s is signed, as number or text', async () => {
    for (const stamp of [Date.now() - 1000, String(Date.now() + 1000)]) {
        const order = order_of('LIMIT', 'SELL', { signature_timestamp: stamp });
        const answer = await connection.call('paradex.sign_order', { account: 'desk', order });
        assert.equal(answer.signature_timestamp, Number(stamp));
        assert_signed(answer, document_hash(order_document(order, stamp), address));
    }
});

test('every market name up to 31 characters is hashed as its short string', async () => {
    for (const market of ['X', 'SOL-USD-PERP', 'BTC-USD-27DEC26-100000-C', 'A'.repeat(31)]) {
        const order = order_of('LIMIT', 'BUY', { market });
        const answer = await connection.call('paradex.sign_order', { account: 'desk', order });
        assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
    }
});

test('the main key signs when it is named', async () => {
    const order = order_of('LIMIT', 'BUY');
    const answer = await connection.call('paradex.sign_order', { account: 'desk', key: 'desk.main', order });
    assert.equal(answer.key, 'desk.main');
    assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
});

test('a batch is signed whole, each order by itself', async () => {
    const orders = types.map((type, i) => order_of(type, i % 2 ? 'BUY' : 'SELL', { client_id: `c${i}` }));
    const answer = await connection.call('paradex.sign_orders', { account: 'desk', orders });
    assert.equal(answer.bodies.length, orders.length);
    answer.bodies.forEach((body, i) => {
        const hash = document_hash(order_document(orders[i], body.signature_timestamp), address);
        const [r, s] = parse_signature(body.signature);
        assert.ok(verifies(answer.public_key, hash, r, s), `order ${i}`);
        assert.equal(body.client_id, `c${i}`);
    });
});

test('a batch with one bad order signs none and says which', async () => {
    const before = (await connection.call('system.status')).token.counters?.signatures;
    const orders = [order_of('LIMIT', 'BUY'), order_of('LIMIT', 'BUY', { size: '0.123456789' })];
    const refusal = await connection.refusal('paradex.sign_orders', { account: 'desk', orders });
    assert.equal(refusal.code, 'invalid_params');
    assert.equal(refusal.pointer, '/params/orders/1/size');
    assert.equal((await connection.call('system.status')).token.counters?.signatures, before);
    assert.equal((await connection.refusal('paradex.sign_orders', { account: 'desk', orders: [] })).code, 'invalid_params');
    const eleven = Array.from({ length: 11 }, () => order_of('LIMIT', 'BUY'));
    assert.equal((await connection.refusal('paradex.sign_orders', { account: 'desk', orders: eleven })).code, 'invalid_params');
});

test('a modification is signed with the order\'s id', async () => {
    const order = { ...order_of('LIMIT', 'BUY'), id: '1706868900000201704230000' };
    const answer = await connection.call('paradex.sign_modify_order', { account: 'desk', order });
    assert_signed(answer, document_hash(order_document(order, answer.signature_timestamp), address));
    assert.equal(answer.body.id, order.id);
    const refusal = await connection.refusal('paradex.sign_modify_order', { account: 'desk', order: { ...order, id: '12a' } });
    assert.equal(refusal.pointer, '/params/order/id');
});

test('hundreds of pipelined orders are all answered and all verify', async () => {
    const orders = Array.from({ length: 200 }, (_, i) => order_of('LIMIT', i % 2 ? 'BUY' : 'SELL', { size: `0.${i + 1}` }));
    const answers = await Promise.all(orders.map((order) => connection.call('paradex.sign_order', { account: 'desk', order })));
    assert.equal(new Set(answers.map((answer) => answer.audit_seq)).size, answers.length);
    for (let i = 0; i < answers.length; i += 20)
        assert_signed(answers[i], document_hash(order_document(orders[i], answers[i].signature_timestamp), address));
});
