// Login headers: signed over the exchange's auth message, short-lived, ready to be sent.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Daemon } from './support/daemon.mjs';
import { auth_document, document_hash, parse_signature, verifies } from './support/judges.mjs';

let daemon, connection, address;
before(async () => {
    daemon = await Daemon.start();
    connection = await daemon.connect();
    address = (await connection.call('paradex.account', { account: 'desk' })).address;
});
after(() => daemon?.stop());

function assert_login(answer) {
    const { headers } = answer;
    assert.equal(answer.method, 'POST');
    assert.equal(answer.path, `/v1/auth/${answer.public_key}`);
    assert.equal(headers['PARADEX-STARKNET-ACCOUNT'], address);
    const issued = Number(headers['PARADEX-TIMESTAMP']);
    const expires = Number(headers['PARADEX-SIGNATURE-EXPIRATION']);
    const hash = document_hash(auth_document(issued, expires), address);
    assert.equal(BigInt(answer.hash), BigInt(hash));
    const [r, s] = parse_signature(headers['PARADEX-STARKNET-SIGNATURE']);
    assert.ok(verifies(answer.public_key, hash, r, s));
    assert.ok(Math.abs(issued - Date.now() / 1000) < 30, 'the time is in seconds and is now');
    return expires - issued;
}

test('the default key logs in for five minutes', async () => {
    const answer = await connection.call('paradex.auth_headers', { account: 'desk' });
    assert.equal(assert_login(answer), 300);
    assert.equal(answer.key, 'desk.sub.trader');
    assert.equal(answer.custody, 'token');
    assert.ok(answer.audit_seq > 0);
    assert.ok(!('PARADEX-AUTHORIZE-ISOLATED-MARKETS' in answer.headers));
});

test('a life that is asked for is signed', async () => {
    assert.equal(assert_login(await connection.call('paradex.auth_headers', { account: 'desk', expires_in_s: 60 })), 60);
});

test('a life longer than the configuration allows is refused', async () => {
    const refusal = await connection.refusal('paradex.auth_headers', { account: 'desk', expires_in_s: 604800 });
    assert.ok(['invalid_params', 'policy_denied'].includes(refusal.code), refusal.code);
    assert.equal(refusal.pointer, '/params/expires_in_s');
});

test('isolated markets are authorised when asked for', async () => {
    const answer = await connection.call('paradex.auth_headers', { account: 'desk', authorize_isolated_markets: true });
    assert_login(answer);
    assert.equal(answer.headers['PARADEX-AUTHORIZE-ISOLATED-MARKETS'], 'true');
});

test('the main key logs in when it is named', async () => {
    const answer = await connection.call('paradex.auth_headers', { account: 'desk', key: 'desk.main' });
    assert_login(answer);
    assert.equal(answer.key, 'desk.main');
});
