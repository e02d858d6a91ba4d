// Lines that are not what the socket takes: each gets a clear error, and others are not disturbed.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, slowness } from './support/daemon.mjs';
import { Connection } from './support/connection.mjs';

let daemon, bystander;
before(async () => {
    daemon = await Daemon.start({ config: { limits: { line_deadline_ms: 1000 } } });
    bystander = await daemon.connect();
});
after(() => daemon?.stop());

// Sends bytes on a fresh connection; resolves to the first answer line, parsed; null when closed.
async function answer_to(bytes, limit = 5000 * slowness) {
    const connection = await Connection.open(daemon.socket);
    connection.write(bytes);
    const line = await connection.line(limit);
    connection.close();
    return line ? JSON.parse(line) : line;
}

const request = (more = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'key.list', params: {}, ...more });

const parse_errors = {
    'not JSON': 'hello\n',
    'half a text': '{"jsonrpc":"2.0"\n',
    'two texts': '{"a":1}{"b":2}\n',
    'garbage after': request() + ' x\n',
    'single quotes': "{'jsonrpc':'2.0'}\n",
    'a comment': '/* */' + request() + '\n',
    'a trailing comma': '{"jsonrpc":"2.0","id":1,"method":"key.list","params":{},}\n',
    'a duplicate key': '{"jsonrpc":"2.0","id":1,"id":2,"method":"key.list","params":{}}\n',
    'a duplicate key deep inside': '{"jsonrpc":"2.0","id":1,"method":"key.list","params":{"a":{"b":1,"b":2}}}\n',
    'an escaped NUL': '{"jsonrpc":"2.0","id":1,"method":"key.get","params":{"name":"desk\\u0000.main"}}\n',
    'a raw NUL': Buffer.from('{"jsonrpc":"2.0","id":1,"method":"key.get","params":{"name":"a\0b"}}\n', 'latin1'),
    'a NUL between': Buffer.from(request() + '\0\n', 'latin1'),
    'a raw control character': '{"jsonrpc":"2.0","id":1,"method":"key.get","params":{"name":"a\tb"}}\n',
    'invalid UTF-8': Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
    'an overlong encoding': Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}\n')]),
    'an encoded surrogate': Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}\n')]),
    'a lone escaped surrogate': '{"jsonrpc":"2.0","id":1,"method":"\\ud800"}\n',
    'an integer beyond 64 bits': '{"jsonrpc":"2.0","id":1,"method":"key.list","params":{"a":99999999999999999999999}}\n',
    'too deep': '{"jsonrpc":"2.0","id":1,"method":"key.list","params":{"a":' + '['.repeat(40) + ']'.repeat(40) + '}}\n',
    'a hundred thousand brackets': '['.repeat(100000) + '\n',
};

for (const [name, bytes] of Object.entries(parse_errors))
    test(`parse error: ${name}`, async () => {
        const answer = await answer_to(bytes);
        assert.equal(answer.jsonrpc, '2.0');
        assert.ok(['parse_error', 'invalid_params'].includes(answer.error.data.code), JSON.stringify(answer));
        assert.ok(answer.error.message.length > 5);
        assert.deepEqual((await bystander.call('token.ping')), {});
    });

const invalid_requests = {
    'no version': '{"id":1,"method":"key.list","params":{}}\n',
    'version 1.0': request({ jsonrpc: '1.0' }) + '\n',
    'method as number': request({ method: 7 }) + '\n',
    'no method': '{"jsonrpc":"2.0","id":1,"params":{}}\n',
    'params as array': request({ params: [] }) + '\n',
    'params as text': request({ params: 'x' }) + '\n',
    'id as object': request({ id: {} }) + '\n',
    'id as fraction': '{"jsonrpc":"2.0","id":1.5,"method":"key.list","params":{}}\n',
    'id of 129 bytes': request({ id: 'x'.repeat(129) }) + '\n',
    'an unknown member': request({ extra: 1 }) + '\n',
    'a bare number': '5\n',
    'a bare text': '"key.list"\n',
    'null': 'null\n',
    'an empty batch': '[]\n',
    'a batch of 65': JSON.stringify(Array.from({ length: 65 }, () => JSON.parse(request()))) + '\n',
};

for (const [name, bytes] of Object.entries(invalid_requests))
    test(`invalid request: ${name}`, async () => {
        const answer = await answer_to(bytes);
        const error = Array.isArray(answer) ? answer[0].error : answer.error;
        assert.ok(['invalid_request', 'parse_error', 'invalid_params'].includes(error.data.code), JSON.stringify(answer));
    });

