/**
 * One error type for everything Gamma can explain. Ask an error what it is (`GammaError.is(e, "store.missing")`),
 * never what it says: the message is for people and may be reworded at any time.
 */
export const errorCodes = [
	"store.missing",
	"store.unrecognised",
	"store.damaged",
	"store.busy",
	"store.unreachable",
	"store.refused",
	"run.missing",
	"job.missing",
	"job.unmanaged",
	"metric.missing",
	"artifact.missing",
	"artifact.outside",
	"artifact.unreadable",
	"artifact.unwritable",
	"artifact.changed",
	"search.syntax",
	"settings.invalid",
	"relay.unreachable",
	"relay.unauthorized",
	"relay.refused",
	"relay.notStarted",
	"signIn.denied",
	"signIn.failed",
	"session.ended",
	"lease.lost",
	"aws.noCredentials",
	"aws.expiredToken",
	"aws.noRegion",
	"aws.clockSkew",
	"aws.throttled",
	"aws.refused",
	"aws.unreachable",
	"github.refused",
	"agent.noKey",
	"agent.refused",
	"agent.busy",
	"agent.unreachable",
	"agent.tooLong",
	"agent.toolRefused",
	"conversation.missing",
	"conversation.damaged",
	"edit.refused",
	"edit.stale",
	"git.missing",
	"git.failed",
	"workspace.untrusted",
	"platform.unsupported",
	"model.missing",
	"model.damaged",
	"model.diverged",
	"policy.invalid",
	"rollout.unreadable",
	"call.timeout",
	"call.cancelled",
	"call.unknown",
	"call.invalid",
	"unexpected",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error as it crosses a boundary (panel, worker, relay): plain data. */
export interface Failure {
	readonly code: ErrorCode;
	/** One sentence that says what happened and what to do. */
	readonly message: string;
}

export class GammaError extends Error {
	override readonly name = "GammaError";

	constructor(
		readonly code: ErrorCode,
		message: string,
		options?: { cause?: unknown },
	) {
		super(message, options);
	}

	static is(error: unknown, ...codes: readonly ErrorCode[]): error is GammaError {
		// By its name: a part that is a file of its own (`lazy`) has its own copy of this class.
		return (
			error instanceof Error &&
			error.name === "GammaError" &&
			"code" in error &&
			(codes.length === 0 || codes.some((code) => code === error.code))
		);
	}

	static fromFailure(failure: Failure): GammaError {
		return new GammaError(failure.code, failure.message);
	}
}

/** The error as data; what is not a `GammaError` becomes `unexpected` with its own message. */
export function toFailure(error: unknown): Failure {
	if (GammaError.is(error)) return { code: error.code, message: error.message };
	return { code: "unexpected", message: error instanceof Error ? error.message : String(error) };
}

export function assertNever(value: never): never {
	throw new GammaError("unexpected", `Unhandled case: ${JSON.stringify(value)}`);
}
