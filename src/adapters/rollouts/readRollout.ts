import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { isNpy } from "../../core/previews/npyHeader";
import { readNpyRows } from "../../core/rollouts/readNpyRows";
import { readCsvRollout, readJsonRollout } from "../../core/rollouts/readTextRollout";
import {
	maxRolloutNumbers,
	type RolloutArrays,
	type RolloutSizes,
	rolloutOfArrays,
	rolloutOfTable,
	unreadableRollout,
} from "../../core/rollouts/rolloutArrays";
import { GammaError } from "../../shared/errors";
import type { Rollout } from "../../shared/policy/rollout";
import { RangeReader } from "../previews/rangeReader";
import { openZipEntry, readZipDirectory } from "../previews/zipReader";

const maxFileBytes = 500 * 10 ** 6;
/** A text is held as a string, its rows and its numbers at once. */
const maxTextBytes = 100 * 10 ** 6;

/** Names under which arrays are written, in the order of preference. */
const names: Readonly<Record<keyof RolloutArrays, readonly string[]>> = {
	qpos: ["qpos", "qposes", "positions"],
	qvel: ["qvel", "qvels", "velocities"],
	ctrl: ["ctrl", "ctrls", "actions", "action"],
	reward: ["reward", "rewards"],
	time: ["time", "times", "t"],
	dt: ["dt", "timestep"],
};

/** A recorded rollout in a file. Rejects with `rollout.unreadable`: what is wrong, and where sizes differ what the model has. */
export async function readRolloutFile(path: string, sizes: RolloutSizes): Promise<Rollout> {
	const found = await stat(path).catch(() => null);
	if (!found?.isFile()) throw unreadableRollout(`there is no file ${path}`);
	if (found.size > maxFileBytes)
		throw unreadableRollout(`${basename(path)} is larger than ${maxFileBytes / 10 ** 6} MB`);
	return readRollout(basename(path), await readFile(path), sizes);
}

/** As `readRolloutFile`, of bytes that are here; what they are is told from themselves, and of texts from the name. */
export async function readRollout(name: string, bytes: Uint8Array, sizes: RolloutSizes): Promise<Rollout> {
	try {
		if (isNpy(bytes)) return rolloutOfTable(readNpyRows(bytes), sizes);
		if (startsWith(bytes, "PK")) return rolloutOfArrays(await readNpz(bytes), sizes);
	} catch (error) {
		if (!GammaError.is(error, "artifact.unreadable")) throw error;
		throw unreadableRollout(error.message.replace(/^It cannot be shown: /, "").replace(/\.$/, ""));
	}
	if (startsWith(bytes, "\x89HDF")) {
		throw unreadableRollout("HDF5 is not read by Gamma; save it with numpy.savez(file, qpos=…, qvel=…, ctrl=…)");
	}
	if (bytes.length > maxTextBytes)
		throw unreadableRollout(`a text of more than ${maxTextBytes / 10 ** 6} MB; save it as npz`);
	const text = new TextDecoder().decode(bytes);
	return /\.json$/i.test(name) || /^\s*[[{]/.test(text) ? readJsonRollout(text, sizes) : readCsvRollout(text, sizes);
}

async function readNpz(bytes: Uint8Array): Promise<RolloutArrays> {
	const reader = await RangeReader.open(
		async ({ offset, length }) => ({ bytes: bytes.subarray(offset, offset + length), totalBytes: bytes.length }),
		bytes.length,
		0,
	);
	const entries = await readZipDirectory(reader, 1000);
	const arrays: RolloutArrays = {};
	for (const [array, aliases] of Object.entries(names) as [keyof RolloutArrays, readonly string[]][]) {
		const entry = aliases
			.map((alias) => entries.find(({ name }) => name === `${alias}.npy`))
			.find((found) => found !== undefined);
		if (!entry) continue;
		if (entry.sizeBytes > maxRolloutNumbers * 8 + 12_000) throw unreadableRollout(`its ${array} is too large`);
		arrays[array] = readNpyRows(await (await openZipEntry(reader, entry))(entry.sizeBytes));
	}
	return arrays;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
	return [...text].every((char, at) => bytes[at] === char.charCodeAt(0));
}
