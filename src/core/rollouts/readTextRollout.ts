import * as z from "zod/mini";
import type { Rollout } from "../../shared/policy/rollout";
import {
	maxRolloutNumbers,
	type NumberRows,
	type RolloutArrays,
	type RolloutSizes,
	rolloutOfArrays,
	rolloutOfTable,
	unreadableRollout,
} from "./rolloutArrays";

/** A number, or the words by which Gamma's JSON says those that JSON lacks. */
const number = z.union([z.number(), z.pipe(z.enum(["NaN", "Infinity", "-Infinity"]), z.transform(Number))]);
const rows = z.array(z.array(number));
const column = z.array(number);
const named = z.object({
	qpos: rows,
	qvel: z.optional(z.nullable(rows)),
	ctrl: z.optional(z.nullable(rows)),
	reward: z.optional(z.nullable(column)),
	time: z.optional(z.nullable(column)),
	dt: z.optional(number),
});

/** `{"qpos": [[…], …], "qvel": …, "ctrl": …, "reward": […], "time": […], "dt": …}`, or the rows alone. */
export function readJsonRollout(text: string, sizes: RolloutSizes): Rollout {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw unreadableRollout("it is not JSON");
	}
	const table = rows.safeParse(json);
	if (table.success) return rolloutOfTable(rowsOf("its rows", table.data), sizes);
	const parsed = named.safeParse(json);
	if (!parsed.success) {
		const path = parsed.error.issues[0]?.path.join(".") || "qpos";
		throw unreadableRollout(`${path} is not a list of rows of numbers`);
	}
	const { dt, reward, time, ...tables } = parsed.data;
	const arrays: RolloutArrays = {};
	for (const name of ["qpos", "qvel", "ctrl"] as const) {
		const found = tables[name];
		if (found) arrays[name] = rowsOf(name, found);
	}
	if (reward) arrays.reward = columnOf(reward);
	if (time) arrays.time = columnOf(time);
	if (dt !== undefined) arrays.dt = columnOf([dt]);
	return rolloutOfArrays(arrays, sizes);
}

function rowsOf(name: string, found: readonly (readonly number[])[]): NumberRows {
	const columns = found[0]?.length ?? 0;
	const uneven = found.findIndex((row) => row.length !== columns);
	if (uneven >= 0)
		throw unreadableRollout(`row ${uneven} of ${name} has ${found[uneven]?.length} numbers, row 0 has ${columns}`);
	return { rows: found.length, columns, values: Float64Array.from(found.flat()) };
}

function columnOf(values: readonly number[]): NumberRows {
	return { rows: values.length, columns: 1, values: Float64Array.from(values) };
}

/**
 * Separated values (commas, tabs, semicolons or spaces). With a header its columns are found by their names: `time`, `reward`,
 * and `qpos_0`, `qpos0` or `qpos[0]` and so on; other columns are left. Without one, by their number.
 */
export function readCsvRollout(text: string, sizes: RolloutSizes): Rollout {
	const lines = text
		.replace(/^\ufeff/, "")
		.split(/\r?\n/)
		.filter((line) => line.trim() !== "" && !line.startsWith("#"));
	const [first = ""] = lines;
	const delimiter = [",", "\t", ";"].find((char) => first.includes(char)) ?? /\s+/;
	const cells = (line: string): string[] =>
		line
			.trim()
			.split(delimiter)
			.map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
	const names = cells(first);
	const isHeader = names.some((name) => !isNumber(name));
	const body = isHeader ? lines.slice(1) : lines;
	const columns = names.length;
	if (body.length * columns > maxRolloutNumbers) throw unreadableRollout("it has too many numbers");
	const values = new Float64Array(body.length * columns);
	for (const [row, line] of body.entries()) {
		const found = cells(line);
		if (found.length !== columns)
			throw unreadableRollout(
				`line ${row + 1 + Number(isHeader)} has ${found.length} values, the first has ${columns}`,
			);
		for (const [at, cell] of found.entries()) {
			if (!isNumber(cell))
				throw unreadableRollout(
					`line ${row + 1 + Number(isHeader)} has ${JSON.stringify(cell.slice(0, 40))} where a number is expected`,
				);
			values[row * columns + at] = toNumber(cell);
		}
	}
	const table = { rows: body.length, columns, values };
	return isHeader ? rolloutOfArrays(byNames(names, table), sizes) : rolloutOfTable(table, sizes);
}

function byNames(names: readonly string[], table: NumberRows): RolloutArrays {
	const arrays: RolloutArrays = {};
	for (const name of ["qpos", "qvel", "ctrl", "reward", "time"] as const) {
		const found = names
			.map((written, column) => ({ column, index: indexOf(written, name) }))
			.filter((one): one is { column: number; index: number } => one.index !== null)
			.sort((a, b) => a.index - b.index);
		if (found.length === 0) continue;
		const values = new Float64Array(table.rows * found.length);
		for (let row = 0; row < table.rows; row++) {
			for (const [at, { column }] of found.entries()) {
				values[row * found.length + at] = table.values[row * table.columns + column] ?? 0;
			}
		}
		arrays[name] = { rows: table.rows, columns: found.length, values };
	}
	return arrays;
}

function indexOf(written: string, name: string): number | null {
	const [, word, index] = /^([a-z]+)[_.\s[]?(\d+)?\]?$/i.exec(written) ?? [];
	return word?.toLowerCase() === name ? Number(index ?? 0) : null;
}

function isNumber(cell: string): boolean {
	return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cell) || /^[-+]?(nan|inf|infinity)$/i.test(cell);
}

function toNumber(cell: string): number {
	if (/nan/i.test(cell)) return Number.NaN;
	if (/inf/i.test(cell)) return cell.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	return Number(cell);
}
