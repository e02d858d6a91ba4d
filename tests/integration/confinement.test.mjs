// What the kernel says of the running processes, and what they cannot reach.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { Daemon } from './support/daemon.mjs';
import { status } from './support/processes.mjs';

let daemon, connection, pids;
before(async () => {
    daemon = await Daemon.start({ keys: null });
    connection = await daemon.connect();
    await connection.call('token.ping');
    const deadline = Date.now() + 5000;
    do pids = daemon.processes();
    while (!(pids.upstream && pids.token) && Date.now() < deadline);
});
after(() => daemon?.stop());

// The processes are not dumpable, so the kernel shows their inside to root only.
const inside = { skip: process.getuid() !== 0 && 'needs root to look into the processes' };
const sandboxed = ['front', 'token', 'upstream'];

test('there are a front, a token process and an upstream helper', () => {
    for (const name of sandboxed) assert.ok(pids[name], name);
});

test('seccomp filters and no-new-privileges are on', () => {
    for (const name of sandboxed) {
        const fields = status(pids[name]);
        assert.equal(fields.NoNewPrivs, '1', name);
        assert.equal(fields.Seccomp, '2', name);
    }
});

test('no core is written', () => {
    for (const name of sandboxed) {
        const line = fs.readFileSync(`/proc/${pids[name]}/limits`, 'utf8').split('\n').find((text) => text.startsWith('Max core file size'));
        assert.match(line, /^Max core file size\s+0\s+0\s/, name);
    }
});

test('the processes are not dumpable: their /proc files belong to root', { skip: process.getuid() === 0 && 'to root they belong anyway' }, () => {
    for (const name of sandboxed) assert.equal(fs.statSync(`/proc/${pids[name]}/environ`).uid, 0, name);
});

test('only the front holds the client socket, and only the token process the module', inside, () => {
    const maps = (pid) => fs.readFileSync(`/proc/${pid}/maps`, 'utf8');
    assert.match(maps(pids.token), /libsofthsm2/);
    assert.doesNotMatch(maps(pids.front), /softhsm|libp11\.|libcurl/);
    assert.doesNotMatch(maps(pids.upstream), /softhsm|libp11\./);
    assert.match(maps(pids.upstream), /libcurl/);
    assert.doesNotMatch(maps(pids.token), /libcurl/);
});

test('no process listens on or is connected to a network', inside, () => {
    for (const name of sandboxed) {
        const inodes = new Set();
        for (const table of ['tcp', 'tcp6', 'udp', 'udp6'])
            for (const line of fs.readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
                const inode = line.trim().split(/\s+/)[9];
                if (inode) inodes.add(`socket:[${inode}]`);
            }
        for (const fd of fs.readdirSync(`/proc/${pids[name]}/fd`)) {
            let target;
            try {
                target = fs.readlinkSync(`/proc/${pids[name]}/fd/${fd}`);
            } catch {
                continue;
            }
            assert.ok(!inodes.has(target), `${name} has ${target}`);
        }
    }
});

test('command lines and environments hold no PIN', inside, () => {
    for (const pid of Object.values(pids))
        for (const file of ['cmdline', 'environ'])
            assert.ok(!fs.readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(daemon.pin), file);
});

test('all processes together stay small', inside, (t) => {
    let total = 0;
    for (const pid of Object.values(pids)) {
        const rollup = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        total += Number(/^Pss:\s+(\d+)/m.exec(rollup)[1]);
    }
    t.diagnostic(`proportional resident memory of all processes: ${(total / 1024).toFixed(1)} MB`);
    if (!process.env.PARASIGN_SLOW) assert.ok(total < 40 * 1024, `${total} kB`);
});
