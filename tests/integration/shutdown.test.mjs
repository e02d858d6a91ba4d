// The end of the daemon: asked for, or by SIGKILL; and its start after that.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, run, slowness, bin } from './support/daemon.mjs';
import { Connection, Refusal } from './support/connection.mjs';
import { alive, median } from './support/processes.mjs';

const order = { market: 'BTC-USD-PERP', side: 'BUY', type: 'LIMIT', size: '1', price: '50000' };
const sign = (client) => client.call('paradex.sign_order', { account: 'desk', order });

async function with_daemon(options, body) {
    const daemon = await Daemon.start(options);
    try {
        await body(daemon, await daemon.connect());
    } finally {
        await daemon.stop();
    }
}

test('SIGTERM answers what is in flight and leaves nothing', () =>
    with_daemon({}, async (daemon, connection) => {
        daemon.note_processes();
        const pids = [...daemon.pids];
        assert.ok(pids.length >= 3, 'front and two helpers at least');
        const requests = Array.from({ length: 60 }, () => sign(connection).then(() => 'signed', (error) => error));
        await sleep(5);
        const how = await daemon.terminate();
        assert.equal(how.code, 0, JSON.stringify(how));
        const outcomes = await Promise.all(requests);
        for (const outcome of outcomes)
            assert.ok(outcome === 'signed' || (outcome instanceof Refusal && outcome.code === 'shutting_down'), String(outcome));
        assert.ok(outcomes.includes('signed'));
        assert.ok(!fs.existsSync(daemon.socket), 'the socket is gone');
        await sleep(50);
        assert.deepEqual(pids.filter(alive), []);
    }));

test('SIGKILL of the front ends its helpers at once; the next start serves soon', (t) =>
    with_daemon({}, async (daemon, connection) => {
        const times = [];
        for (let i = 0; i < 5; i++) {
            connection.close();
            daemon.note_processes();
            const pids = Object.values(daemon.processes());
            assert.ok(pids.length >= 3);
            daemon.child.kill('SIGKILL');
            await daemon.exited;
            const until = Date.now() + 1000 * slowness;
            while (pids.some(alive) && Date.now() < until) await sleep(5);
            assert.deepEqual(pids.filter(alive), [], 'helpers are left');
            const begun = performance.now();
            await daemon.launch();
            connection = await daemon.connect();
            for (;;)
                try {
                    await sign(connection);
                    break;
                } catch (error) {
                    assert.ok(error instanceof Refusal && performance.now() - begun < 5000 * slowness, error.message);
                    await sleep(2);
                }
            times.push(performance.now() - begun);
        }
        t.diagnostic(`start to first signature: median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms`);
        assert.ok(median(times) < 200 * slowness, `median ${median(times)} ms`);
    }));

test('a request that comes while the token logs in waits for it', () =>
    with_daemon({}, async (daemon, connection) => {
        connection.close();
        await daemon.terminate();
        await daemon.launch();
        const early = await daemon.connect();
        await sign(early);
    }));

test('a second daemon on the same socket is refused and the first goes on', () =>
    with_daemon({}, async (daemon, connection) => {
        const second = await run(`${bin}/parasignd`, ['--config', daemon.config_file], { env: { SOFTHSM2_CONF: daemon.conf } });
        assert.notEqual(second.code, 0);
        assert.match(second.stderr + second.stdout, /already|another|in use|running/i);
        await sign(connection);
        assert.ok(fs.existsSync(daemon.socket));
    }));

test('a socket left by a killed daemon is taken over', () =>
    with_daemon({ keys: null }, async (daemon) => {
        // The keeper would tidy up after the front, so it is killed too.
        daemon.note_processes();
        const { keeper } = daemon.processes();
        process.kill(keeper, 'SIGSTOP');
        daemon.child.kill('SIGKILL');
        await daemon.exited;
        process.kill(keeper, 'SIGKILL');
        const until = Date.now() + 1000 * slowness;
        while ([...daemon.pids].some(alive) && Date.now() < until) await sleep(5);
        assert.deepEqual([...daemon.pids].filter(alive), [], 'helpers outlive their keeper');
        assert.ok(fs.existsSync(daemon.socket));
        await daemon.launch();
        await daemon.wait_ready();
    }));

test('no new connection is taken after SIGTERM', () =>
    with_daemon({ keys: null }, async (daemon) => {
        daemon.note_processes();
        daemon.child.kill('SIGTERM');
        await daemon.exited;
        await assert.rejects(Connection.open(daemon.socket));
    }));
