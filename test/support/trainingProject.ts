import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "../../src/shared/relay/job";
import type { GammaCommand } from "./gammaCommand";
import { GitProject } from "./gitProject";
import type { RelayUnderTest } from "./relay";

/** Says in a ledger that it began and ended, prints its metrics, and leaves a checkpoint an epoch. */
const script = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const { LEDGER, GAMMA_JOB_ID, RUNNER, CUDA_VISIBLE_DEVICES, KILL_RUNNER, PACE, GAMMA_PARAM_EPOCHS, GAMMA_PARAM_PACE } = process.env;
const enter = (what) => appendFileSync(LEDGER, JSON.stringify({ what, job: GAMMA_JOB_ID, runner: RUNNER, pid: process.pid, gpu: CUDA_VISIBLE_DEVICES ?? null, ms: Date.now() }) + "\\n");
const epochs = Number(GAMMA_PARAM_EPOCHS ?? 3);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const killRunner = () => process.kill(process.ppid, "SIGKILL");
enter("begin");
if (KILL_RUNNER === "start") { killRunner(); await pause(60_000); }
mkdirSync("checkpoints", { recursive: true });
for (let epoch = 1; epoch <= epochs; epoch++) {
	console.log("epoch " + epoch + "/" + epochs + " loss=" + 1 / epoch);
	console.error("warned " + epoch);
	writeFileSync("checkpoints/epoch-" + epoch + ".bin", "weights " + epoch);
	await pause(Number(PACE ?? GAMMA_PARAM_PACE ?? 20));
}
enter("end");
`;

export interface Entry {
	readonly what: "begin" | "end";
	readonly job: string;
	readonly runner: string;
	readonly pid: number;
	readonly gpu: string | null;
	readonly ms: number;
}

/** A repository whose commits train, a project of a relay for it, and runners as processes of their own. */
export class TrainingProject {
	readonly git = new GitProject();
	readonly #folder = mkdtempSync(join(tmpdir(), "gamma-runner-"));
	readonly ledgerPath = join(this.#folder, "ledger.jsonl");
	readonly #runners: RunnerProcess[] = [];
	id = "";
	#made: Promise<void> | null = null;

	constructor(
		private readonly relay: RelayUnderTest,
		private readonly gamma: GammaCommand,
		readonly repository = `o/${crypto.randomUUID()}`,
	) {
		writeFileSync(this.ledgerPath, "");
		this.commit({});
	}

	/** The commit of a training with these settings and files. */
	commit(files: Record<string, string>, settings: object = {}): string {
		return this.git.commit("train", {
			"train.mjs": script,
			".gamma/train.json": JSON.stringify({ command: [process.execPath, "train.mjs"], ...settings }),
			...files,
		});
	}

	/** Its project in the relay; once. */
	make(): Promise<void> {
		this.#made ??= this.#make();
		return this.#made;
	}

	async #make(): Promise<void> {
		const body = { name: "p", repository: this.repository, target: "runner" };
		const made = await this.relay.ask<{ id: string }>("POST", "/api/projects", { body });
		if (made.status !== 201) throw new Error(`no project: ${JSON.stringify(made.body)}`);
		this.id = made.body.id;
	}

	/** The id of a new job. */
	async push(commitSha: string, params: object = {}, branch = "models/x"): Promise<string> {
		await this.make();
		const body = { projectId: this.id, commitSha, branch, params };
		const made = await this.relay.ask<Job>("POST", "/api/jobs", { body });
		if (made.status !== 201) throw new Error(`no job: ${JSON.stringify(made.body)}`);
		return made.body.id;
	}

	async job(id: string): Promise<Job> {
		return (await this.relay.ask<Job>("GET", `/api/jobs/${id}`)).body;
	}

	async log(id: string): Promise<string> {
		const headers = { authorization: `Bearer ${this.relay.token}` };
		return (await fetch(`${this.relay.url}/api/jobs/${id}/log`, { headers })).text();
	}

	get ledger(): Entry[] {
		const lines = readFileSync(this.ledgerPath, "utf8").trim().split("\n");
		return lines.filter((line) => line !== "").map((line): Entry => JSON.parse(line));
	}

	/** A runner with a data folder of its own, started in the repository. */
	runner(name: string, options: RunnerOptions = {}): RunnerProcess {
		const runner = new RunnerProcess(this.gamma, {
			name,
			cwd: this.git.folder,
			dataDir: join(this.#folder, `data-${name}`),
			relay: this.relay.url,
			token: this.relay.token ?? "",
			...options,
			env: { LEDGER: this.ledgerPath, RUNNER: name, XDG_STATE_HOME: this.#folder, ...options.env },
		});
		this.#runners.push(runner);
		return runner;
	}

	/** What a person sees of their own repository. */
	get seen(): string {
		const seen = [
			["status", "--porcelain=v2", "--branch"],
			["for-each-ref"],
			["worktree", "list", "--porcelain"],
			["stash", "list"],
			["ls-files", "--stage"],
		].map((args) => this.git.git(...args));
		return [...seen, readdirSync(join(this.git.folder, ".git")).join(" ")].join("\n");
	}

	/** Files of a run in the repository's own MLflow folder, by the job that it was for. */
	runsOf(jobId: string): string[] {
		const store = join(this.git.folder, "mlruns");
		return foldersOf(store)
			.flatMap((experiment) => foldersOf(join(store, experiment)).map((run) => join(store, experiment, run)))
			.filter((run) => existsSync(join(run, "tags")) && readFileSync(join(run, "tags", "gamma.job"), "utf8") === jobId);
	}

	async remove(): Promise<void> {
		for (const runner of this.#runners) {
			runner.kill("SIGKILL");
			await runner.ended;
		}
		this.git.remove();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

interface RunnerOptions {
	readonly relay?: string;
	readonly token?: string;
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	readonly dataDir?: string;
	readonly node?: string;
}

/** `gamma runner` as a process that a test may end at any moment. */
export class RunnerProcess {
	readonly dataDir: string;
	/** With its exit code, or 137 and the like after a signal. */
	readonly ended: Promise<number | null>;
	said = "";
	readonly #child: ChildProcess;

	constructor(gamma: GammaCommand, options: RunnerOptions & { name: string; dataDir: string; cwd: string }) {
		const { name, relay = "", token = "", args = [], env = {}, cwd, dataDir, node = process.execPath } = options;
		this.dataDir = dataDir;
		mkdirSync(dataDir, { recursive: true });
		const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("MLFLOW_"));
		const words = ["runner", ...(relay === "" ? [] : ["--relay", relay]), "--name", name, "--data", dataDir, ...args];
		this.#child = spawn(node, [gamma.launcher, ...words], {
			cwd,
			env: { ...Object.fromEntries(inherited), GAMMA_TOKEN: token, ...env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		for (const stream of [this.#child.stdout, this.#child.stderr])
			stream?.setEncoding("utf8").on("data", (text: string) => {
				this.said += text;
			});
		this.ended = new Promise((done) => this.#child.once("exit", done));
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	get isRunning(): boolean {
		return this.#child.exitCode === null && this.#child.signalCode === null;
	}

	/** What it keeps of jobs on disk. */
	get kept(): string[] {
		try {
			return readdirSync(join(this.dataDir, "jobs"));
		} catch {
			return [];
		}
	}

	kill(signal: NodeJS.Signals): void {
		this.#child.kill(signal);
	}
}

/** A log as each of its two streams was written: how their lines lie between each other is the machine's affair. */
export function streamsOf(log: string): { readonly out: string; readonly err: string } {
	const lines = log.split(/(?<=\n)/);
	const isError = (line: string) => line.startsWith("warned ");
	return { out: lines.filter((line) => !isError(line)).join(""), err: lines.filter(isError).join("") };
}

/** Not ended, and no zombie that its parent has yet to look at. */
export function isRunning(pid: number): boolean {
	try {
		return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return false;
	}
}

function foldersOf(folder: string): string[] {
	try {
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => name);
	} catch {
		return [];
	}
}
