// Helpers that are killed, stopped or hang under load: signing goes on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, slowness } from './support/daemon.mjs';
import { Refusal } from './support/connection.mjs';
import { alive, median } from './support/processes.mjs';

const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };
const kills = 9;

let daemon, connection;
before(async () => {
    daemon = await Daemon.start({ config: { token: { call_deadline_ms: 1000 } } });
    connection = await daemon.connect();
});
after(() => daemon?.stop());

const sign = (client) => client.call('paradex.sign_order', { account: 'desk', order });

// Clients that sign without pause until stopped. Every request must be answered; only retryable
// refusals are forgiven.
function load(clients) {
    const figures = { signed: 0, refused: 0, failures: [] };
    let stopped = false;
    const done = Promise.all(
        clients.map(async (client) => {
            while (!stopped)
                try {
                    await sign(client);
                    figures.signed++;
                } catch (error) {
                    if (error instanceof Refusal && error.retryable && error.code === 'token_unavailable') figures.refused++;
                    else figures.failures.push(error.message);
                    await sleep(5);
                }
        }),
    );
    return {
        figures,
        stop: () => {
            stopped = true;
            return done;
        },
    };
}

// Milliseconds from now until a signature was asked for and given.
async function until_signature(client) {
    const begun = performance.now();
    for (;;)
        try {
            await sign(client);
            return performance.now() - begun;
        } catch (error) {
            if (!(error instanceof Refusal) || !error.retryable) throw error;
            assert.ok(performance.now() - begun < 10000 * slowness, 'no signature within 10 s');
            await sleep(2);
        }
}

test('the token process killed under load: signatures again within 300 ms', async (t) => {
    const clients = await Promise.all([1, 2, 3].map(() => daemon.connect()));
    const running = load(clients);
    await sleep(100);
    const times = [];
    for (let i = 0; i < kills; i++) {
        daemon.note_processes();
        const { token } = daemon.processes();
        assert.ok(token, 'there is a token process');
        process.kill(token, 'SIGKILL');
        times.push(await until_signature(connection));
        await sleep(150);
    }
    await running.stop();
    t.diagnostic(`recovery: median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms; ` +
        `${running.figures.signed} signed, ${running.figures.refused} refused retryably meanwhile`);
    assert.deepEqual(running.figures.failures, []);
    assert.ok(median(times) < 300 * slowness, `median ${median(times)} ms`);
    assert.ok(Math.max(...times) < 1000 * slowness, `worst ${Math.max(...times)} ms`);
});

test('the upstream helper killed under load: no signature is late', async (t) => {
    const running = load([await daemon.connect()]);
    const times = [];
    for (let i = 0; i < 3; i++) {
        daemon.note_processes();
        const { upstream } = daemon.processes();
        assert.ok(upstream, 'there is an upstream helper');
        process.kill(upstream, 'SIGKILL');
        times.push(await until_signature(connection));
        const until = Date.now() + 5000 * slowness;
        while ((daemon.processes().upstream ?? upstream) === upstream && Date.now() < until) await sleep(10);
        assert.ok(daemon.processes().upstream && daemon.processes().upstream !== upstream, 'it was started again');
        await sleep(200);
    }
    await running.stop();
    t.diagnostic(`worst signature meanwhile ${Math.max(...times).toFixed(1)} ms`);
    assert.deepEqual(running.figures.failures, []);
    assert.equal(running.figures.refused, 0);
    assert.ok(Math.max(...times) < 300 * slowness);
});

test('a token process that hangs is replaced; requests that need no token go on', async (t) => {
    daemon.note_processes();
    const { token } = daemon.processes();
    process.kill(token, 'SIGSTOP');
    const begun = performance.now();
    const pending = sign(connection).then(
        () => ({ signed: true, took: performance.now() - begun }),
        (refusal) => ({ refusal, took: performance.now() - begun }),
    );
    const other = await daemon.connect();
    let served = 0;
    let finished = false;
    pending.then(() => (finished = true));
    while (!finished) {
        const asked = performance.now();
        assert.ok((await other.call('key.list')).keys.length >= 2);
        assert.ok(performance.now() - asked < 250 * slowness, 'key.list waits for the token');
        served++;
        await sleep(20);
        assert.ok(performance.now() - begun < 10000 * slowness, 'the request was never answered');
    }
    const outcome = await pending;
    t.diagnostic(`answered after ${outcome.took.toFixed(0)} ms (${outcome.signed ? 'signed' : outcome.refusal.code}), ${served} other requests meanwhile`);
    if (outcome.refusal) {
        assert.ok(['deadline_exceeded', 'token_unavailable'].includes(outcome.refusal.code), outcome.refusal.message);
        assert.equal(outcome.refusal.retryable, true);
    }
    assert.ok(outcome.took < 5500 * slowness, 'the answer came after its deadline');
    await until_signature(connection);
    assert.ok(!alive(token), 'the hanging process is gone');
    assert.ok(served > 10);
});

test('restarts are counted', async () => {
    const status = JSON.stringify(await connection.call('system.status'));
    assert.match(status, /restarts/);
});

test('the token process is asked not too often when it cannot start', async () => {
    // Killed as soon as it appears, again and again: the front backs off. SoftHSM2 rewrites
    // token.object at each login, truncating it first: a kill in between loses the token, which is
    // not what is asked here, so a lost file is put back.
    const tokens = path.join(daemon.dir, 'tokens');
    const copy = path.join(daemon.dir, 'tokens.copy');
    fs.cpSync(tokens, copy, { recursive: true });
    const seen = new Set();
    const until = Date.now() + 1500;
    while (Date.now() < until) {
        daemon.note_processes();
        const { token } = daemon.processes();
        if (token) {
            seen.add(token);
            try {
                process.kill(token, 'SIGKILL');
            } catch {
                // gone meanwhile
            }
        }
        await sleep(2);
    }
    assert.ok(seen.size < 60, `${seen.size} processes were started in 1.5 s`);
    for (const name of fs.readdirSync(tokens, { recursive: true })) {
        const file = path.join(tokens, name);
        if (name.endsWith('token.object') && fs.statSync(file).size === 0) fs.copyFileSync(path.join(copy, name), file);
    }
    await daemon.wait_ready(15000 * slowness);
    await until_signature(connection);
});
