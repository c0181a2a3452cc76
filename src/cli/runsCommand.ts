import type { Command } from "commander";
import { toPrintedRun } from "../core/runs/toPrintedRun";
import { sortRuns } from "../core/search/orderBy";
import type { RunSearch, TrackingStore } from "../core/stores/trackingStore";
import { formatNumber, formatTime } from "../core/table/formatValue";
import { guessShownMetrics } from "../core/tree/shownMetrics";
import type { Run } from "../shared/run";
import { isOfStore, withStores } from "./openStores";
import { collect, wholeNumber, withStoreOptions } from "./storeOption";
import type { Terminal } from "./terminal";

interface RunsOptions {
	readonly store?: string;
	readonly json?: boolean;
	readonly experiment?: string;
	readonly filter?: string;
	readonly orderBy?: readonly string[];
	readonly deleted?: boolean;
	readonly limit?: number;
}

/** Metrics that fit beside the rest on a line. */
const shownMetrics = 4;

export function addRuns(gamma: Command, terminal: Terminal): void {
	withStoreOptions(gamma.command("runs"))
		.description("Lists runs, newest first.")
		.option("--experiment <name>", "only runs of this experiment")
		.option(
			"--filter <expression>",
			"MLflow's search syntax, e.g. \"metrics.loss < 0.5 AND params.optimizer = 'adam'\"",
		)
		.option("--order-by <key>", 'MLflow\'s order, e.g. "metrics.loss ASC"; may be given several times', collect)
		.option("--deleted", "deleted runs, and only those")
		.option("--limit <n>", "at most so many", wholeNumber)
		.action((options: RunsOptions) =>
			withStores(options, async (stores) => {
				const runs = await searchAll(stores, toSearch(options), terminal);
				if (options.json) terminal.writeJson(runs.map(toPrintedRun));
				else writeRuns(terminal, runs);
			}),
		);
}

function toSearch(options: RunsOptions): RunSearch {
	return {
		view: options.deleted ? "deleted" : "active",
		...(options.filter !== undefined && { filter: options.filter }),
		...(options.orderBy !== undefined && { orderBy: options.orderBy }),
		...(options.experiment !== undefined && { experimentName: options.experiment }),
		...(options.limit !== undefined && { limit: options.limit }),
	};
}

/** The runs of all stores as one list. A store that cannot be read is named, and fails the command only when it is the only one. */
async function searchAll(
	stores: readonly TrackingStore[],
	search: RunSearch,
	terminal: Terminal,
): Promise<readonly Run[]> {
	const found: Run[] = [];
	let failures = 0;
	for (const store of stores) {
		try {
			found.push(...(await store.search(search)));
		} catch (error) {
			if (!isOfStore(error) || ++failures === stores.length) throw error;
			terminal.warn(`gamma: ${error.message}\n`);
		}
	}
	if (stores.length === 1) return found;
	return sortRuns(found, search.orderBy ?? [], "file").slice(0, search.limit);
}

function writeRuns(terminal: Terminal, runs: readonly Run[]): void {
	if (runs.length === 0) {
		terminal.write("No runs.\n");
		return;
	}
	const metrics = guessShownMetrics(runs, shownMetrics);
	terminal.writeTable(
		["RUN", "STATUS", "STARTED", "EXPERIMENT", "ID", ...metrics],
		runs.map((run) => [
			run.name,
			run.status,
			run.startTimeMs === null ? "" : formatTime(run.startTimeMs),
			run.experimentName,
			run.id,
			...metrics.map((key) => {
				const value = Object.hasOwn(run.metrics, key) ? run.metrics[key] : undefined;
				return value === undefined ? "" : formatNumber(value);
			}),
		]),
	);
}
