import { readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { lazy } from "../adapters/lazy/lazy";
import type { EpisodeResult } from "../adapters/mujoco/evaluateEpisode";
import { readPolicyFile } from "../core/rollouts/readPolicyFile";
import { toNpz, toRolloutJson } from "../core/rollouts/writeRollout";
import { formatNumber } from "../core/table/formatValue";
import { GammaError } from "../shared/errors";
import { type PolicyFile, policyFileName } from "../shared/policy/policyFile";
import { wholeNumber } from "./storeOption";
import type { Terminal } from "./terminal";
import { toJsonText } from "./toJsonText";

interface RolloutOptions {
	readonly policy?: string;
	readonly steps?: number;
	readonly seed?: number;
	readonly episodes?: number;
	readonly workers?: number;
	readonly save?: string;
	readonly json?: boolean;
}

const mostWorkers = 64;
const logEveryMs = 10_000;

export function addRollout(gamma: Command, terminal: Terminal): void {
	gamma
		.command("rollout")
		.description(
			"Runs a MuJoCo model (MJCF or URDF) without a window, by a policy or at rest, and scores its episodes.\n" +
				"The same seed gives the same episodes, on any number of workers.",
		)
		.argument("<model>", "the model's file; meshes, textures and includes are found as MuJoCo finds them")
		.option(
			"--policy <file>",
			"a policy.json, its folder, or an ONNX network beside one; without it the controls stay at rest",
		)
		.option("--steps <n>", "control steps of an episode at most", positiveNumber)
		.option("--seed <n>", "of start, noise and network alike; without it the policy's own, else 0", seedNumber)
		.option("--episodes <n>", "how many", positiveNumber)
		.option("--workers <n>", "threads to run them in", positiveNumber)
		.option(
			"--save <file>",
			"records the episodes as .npz or .json; of several, each with its number before the ending",
		)
		.option("--json", "print one JSON document and nothing else")
		.action((model: string, options: RolloutOptions) => rollout(model, options, terminal));
}

async function rollout(path: string, options: RolloutOptions, terminal: Terminal): Promise<void> {
	const { readModel, runEpisodes } = await lazy<typeof import("../adapters/lazy/mujoco")>("mujoco");
	const save = options.save && toSavedFile(options.save);
	const { policy, network } = await readPolicy(path, options.policy);
	const model = await readModel(resolve(path), process.cwd());
	const seed = options.seed ?? policy.seed ?? 0;
	const episodes = options.episodes ?? 1;
	const workers = Math.min(options.workers ?? 1, mostWorkers, episodes);
	const orders = Array.from({ length: episodes }, (_, number) => ({
		...{ number, seed, maxSteps: options.steps ?? null, records: save !== undefined },
	}));
	const results = await runEpisodes({ model, policy, network }, orders, {
		workers,
		workerPath: join(__dirname, "rolloutWorker.cjs"),
		onProgress: progressOn(terminal),
	});
	const saved = save ? await saveAll(results, save) : [];
	const scored = policy.reward !== undefined;
	const printed = {
		model: path,
		policy: options.policy ?? null,
		seed,
		workers,
		episodes: results.map((result) => toPrinted(result, scored)),
		...summaryOf(results, scored),
		saved,
	};
	if (options.json) terminal.writeJson(printed);
	else writeResults(terminal, results, scored, saved);
}

/** On a terminal one line that counts; in a log, where each is a line of its own, one every ten seconds. */
function progressOn(terminal: Terminal): (done: number, total: number) => void {
	let saidMs = performance.now();
	return (done, total) => {
		if (total === 1) return;
		if (process.stderr.isTTY) {
			terminal.warn(`\r${done} of ${total} episodes${done === total ? "\n" : ""}`);
		} else if (performance.now() - saidMs >= logEveryMs) {
			saidMs = performance.now();
			terminal.warn(`${done} of ${total} episodes\n`);
		}
	};
}

/** The policy's description and its network. Without one the model stays at rest for `--steps`, or 1,000, steps. */
async function readPolicy(model: string, given: string | undefined) {
	if (given === undefined) return { policy: { model } satisfies PolicyFile, network: null };
	const isNetwork = extname(given) === ".onnx";
	const file = isNetwork
		? join(dirname(given), policyFileName)
		: extname(given) === ".json"
			? given
			: join(given, policyFileName);
	const text = await readFile(file, "utf8").catch(() => {
		throw new GammaError(
			"policy.invalid",
			`There is no policy ${file}: name a policy.json, or the folder that holds one.`,
		);
	});
	const policy: PolicyFile = readPolicyFile(text, file);
	const path = isNetwork ? given : policy.onnx && join(dirname(file), policy.onnx);
	if (path === undefined) return { policy, network: null };
	const bytes = await readFile(path).catch(() => {
		throw new GammaError(
			"policy.invalid",
			isNetwork ? `There is no network ${path}.` : `${file} names the network ${policy.onnx}, which is not there.`,
		);
	});
	return { policy, network: { name: path, bytes: new Uint8Array(bytes) } };
}

function toSavedFile(path: string): { readonly stem: string; readonly ending: ".npz" | ".json" } {
	const ending = extname(path);
	if (ending === ".npz" || ending === ".json") return { stem: path.slice(0, -ending.length), ending };
	throw new GammaError(
		"rollout.unreadable",
		`A rollout is saved as .npz or .json, not as ${ending || "a file without an ending"}.`,
	);
}

async function saveAll(
	results: readonly EpisodeResult[],
	{ stem, ending }: { readonly stem: string; readonly ending: ".npz" | ".json" },
): Promise<readonly string[]> {
	const saved: string[] = [];
	for (const { number, rollout } of results) {
		if (!rollout) continue;
		const path = results.length === 1 ? `${stem}${ending}` : `${stem}-${number}${ending}`;
		const content = ending === ".npz" ? toNpz(rollout) : `${toJsonText(toRolloutJson(rollout))}\n`;
		await writeFile(path, content).catch((error: NodeJS.ErrnoException) => {
			throw new GammaError("rollout.unreadable", `${path} could not be written (${error.code}).`);
		});
		saved.push(relative(process.cwd(), resolve(path)));
	}
	return saved;
}

/** Without a reward an episode has no return: that of `alive` alone would look like one. */
function toPrinted({ number, length, endedBy, terms, simulatedSeconds, ...result }: EpisodeResult, scored: boolean) {
	return {
		...{ episode: number, return: scored ? result.return : null, length, endedBy, terms: scored ? terms : {} },
		...{ simulatedSeconds, stepMicroseconds: perStep(result) },
	};
}

function perStep({ wallMs, simulationSteps }: Pick<EpisodeResult, "wallMs" | "simulationSteps">): number {
	return (wallMs * 1000) / Math.max(1, simulationSteps);
}

function summaryOf(results: readonly EpisodeResult[], scored: boolean) {
	const returns = results.map((result) => result.return);
	const mean = meanOf(returns);
	const wallMs = results.reduce((sum, result) => sum + result.wallMs, 0);
	const simulationSteps = results.reduce((sum, result) => sum + result.simulationSteps, 0);
	return {
		meanReturn: scored ? mean : null,
		// Of the episodes themselves, not an estimate of others: divided by their number.
		stdReturn: scored ? Math.sqrt(meanOf(returns.map((value) => (value - mean) ** 2))) : null,
		minReturn: scored ? Math.min(...returns) : null,
		maxReturn: scored ? Math.max(...returns) : null,
		meanLength: meanOf(results.map(({ length }) => length)),
		simulationSteps,
		stepMicroseconds: perStep({ wallMs, simulationSteps }),
	};
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function writeResults(
	terminal: Terminal,
	results: readonly EpisodeResult[],
	scored: boolean,
	saved: readonly string[],
): void {
	terminal.writeTable(
		["EPISODE", "RETURN", "LENGTH", "ENDED BY", "SIMULATED", "PER STEP"],
		results.map((result) => [
			String(result.number),
			scored ? formatNumber(result.return) : "",
			String(result.length),
			result.endedBy,
			`${result.simulatedSeconds.toFixed(2)} s`,
			`${perStep(result).toFixed(1)} µs`,
		]),
	);
	const { meanReturn, stdReturn } = summaryOf(results, scored);
	if (results.length > 1 && meanReturn !== null && stdReturn !== null) {
		terminal.write(`Return ${formatNumber(meanReturn)} ± ${formatNumber(stdReturn)}\n`);
	}
	for (const path of saved) terminal.write(`Saved ${path}\n`);
}

function positiveNumber(value: string): number {
	const number = wholeNumber(value);
	if (number === 0) throw new InvalidArgumentError("It must be at least 1.");
	return number;
}

function seedNumber(value: string): number {
	const number = Number(value);
	if (/^\d{1,10}$/.test(value) && number < 2 ** 32) return number;
	throw new InvalidArgumentError("It must be a whole number from 0 to 4294967295.");
}
