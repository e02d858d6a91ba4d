// One connection to the daemon's socket: calls by id, and raw bytes where a test needs them.
import * as net from 'node:net';
import { once } from 'node:events';

export class Refusal extends Error {
    constructor(error) {
        super(`${error.data?.code ?? error.code}: ${error.message}`);
        this.error = error;
        this.code = error.data?.code;
        this.rpc = error.code;
        this.pointer = error.data?.pointer;
        this.rule = error.data?.rule;
        this.retryable = error.data?.retryable;
        this.text = error.message;
    }
}

// No request may take longer, whatever it asks: the daemon's own deadline is 5 s.
const answer_limit_ms = 20000 * Number(process.env.PARASIGN_SLOW ?? 1);

export class Connection {
    static async open(path) {
        const connection = new Connection();
        connection.next_id = 1;
        connection.waiting = new Map();
        connection.lines = [];
        connection.line_waiters = [];
        connection.closed = false;
        connection.socket = net.connect({ path, allowHalfOpen: true });
        let rest = '';
        connection.socket.setEncoding('utf8');
        connection.socket.on('data', (data) => {
            rest += data;
            let end;
            while ((end = rest.indexOf('\n')) >= 0) {
                connection.#line(rest.slice(0, end));
                rest = rest.slice(end + 1);
            }
        });
        const gone = () => {
            connection.closed = true;
            for (const { reject } of connection.waiting.values()) reject(new Error('the connection was closed'));
            connection.waiting.clear();
            for (const waiter of connection.line_waiters.splice(0)) waiter(null);
        };
        connection.socket.on('end', gone);
        connection.socket.on('close', gone);
        await once(connection.socket, 'connect');
        connection.socket.on('error', gone);
        return connection;
    }

    #line(text) {
        let answer = null;
        try {
            answer = JSON.parse(text);
        } catch {
            // a raw line for those who wait for one
        }
        const waiter = answer && !Array.isArray(answer) ? this.waiting.get(answer.id) : undefined;
        if (waiter) {
            this.waiting.delete(answer.id);
            if ('error' in answer) waiter.reject(new Refusal(answer.error));
            else waiter.resolve(answer.result);
            return;
        }
        if (this.line_waiters.length) this.line_waiters.shift()(text);
        else this.lines.push(text);
    }

    // Resolves to the result, rejects with Refusal.
    call(method, params = {}) {
        const id = this.next_id++;
        return new Promise((resolve, reject) => {
            if (this.closed) {
                reject(new Error('the connection was closed'));
                return;
            }
            const timer = setTimeout(() => {
                this.waiting.delete(id);
                reject(new Error(`${method} was not answered within ${answer_limit_ms} ms`));
            }, answer_limit_ms);
            const ending = (settle) => (value) => {
                clearTimeout(timer);
                settle(value);
            };
            this.waiting.set(id, { resolve: ending(resolve), reject: ending(reject) });
            this.socket.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
        });
    }

    // Resolves to the refusal; fails when the call was done.
    async refusal(method, params = {}) {
        let result;
        try {
            result = await this.call(method, params);
        } catch (error) {
            if (error instanceof Refusal) return error;
            throw error;
        }
        throw new Error(`${method} was answered and should have been refused: ${JSON.stringify(result).slice(0, 300)}`);
    }

    write(bytes) {
        this.socket.write(bytes);
    }

    // The next line nobody waits for by id; null when the daemon closed; undefined after limit_ms.
    line(limit_ms = 10000) {
        if (this.lines.length) return Promise.resolve(this.lines.shift());
        if (this.closed) return Promise.resolve(null);
        return new Promise((resolve) => {
            const waiter = (text) => {
                clearTimeout(timer);
                resolve(text);
            };
            const timer = setTimeout(() => {
                this.line_waiters.splice(this.line_waiters.indexOf(waiter), 1);
                resolve(undefined);
            }, limit_ms);
            this.line_waiters.push(waiter);
        });
    }

    close() {
        this.socket.destroy();
    }
}
