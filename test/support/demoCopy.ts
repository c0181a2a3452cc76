import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** The demo project that `npm test` made; undefined where no Python could train it. */
export const demoFolder = process.env.GAMMA_DEMO;

export interface DemoCopy {
	readonly folder: string;
	runId(runName: string): string;
	/** Every point of a run's metric as the training wrote it. */
	points(runName: string, metric: string): { step: number; value: number }[];
	/** Starts a training that goes on until the copy is removed. */
	train(name: string, pace: number): void;
	remove(): void;
}

/** A copy of the demo project that a test may change. */
export function copyDemo(): DemoCopy {
	const folder = join(mkdtempSync(join(tmpdir(), "gamma-demo-")), "spirals");
	cpSync(demoFolder ?? "", folder, { recursive: true });
	const trainings: ChildProcess[] = [];
	return {
		folder,
		runId: (runName) => basename(runFolder(folder, runName)),
		points: (runName, metric) => {
			const text = readFileSync(join(runFolder(folder, runName), "metrics", metric), "utf8");
			return text
				.trimEnd()
				.split("\n")
				.map((line) => line.split(" "))
				.map(([, value, step]) => ({ step: Number(step), value: Number(value) }));
		},
		train: (name, pace) => {
			const args = ["train.py", "--name", name, "--pace", String(pace), "--set", "epochs=2000"];
			trainings.push(spawn("python3", args, { cwd: folder, stdio: "ignore" }));
		},
		remove: () => {
			for (const training of trainings) training.kill("SIGKILL");
			rmSync(join(folder, ".."), { recursive: true, force: true });
		},
	};
}

function runFolder(folder: string, name: string): string {
	const store = join(folder, "mlruns");
	for (const experiment of readdirSync(store)) {
		for (const run of readdirSync(join(store, experiment))) {
			try {
				const path = join(store, experiment, run);
				if (readFileSync(join(path, "tags", "mlflow.runName"), "utf8") === name) return path;
			} catch {
				// Not a run's folder.
			}
		}
	}
	throw new Error(`the demo has no run ${name}`);
}
