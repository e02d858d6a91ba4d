// Each wrong parameter is refused, and the pointer names it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Daemon } from './support/daemon.mjs';

let daemon, connection;
before(async () => {
    daemon = await Daemon.start();
    connection = await daemon.connect();
});
after(() => daemon?.stop());

const good = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '0.1', price: '50000' };

const wrong_orders = {
    size: ['1e5', '+1', '-1', '.5', '5.', '01', '0.123456789', '', 'NaN', ' 1', '1 ', '1,0', '0', '0.0', '9'.repeat(70), 1, null, true, ['1']],
    price: ['1e5', '-1', '0.123456789', '', 'abc', '0', 50000, null, {}],
    market: ['', 'A'.repeat(32), 'BTC-\u00dcSD', 5, null],
    side: ['buy', 'HOLD', 1, ''],
    type: ['limit', 'ICEBERG', 0],
    instruction: ['FOK', 'gtc', 1],
    flags: ['REDUCE_ONLY', ['NOTHING'], [1]],
    stp: ['EXPIRE_NONE', 1],
    recv_window: [9, -1, '100', null],
    client_id: ['', 'x'.repeat(65), 7],
    signature_timestamp: ['01', -1, 'now', '1706868900000', 1706868900000, Date.now() + 3600000],
    trigger_price: ['-3', 3],
};

test('wrong members of an order', async () => {
    for (const [member, values] of Object.entries(wrong_orders))
        for (const value of values) {
            const label = `${member} = ${JSON.stringify(value)}`;
            const refusal = await connection.refusal('paradex.sign_order', { account: 'desk', order: { ...good, [member]: value } });
            assert.equal(refusal.code, 'invalid_params', `${label}: ${refusal.message}`);
            assert.equal(refusal.rpc, -32602);
            assert.equal(refusal.retryable, false);
            assert.ok(refusal.pointer.startsWith(`/params/order/${member}`), `${label}: pointer ${refusal.pointer}`);
            assert.ok(refusal.text.length > 10, label);
        }
});

test('missing members of an order', async () => {
    for (const member of ['market', 'side', 'type', 'size', 'price']) {
        const order = { ...good };
        delete order[member];
        const refusal = await connection.refusal('paradex.sign_order', { account: 'desk', order });
        assert.equal(refusal.code, 'invalid_params');
        assert.match(refusal.pointer, new RegExp(`^/params/order(/${member})?$`));
        assert.match(refusal.text, new RegExp(member));
    }
    const stop = { ...good, type: 'STOP_LIMIT' };
    assert.match((await connection.refusal('paradex.sign_order', { account: 'desk', order: stop })).pointer, /^\/params\/order(\/trigger_price)?$/);
});

test('unknown members are refused, not ignored', async () => {
    const inside = await connection.refusal('paradex.sign_order', { account: 'desk', order: { ...good, pirce: '1' } });
    assert.equal(inside.pointer, '/params/order/pirce');
    assert.match(inside.text, /price/);
    const outside = await connection.refusal('paradex.sign_order', { account: 'desk', order: good, sneaky: 1 });
    assert.equal(outside.pointer, '/params/sneaky');
    const none = await connection.refusal('key.list', { anything: 1 });
    assert.equal(none.pointer, '/params/anything');
});

test('a real number for an amount is refused', async () => {
    connection.write('{"jsonrpc":"2.0","id":"real","method":"paradex.sign_order","params":{"account":"desk","order":{"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":0.1,"price":"50000"}}}\n');
    const answer = JSON.parse(await connection.line());
    assert.equal(answer.id, 'real');
    assert.equal(answer.error.data.code, 'invalid_params');
    assert.equal(answer.error.data.pointer, '/params/order/size');
    assert.match(answer.error.message, /in a string/);
});

test('accounts and keys that are not there', async () => {
    const no_account = await connection.refusal('paradex.sign_order', { account: 'nobody', order: good });
    assert.equal(no_account.code, 'invalid_params');
    assert.equal(no_account.pointer, '/params/account');
    const no_key = await connection.refusal('paradex.sign_order', { account: 'desk', key: 'desk.sub.nobody', order: good });
    assert.equal(no_key.code, 'key_not_found');
    assert.equal((await connection.refusal('key.get', { name: 'desk.sub.nobody' })).code, 'key_not_found');
});

test('key names outside the grammar, kinds that do not fit the name', async () => {
    for (const name of ['', 'desk', 'desk.', '.main', 'desk.sub', 'desk.sub.', 'Desk.main', 'desk.main.x', 'a'.repeat(32) + '.main', 'desk.sub.a/b', 'desk.sub.\u0001']) {
        const refusal = await connection.refusal('key.generate', { name, kind: 'stark' });
        assert.equal(refusal.code, 'invalid_params', name);
        assert.equal(refusal.pointer, '/params/name', name);
    }
    assert.equal((await connection.refusal('key.generate', { name: 'x.main', kind: 'secp256k1' })).code, 'invalid_params');
    assert.equal((await connection.refusal('key.generate', { name: 'x.evm', kind: 'stark' })).code, 'invalid_params');
    assert.equal((await connection.refusal('key.generate', { name: 'x.main', kind: 'rsa' })).pointer, '/params/kind');
    assert.equal((await connection.refusal('key.generate', { name: 'desk.main', kind: 'stark' })).code, 'key_exists');
    assert.equal((await connection.refusal('key.generate', { name: 'y.main', kind: 'stark', custody: 'wrapped' })).code, 'unsupported_by_token');
});

test('a key is destroyed only when its name is said twice', async () => {
    await connection.call('key.generate', { name: 'gone.main', kind: 'stark' });
    const refusal = await connection.refusal('key.destroy', { name: 'gone.main', confirm: 'gone' });
    assert.equal(refusal.code, 'invalid_params');
    assert.equal(refusal.pointer, '/params/confirm');
    await connection.call('key.get', { name: 'gone.main' });
    await connection.call('key.destroy', { name: 'gone.main', confirm: 'gone.main' });
    assert.equal((await connection.refusal('key.get', { name: 'gone.main' })).code, 'key_not_found');
    const { keys } = await connection.call('key.list');
    assert.ok(!keys.some((key) => key.name === 'gone.main'));
});

test('an import without a descriptor is refused', async () => {
    const refusal = await connection.refusal('key.import', { name: 'z.main', kind: 'stark' });
    assert.ok(['invalid_params', 'invalid_request'].includes(refusal.code));
});

test('unknown methods', async () => {
    const refusal = await connection.refusal('paradex.sign_ordr', {});
    assert.equal(refusal.code, 'method_not_found');
    assert.equal(refusal.rpc, -32601);
});
