import type { Rollout } from "../../shared/policy/rollout";

/** A rollout as `numpy.load` reads it: qpos, and where they are there qvel, ctrl, reward, time; dt. Stored, not deflated. */
export function toNpz(rollout: Rollout): Uint8Array {
	const { length, nq, nv, nu, dt } = rollout;
	const entries: [string, Uint8Array][] = [["qpos", toNpy(rollout.qpos, [length, nq])]];
	if (rollout.qvel) entries.push(["qvel", toNpy(rollout.qvel, [length, nv])]);
	if (rollout.ctrl) entries.push(["ctrl", toNpy(rollout.ctrl, [length, nu])]);
	if (rollout.reward) entries.push(["reward", toNpy(rollout.reward, [length])]);
	if (rollout.time) entries.push(["time", toNpy(rollout.time, [length])]);
	entries.push(["dt", toNpy(Float64Array.of(dt), [])]);
	return toZip(entries.map(([name, bytes]) => [`${name}.npy`, bytes]));
}

/** A rollout for `JSON.stringify` or its like: rows as lists. */
export function toRolloutJson({ length, nq, nv, nu, dt, ...arrays }: Rollout): Record<string, unknown> {
	const rows = (values: Float64Array | null, columns: number) =>
		values && Array.from({ length }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
	return {
		dt,
		qpos: rows(arrays.qpos, nq),
		qvel: rows(arrays.qvel, nv),
		ctrl: rows(arrays.ctrl, nu),
		reward: arrays.reward && [...arrays.reward],
		time: arrays.time && [...arrays.time],
	};
}

/** Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0. */
export function toNpy(values: Float64Array, shape: readonly number[]): Uint8Array {
	const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
	const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sizes}), }`;
	// The values begin at a multiple of 64.
	const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
	const bytes = new Uint8Array(10 + padded.length + values.length * 8);
	bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, padded.length & 0xff, padded.length >> 8]);
	bytes.set(new TextEncoder().encode(padded), 10);
	const view = new DataView(bytes.buffer, 10 + padded.length);
	for (let at = 0; at < values.length; at++) view.setFloat64(at * 8, values[at] ?? 0, true);
	return bytes;
}

/** A zip of stored entries with the same date each, so that the same numbers are the same bytes. PKWARE's APPNOTE.TXT, 4.3. */
function toZip(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
	const parts: Uint8Array[] = [];
	const directory: Uint8Array[] = [];
	let offset = 0;
	for (const [name, bytes] of entries) {
		const common = commonFields(name, bytes);
		const local = record(0x04034b50, [...common, [2, 0]], name);
		const fields: Field[] = [[2, 20], ...common, [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]];
		directory.push(record(0x02014b50, fields, name));
		parts.push(local, bytes);
		offset += local.length + bytes.length;
	}
	const size = directory.reduce((sum, { length }) => sum + length, 0);
	const counts: Field[] = [
		[2, 0],
		[2, 0],
		[2, entries.length],
		[2, entries.length],
		[4, size],
		[4, offset],
		[2, 0],
	];
	return joined([...parts, ...directory, record(0x06054b50, counts, "")]);
}

/** Bytes and value. */
type Field = readonly [2 | 4, number];

/** Version 2.0, no flags, stored, 1980-01-01. */
function commonFields(name: string, bytes: Uint8Array): Field[] {
	return [
		[2, 20],
		[2, 0],
		[2, 0],
		[2, 0],
		[2, 0x21],
		[4, crc32(bytes)],
		[4, bytes.length],
		[4, bytes.length],
		[2, name.length],
	];
}

function record(signature: number, fields: readonly Field[], name: string): Uint8Array {
	const length = 4 + fields.reduce((sum, [size]) => sum + size, 0);
	const bytes = new Uint8Array(length + name.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, signature, true);
	let at = 4;
	for (const [size, value] of fields) {
		if (size === 2) view.setUint16(at, value, true);
		else view.setUint32(at, value, true);
		at += size;
	}
	bytes.set(new TextEncoder().encode(name), at);
	return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
	let rest = byte;
	for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
	return rest;
});

/** CRC-32 as in zip (ISO 3309). */
function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}
