// Starts the real daemon on a throw-away SoftHSM2 token in a temporary folder, and ends it again.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { alive, tree } from './processes.mjs';

export const root = path.resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
export const bin = process.env.PARASIGN_BIN ?? path.join(root, 'build/release/bin');
// Sanitizers make everything some times slower; limits in milliseconds are multiplied by this.
export const slowness = process.env.PARASIGN_SLOW ? Number(process.env.PARASIGN_SLOW) : 1;

export const module_path = [
    process.env.SOFTHSM2_MODULE,
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((file) => file && fs.existsSync(file));

// Runs a program to its end. Resolves to {code, stdout, stderr}; never rejects on an exit code.
export function run(file, args, { input, env, cwd, timeout = 30000 * slowness, uid } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(file, args, { env: { ...process.env, ...env }, cwd, uid, stdio: ['pipe', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
        child.stdout.on('data', (data) => (stdout += data));
        child.stderr.on('data', (data) => (stderr += data));
        child.on('error', reject);
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            resolve({ code, signal, stdout, stderr });
        });
        child.stdin.on('error', () => {});
        child.stdin.end(input ?? '');
    });
}

// A test that is ended by a signal or an exception leaves no daemon behind.
const running = new Set();
const folders = new Set();
process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));

function merged(base, extra) {
    if (extra === undefined) return base;
    if (Array.isArray(extra) || typeof extra !== 'object' || extra === null) return extra;
    const result = { ...base };
    for (const [key, value] of Object.entries(extra)) result[key] = merged(base?.[key] ?? {}, value);
    return result;
}

export const everything = (uid = process.getuid()) => [
    { name: 'owner', uid, methods: ['*'], keys: ['*', '*.main'] },
];

