import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { OutputName } from "../../core/sidecar/outputPoint";

/** How long a command may take to end after it was asked to. */
export const killAfterMs = 10_000;
/** A grandchild may hold the pipe after the command's end: it is read on while something comes, for so long at most. */
const quietAfterEndMs = 500;
const longestAfterEndMs = 5_000;

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `ask` whenever the command is to end; returns how to listen no longer. */
export type EndRequests = (ask: (signal: NodeJS.Signals) => void) => () => void;

/** What asks this process to end asks the command. */
export const signalsOfThisProcess: EndRequests = (ask) => {
	for (const signal of forwarded) process.on(signal, ask);
	return () => {
		for (const signal of forwarded) process.off(signal, ask);
	};
};

export function whenAborted(signal: AbortSignal): EndRequests {
	return (ask) => {
		const asked = () => ask("SIGTERM");
		if (signal.aborted) asked();
		signal.addEventListener("abort", asked);
		return () => signal.removeEventListener("abort", asked);
	};
}

export interface CommandOptions {
	readonly command: readonly string[];
	/** Where it runs. */
	readonly folder: string;
	readonly stdin: "inherit" | "ignore";
	readonly endRequests: EndRequests;
	/** What the command started and left behind ends with it; else only when it was asked to end. */
	readonly endsGroup: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly stdout: Writable;
	readonly stderr: Writable;
	readonly onStart: (groupId: number) => void;
	/** After the bytes were passed on. */
	readonly onOutput: (name: OutputName, bytes: Uint8Array) => void;
}

export interface CommandEnd {
	/** As a shell says it: 128 + n for a signal, 127 for a command that is not there, 126 for one that may not be run. */
	readonly code: number;
	/** What ended it, where it did not end by itself. */
	readonly signal: NodeJS.Signals | null;
	readonly isKilled: boolean;
	/** Why it could not be started. */
	readonly problem: string | null;
}

/**
 * Runs a command without a shell in a process group of its own and passes its output on as it comes. A request to end goes
 * to the group; what does not end in ten seconds is killed.
 */
export function runCommand(options: CommandOptions): Promise<CommandEnd> {
	const [program = "", ...args] = options.command;
	const child = spawn(program, args, {
		env: options.env,
		cwd: options.folder,
		detached: true,
		stdio: [options.stdin, "pipe", "pipe"],
	});
	const { stdout, stderr } = child;
	if (stdout === null || stderr === null) throw new Error("pipes were asked for");
	const signals = askToEnd(child, options);
	const pipes = [
		new PassedOutput(stdout, options.stdout, (bytes) => options.onOutput("stdout", bytes)),
		new PassedOutput(stderr, options.stderr, (bytes) => options.onOutput("stderr", bytes)),
	];
	if (child.pid !== undefined) options.onStart(child.pid);
	return new Promise((resolve) => {
		child.once("error", (error: NodeJS.ErrnoException) => {
			if (child.pid !== undefined) return;
			signals.stop();
			const isMissing = error.code === "ENOENT";
			const problem = isMissing ? "there is no such command" : `it cannot be started (${error.code ?? error.message})`;
			resolve({ code: isMissing ? 127 : 126, signal: null, isKilled: false, problem: `${program}: ${problem}` });
		});
		child.once("exit", async (code, signal) => {
			await outputEnded(pipes);
			signals.stop();
			resolve({
				code: signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0),
				signal,
				isKilled: signals.wasAsked || signal === "SIGTERM" || signal === "SIGINT" || signal === "SIGKILL",
				problem: null,
			});
		});
	});
}

/** One stream of the command on its way to ours, as fast as ours takes it. */
class PassedOutput {
	isClosed = false;
	isWaiting = false;
	lastMs = 0;
	#isGone = false;

	constructor(
		readonly from: Readable,
		to: Writable,
		onBytes: (bytes: Uint8Array) => void,
	) {
		to.on("error", () => {
			// Nobody reads any longer (`| head`): the training goes on.
			this.#isGone = true;
			this.isWaiting = false;
			from.resume();
		});
		from.on("data", (bytes: Buffer) => {
			this.lastMs = Date.now();
			if (!this.#isGone && !to.write(bytes)) {
				this.isWaiting = true;
				from.pause();
				to.once("drain", () => {
					this.isWaiting = false;
					from.resume();
				});
			}
			onBytes(bytes);
		});
		from.on("error", () => {});
		from.once("close", () => {
			this.isClosed = true;
		});
	}
}

async function outputEnded(pipes: readonly PassedOutput[]): Promise<void> {
	const endedMs = Date.now();
	for (;;) {
		const open = pipes.filter(({ isClosed }) => !isClosed);
		const isWaiting = open.some((pipe) => pipe.isWaiting);
		const quietMs = Date.now() - Math.max(endedMs, ...open.map(({ lastMs }) => lastMs));
		const isLate = quietMs > quietAfterEndMs || Date.now() - endedMs > longestAfterEndMs;
		if (open.length === 0 || (isLate && !isWaiting)) break;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	for (const { from } of pipes) from.destroy();
}

function askToEnd(
	child: ChildProcess,
	{ endRequests, endsGroup }: CommandOptions,
): { stop(): void; readonly wasAsked: boolean } {
	let wasAsked = false;
	let kill: NodeJS.Timeout | undefined;
	const ask = (signal: NodeJS.Signals) => {
		wasAsked = true;
		signalGroup(child, signal);
		kill ??= setTimeout(() => signalGroup(child, "SIGKILL"), killAfterMs);
	};
	const ignore = endRequests(ask);
	return {
		stop() {
			ignore();
			clearTimeout(kill);
			if (wasAsked || endsGroup) signalGroup(child, "SIGKILL");
		},
		get wasAsked() {
			return wasAsked;
		},
	};
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// The group has ended.
	}
}
