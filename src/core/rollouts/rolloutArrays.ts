import { GammaError } from "../../shared/errors";
import type { Rollout } from "../../shared/policy/rollout";

/** Numbers of a file, row after row. */
export interface NumberRows {
	readonly rows: number;
	readonly columns: number;
	readonly values: Float64Array;
}

/** What a rollout is checked against: the model's sizes. */
export interface RolloutSizes {
	readonly nq: number;
	readonly nv: number;
	readonly nu: number;
	readonly na: number;
	/** Seconds; taken where the file says neither times nor `dt`. */
	readonly timestep: number;
}

export type RolloutArrays = Partial<Record<"qpos" | "qvel" | "ctrl" | "reward" | "time" | "dt", NumberRows>>;

/** Numbers of all arrays together: 400 MB. */
export const maxRolloutNumbers = 50_000_000;

export function unreadableRollout(reason: string): GammaError {
	return new GammaError("rollout.unreadable", `The rollout cannot be read: ${reason}.`);
}

/** A rollout of its arrays. Throws `rollout.unreadable` with what was expected and what was found where a size is not the model's. */
export function rolloutOfArrays(arrays: RolloutArrays, sizes: RolloutSizes): Rollout {
	const { qpos } = arrays;
	if (!qpos) throw unreadableRollout('it has no "qpos"');
	const { nq, nv, nu, timestep } = sizes;
	const length = qpos.rows;
	if (length === 0) throw unreadableRollout("it has no rows");
	const rowsOf = (name: "qpos" | "qvel" | "ctrl" | "reward" | "time", columns: number): Float64Array | null => {
		const found = arrays[name];
		if (!found) return null;
		if (found.columns !== columns) {
			throw unreadableRollout(`${name} has ${found.columns} columns, the model has ${columns}`);
		}
		return sized(name, found, length, columns);
	};
	const time = rowsOf("time", 1);
	const said = arrays.dt?.values[0];
	const dt = said ?? stepOf(time) ?? timestep;
	if (!(dt > 0 && dt < 1e6)) throw unreadableRollout(`its step of ${dt} s is no time`);
	return {
		...{ nq, nv, nu, length, dt, time: time && isIncreasing(time) ? time : null },
		qpos: rowsOf("qpos", nq) ?? new Float64Array(0),
		...{ qvel: rowsOf("qvel", nv), ctrl: rowsOf("ctrl", nu), reward: rowsOf("reward", 1) },
	};
}

/** Controls and rewards belong to steps, of which there is one less than moments. */
function sized(name: string, { rows, values }: NumberRows, length: number, columns: number): Float64Array {
	if (rows === length) return values;
	if (rows === length - 1 && (name === "ctrl" || name === "reward")) {
		const padded = new Float64Array(length * columns);
		padded.set(values);
		return padded;
	}
	throw unreadableRollout(`${name} has ${rows} rows, qpos has ${length}`);
}

function stepOf(time: Float64Array | null): number | null {
	if (time === null || time.length < 2) return null;
	return ((time.at(-1) ?? 0) - (time[0] ?? 0)) / (time.length - 1);
}

function isIncreasing(time: Float64Array): boolean {
	for (let at = 1; at < time.length; at++) if (!((time[at] ?? 0) >= (time[at - 1] ?? 0))) return false;
	return time.length > 0;
}

/**
 * A rollout of one table whose columns have no names: qpos; qpos and qvel; qpos, qvel and ctrl; or MuJoCo's own full physics state
 * (time, qpos, qvel, act), as its `rollout` module gives it.
 */
export function rolloutOfTable(table: NumberRows, sizes: RolloutSizes): Rollout {
	const { nq, nv, nu, na } = sizes;
	const part = (from: number, columns: number): NumberRows => {
		const values = new Float64Array(table.rows * columns);
		for (let row = 0; row < table.rows; row++) {
			const start = row * table.columns + from;
			values.set(table.values.subarray(start, start + columns), row * columns);
		}
		return { rows: table.rows, columns, values };
	};
	const full = table.columns === 1 + nq + nv + na;
	if (full && (table.columns !== nq + nv + nu || isClock(part(0, 1).values))) {
		return rolloutOfArrays({ time: part(0, 1), qpos: part(1, nq), qvel: part(1 + nq, nv) }, sizes);
	}
	switch (table.columns) {
		case nq:
			return rolloutOfArrays({ qpos: table }, sizes);
		case nq + nv:
			return rolloutOfArrays({ qpos: part(0, nq), qvel: part(nq, nv) }, sizes);
		case nq + nv + nu:
			return rolloutOfArrays({ qpos: part(0, nq), qvel: part(nq, nv), ctrl: part(nq + nv, nu) }, sizes);
		default:
			throw unreadableRollout(
				`its rows have ${table.columns} numbers; of this model ${nq} (qpos), ${nq + nv} (with qvel), ${nq + nv + nu} (with ctrl) or ${1 + nq + nv + na} (time, qpos, qvel, act) are expected`,
			);
	}
}

/** Longer steps than this are not recorded; what grows faster is a position. */
const longestStep = 0.5;

function isClock(values: Float64Array): boolean {
	const step = (values[1] ?? 0) - (values[0] ?? 0);
	if (!(step > 0 && step <= longestStep)) return false;
	for (let at = 1; at < values.length; at++) {
		if (Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0) - step) > step * 1e-3) return false;
	}
	return true;
}