export class Daemon {
    // options:
    //   config   merged over the default configuration (JSON is YAML)
    //   keys     [[name, kind], ...] generated after the start; null: none
    //   ready    false: do not wait for a ready token
    //   token    false: no token is made
    //   env      more environment for the daemon
    static async start(options = {}) {
        const daemon = new Daemon();
        daemon.options = options;
        daemon.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'parasign-test-'));
        folders.add(daemon.dir);
        daemon.socket = path.join(daemon.dir, 'parasign.sock');
        daemon.log = path.join(daemon.dir, 'parasignd.log');
        daemon.conf = path.join(daemon.dir, 'softhsm2.conf');
        daemon.pin_file = path.join(daemon.dir, 'pin');
        daemon.connections = [];
        daemon.pids = new Set();
        for (const folder of ['tokens', 'state', 'audit'])
            fs.mkdirSync(path.join(daemon.dir, folder), { mode: 0o700 });
        fs.writeFileSync(
            daemon.conf,
            `directories.tokendir = ${daemon.dir}/tokens\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`,
        );
        daemon.pin = randomBytes(8).toString('hex');
        fs.writeFileSync(daemon.pin_file, daemon.pin + '\n', { mode: 0o600 });
        try {
            if (options.token !== false) await daemon.init_token('parasign-test');
            daemon.write_config();
            await daemon.launch();
            if (options.ready !== false) await daemon.wait_ready();
            const keys = options.keys === undefined ? [['desk.main', 'stark'], ['desk.sub.trader', 'stark']] : options.keys;
            if (keys) {
                const connection = await daemon.connect();
                for (const [name, kind] of keys) await connection.call('key.generate', { name, kind });
            }
        } catch (error) {
            const log = fs.existsSync(daemon.log) ? fs.readFileSync(daemon.log, 'utf8').slice(-4000) : '';
            await daemon.stop();
            error.message += `\n--- parasignd.log\n${log}`;
            throw error;
        }
        return daemon;
    }

    async init_token(label, pin = this.pin) {
        const so = path.join(this.dir, 'so-pin');
        const user = path.join(this.dir, 'init-pin');
        fs.writeFileSync(so, randomBytes(8).toString('hex'), { mode: 0o600 });
        fs.writeFileSync(user, pin, { mode: 0o600 });
        const made = await run(
            path.join(bin, 'parasign'),
            ['token', 'init', '--uri', `pkcs11:?module-path=${module_path}`, '--label', label, '--so-pin-file', so, '--pin-file', user],
            { env: { SOFTHSM2_CONF: this.conf } },
        );
        fs.rmSync(user);
        if (made.code !== 0) throw new Error(`token init: ${made.stdout}${made.stderr}`);
    }

    uri({ label = 'parasign-test', module = module_path, pin_source = `file:${this.pin_file}` } = {}) {
        return `pkcs11:token=${label}?module-path=${module}` + (pin_source ? `&pin-source=${pin_source}` : '');
    }

    write_config(extra = {}) {
        this.config_file = path.join(this.dir, 'parasign.yaml');
        const base = {
            socket: { path: this.socket },
            state_dir: path.join(this.dir, 'state'),
            audit: { dir: path.join(this.dir, 'audit') },
            token: {
                uri: this.uri(),
                read_paths: [this.conf],
                write_paths: [path.join(this.dir, 'tokens')],
            },
            accounts: [
                { name: 'desk', kind: 'starknet', environment: 'testnet', default_key: 'desk.sub.trader' },
            ],
            clients: everything(),
        };
        const option = typeof this.options.config === 'function' ? this.options.config(this) : this.options.config;
        this.config = merged(merged(base, option), extra);
        fs.writeFileSync(this.config_file, JSON.stringify(this.config, null, 1) + '\n', { mode: 0o600 });
    }

    // Starts parasignd and waits until the socket takes connections.
    async launch() {
        const log = fs.openSync(this.log, 'a');
        this.child = spawn(path.join(bin, 'parasignd'), ['--config', this.config_file], {
            env: { ...process.env, SOFTHSM2_CONF: this.conf, ...this.options.env },
            stdio: ['ignore', log, log],
            detached: true,
        });
        fs.closeSync(log);
        running.add(this.child);
        const child = this.child;
        this.exited = once(child, 'exit').then(([code, signal]) => {
            running.delete(child);
            return { code, signal };
        });
        let ended = null;
        this.exited.then((how) => (ended = how));
        const until = Date.now() + 10000 * slowness;
        for (;;) {
            if (ended) throw new Error(`parasignd ended at its start: ${JSON.stringify(ended)}`);
            try {
                (await Connection.open(this.socket)).close();
                break;
            } catch (error) {
                if (Date.now() > until) throw error;
                await sleep(2);
            }
        }
    }

    // Ends it and starts it again, on the same token, with changes to the configuration.
    async relaunch(extra = {}) {
        await this.terminate();
        this.write_config(extra);
        await this.launch();
        await this.wait_ready();
    }

    get pid() {
        return this.child.pid;
    }

    async wait_ready(limit = 10000 * slowness) {
        const connection = await Connection.open(this.socket);
        const until = Date.now() + limit;
        try {
            for (;;) {
                const status = await connection.call('system.status');
                if (status.token.state === 'ready') {
                    this.note_processes();
                    return status;
                }
                if (Date.now() > until) throw new Error(`the token is not ready: ${JSON.stringify(status.token)}`);
                await sleep(10);
            }
        } finally {
            connection.close();
        }
    }

    async connect() {
        const connection = await Connection.open(this.socket);
        this.connections.push(connection);
        return connection;
    }

    // {front, keeper, token, upstream}: pids as they are now; those away are undefined.
    processes() {
        const found = { front: this.child.pid };
        for (const { pid, name } of tree(this.child.pid)) {
            if (pid === this.child.pid) continue;
            if (name === 'parasign-token') found.token = pid;
            else if (name === 'parasign-upstream') found.upstream = pid;
            else found.keeper = pid;
        }
        return found;
    }

    note_processes() {
        for (const pid of Object.values(this.processes())) this.pids.add(pid);
    }

    // The command line; resolves to {code, stdout, stderr}.
    cli(args, options = {}) {
        return run(path.join(bin, 'parasign'), ['--socket', this.socket, ...args], options);
    }

    async terminate(limit = 15000 * slowness) {
        if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
            this.note_processes();
            this.child.kill('SIGTERM');
            const how = await Promise.race([this.exited, sleep(limit, null, { ref: false })]);
            if (!how) {
                this.child.kill('SIGKILL');
                await this.exited;
                throw new Error('parasignd did not end after SIGTERM');
            }
            return how;
        }
        return this.child ? this.exited : null;
    }

    // Ends the daemon and removes the folder. Fails when a process of it is left.
    async stop() {
        for (const connection of this.connections) connection.close();
        let failure = null;
        try {
            await this.terminate();
        } catch (error) {
            failure = error;
        }
        const until = Date.now() + 3000;
        let left;
        while ((left = [...this.pids].filter((pid) => alive(pid))).length && Date.now() < until) await sleep(10);
        for (const pid of left)
            try {
                process.kill(pid, 'SIGKILL');
            } catch {
                // it ended meanwhile
            }
        fs.rmSync(this.dir, { recursive: true, force: true });
        folders.delete(this.dir);
        if (failure) throw failure;
        if (left.length) throw new Error(`processes were left behind: ${left.join(' ')}`);
    }
}
