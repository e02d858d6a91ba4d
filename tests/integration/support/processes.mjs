// What /proc says of processes.
import * as fs from 'node:fs';
import * as path from 'node:path';

function stat(pid) {
    try {
        const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return { state: fields[0], parent: Number(fields[1]) };
    } catch {
        return null;
    }
}

export function alive(pid) {
    const now = stat(pid);
    return now !== null && now.state !== 'Z';
}

function name(pid) {
    try {
        const first = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0];
        return path.basename(first);
    } catch {
        return '';
    }
}

// The process and all that descend from it: [{pid, name}].
export function tree(pid) {
    const children = new Map();
    for (const entry of fs.readdirSync('/proc')) {
        if (!/^[0-9]+$/.test(entry)) continue;
        const now = stat(entry);
        if (!now || now.state === 'Z') continue;
        if (!children.has(now.parent)) children.set(now.parent, []);
        children.get(now.parent).push(Number(entry));
    }
    const found = [];
    const visit = (at) => {
        found.push({ pid: at, name: name(at) });
        for (const child of children.get(at) ?? []) visit(child);
    };
    visit(pid);
    return found;
}

// Fields of /proc/PID/status as texts.
export function status(pid) {
    const fields = {};
    for (const line of fs.readFileSync(`/proc/${pid}/status`, 'utf8').split('\n')) {
        const colon = line.indexOf(':');
        if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trim();
    }
    return fields;
}

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
