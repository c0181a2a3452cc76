/** How a job ended, as the relay is told it. */
export interface JobEnd {
	readonly status: "completed" | "failed" | "stopped";
	readonly exitCode?: number | undefined;
	/** One sentence for the person. */
	readonly error?: string | undefined;
	/** The run that it wrote. */
	readonly mlflowRunId?: string | undefined;
}

/** Why a job's command was asked to end before its time. */
export type StopReason = { readonly kind: "person" } | { readonly kind: "runner"; readonly name: string };

export interface CommandOutcome {
	/** As a shell says it: 128 + n for a signal. */
	readonly code: number;
	/** The signal that ended it, where one did. */
	readonly signal: string | null;
	/** Why it could not be started. */
	readonly problem: string | null;
	/** The machine ended processes for want of memory while it ran. */
	readonly ranOutOfMemory: boolean;
	/** The last line of a traceback, where it printed one. */
	readonly lastError: string | null;
}

/** A command that was asked to end was stopped, whatever its exit code: it may have saved its state and ended well. */
export function toJobEnd(outcome: CommandOutcome, stop: StopReason | null): JobEnd {
	const exitCode = outcome.code;
	if (outcome.problem !== null) return { status: "failed", exitCode, error: `${outcome.problem}.` };
	if (stop?.kind === "runner")
		return { status: "stopped", exitCode, error: `The runner ${stop.name} was ended while it trained.` };
	if (stop !== null) return { status: "stopped", exitCode };
	if (outcome.code === 0) return { status: "completed", exitCode };
	return { status: "failed", exitCode, error: reasonOf(outcome) };
}

function reasonOf({ code, signal, ranOutOfMemory, lastError }: CommandOutcome): string {
	if (signal === "SIGKILL" && ranOutOfMemory) return "The machine ran out of memory and ended the training.";
	if (signal !== null) return `The training was ended by ${signal}.`;
	if (lastError !== null) return `The training ended with exit code ${code}: ${lastError}`;
	return `The training ended with exit code ${code}.`;
}