test('a line of 256 KiB is taken, a longer one is refused and the connection closed', async () => {
    const pad = (length) => {
        const text = '{"jsonrpc":"2.0","id":1,"method":"key.get","params":{"name":"';
        return text + 'a'.repeat(length - text.length - 3) + '"}}';
    };
    const taken = await answer_to(pad(262144) + '\n');
    assert.equal(taken.error.data.code, 'invalid_params');
    const connection = await Connection.open(daemon.socket);
    connection.write('x'.repeat(300000));
    const answer = JSON.parse(await connection.line());
    assert.equal(answer.error.data.code, 'parse_error');
    assert.match(answer.error.message, /256|262144|long/);
    assert.equal(await connection.line(3000 * slowness), null);
});

test('half a line and silence hold nobody up, and end at the line deadline', async () => {
    const silent = await Connection.open(daemon.socket);
    const begun = Date.now();
    silent.write('{"jsonrpc":"2.0","id":1,');
    for (let i = 0; i < 20; i++) {
        assert.deepEqual(await bystander.call('token.ping'), {});
        await sleep(5);
    }
    const line = await silent.line(5000 * slowness);
    assert.ok(Date.now() - begun >= 900, 'not before the deadline');
    if (line !== null) {
        assert.ok(['deadline_exceeded', 'parse_error', 'invalid_request'].includes(JSON.parse(line).error.data.code));
        assert.equal(await silent.line(3000), null);
    }
    silent.close();
});

test('an idle connection is not closed', async () => {
    const idle = await daemon.connect();
    await sleep(1500);
    assert.deepEqual(await idle.call('token.ping'), {});
});

test('a line in many pieces is one line, and many lines in one piece are many', async () => {
    const connection = await Connection.open(daemon.socket);
    for (const byte of request() + '\n') {
        connection.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(JSON.parse(await connection.line()).result.keys);
    connection.write(Array.from({ length: 50 }, (_, id) => request({ id: `n${id}` })).join('\n') + '\n');
    const ids = new Set();
    for (let i = 0; i < 50; i++) ids.add(JSON.parse(await connection.line()).id);
    assert.equal(ids.size, 50);
    connection.close();
});

test('batches are answered as arrays, notifications not at all', async () => {
    const connection = await Connection.open(daemon.socket);
    const call = (id, method = 'key.list') => ({ jsonrpc: '2.0', id, method, params: {} });
    connection.write(JSON.stringify([call('a'), { jsonrpc: '2.0', method: 'key.list', params: {} }, call('b', 'no.method'), 5]) + '\n');
    const answers = JSON.parse(await connection.line());
    assert.equal(answers.length, 3);
    const by_id = new Map(answers.map((answer) => [answer.id, answer]));
    assert.ok(by_id.get('a').result.keys);
    assert.equal(by_id.get('b').error.data.code, 'method_not_found');
    assert.equal(by_id.get(null).error.data.code, 'invalid_request');
    connection.write(JSON.stringify({ jsonrpc: '2.0', method: 'key.list', params: {} }) + '\n');
    assert.equal(await connection.line(300), undefined);
    connection.close();
});

test('a client that shuts its sending side still gets its answers', async () => {
    const connection = await Connection.open(daemon.socket);
    connection.socket.end(request({ id: 'one' }) + '\n' + request({ id: 'two', method: 'token.ping' }) + '\n');
    const ids = [JSON.parse(await connection.line()).id, JSON.parse(await connection.line()).id];
    assert.deepEqual(ids.sort(), ['one', 'two']);
    assert.equal(await connection.line(5000), null, 'and is then closed');
});

test('a client that never reads holds nobody up', async () => {
    const deaf = await Connection.open(daemon.socket);
    deaf.socket.pause();
    const line = request({ method: 'rpc.discover' }) + '\n';
    for (let i = 0; i < 400; i++) deaf.write(line);
    const begun = Date.now();
    for (let i = 0; i < 50; i++) assert.deepEqual(await bystander.call('token.ping'), {});
    assert.ok(Date.now() - begun < 5000 * slowness);
    deaf.close();
});

test('a client that hangs up in the middle of its work harms nobody', async () => {
    for (let i = 0; i < 20; i++) {
        const connection = await Connection.open(daemon.socket);
        const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '1' };
        connection.write((request({ method: 'paradex.sign_order', params: { account: 'desk', order } }) + '\n').repeat(10));
        connection.close();
    }
    assert.deepEqual(await bystander.call('token.ping'), {});
});
