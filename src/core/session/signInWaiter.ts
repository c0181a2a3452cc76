import { GammaError } from "../../shared/errors";
import type { Disposable } from "../disposable";
import { equalInConstantTime } from "./equalInConstantTime";
import { type Callback, parseCallback } from "./parseCallback";

interface Waiting {
	readonly state: string;
	end(outcome: Callback | GammaError): void;
}

export interface WaitOptions {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
}

/** Brings a browser's answer to the sign-in that waits for it. One waits at a time, and each state serves once. */
export class SignInWaiter implements Disposable {
	#waiting: Waiting | null = null;

	/**
	 * The code that comes back with this state. Rejects with `signIn.denied`, `signIn.failed` (also when the time is over) or
	 * `call.cancelled` (by the signal, or because another sign-in began).
	 */
	wait(state: string, { timeoutMs, signal }: WaitOptions): Promise<string> {
		this.#waiting?.end(cancelled());
		return new Promise((resolve, reject) => {
			const onAbort = () => waiting.end(cancelled());
			const timer = setTimeout(() => waiting.end(tooLate(timeoutMs)), timeoutMs);
			const waiting: Waiting = {
				state,
				end: (outcome) => {
					clearTimeout(timer);
					signal?.removeEventListener("abort", onAbort);
					if (this.#waiting === waiting) this.#waiting = null;
					if (outcome instanceof GammaError) reject(outcome);
					else if (outcome.kind === "code") resolve(outcome.code);
					else reject(toError(outcome));
				},
			};
			this.#waiting = waiting;
			if (signal?.aborted) onAbort();
			else signal?.addEventListener("abort", onAbort, { once: true });
		});
	}

	/** Takes what a link brought; false when no sign-in waits for it. A stranger's link ends no sign-in that waits. */
	take(query: string): boolean {
		const callback = parseCallback(query);
		const waiting = this.#waiting;
		if (callback === null || waiting === null || !equalInConstantTime(callback.state, waiting.state)) return false;
		waiting.end(callback);
		return true;
	}

	dispose(): void {
		this.#waiting?.end(cancelled());
	}
}

function cancelled(): GammaError {
	return new GammaError("call.cancelled", "The sign-in was cancelled.");
}

function tooLate(timeoutMs: number): GammaError {
	const minutes = Math.round(timeoutMs / 60_000);
	return new GammaError("signIn.failed", `Nobody signed in within ${minutes} min: try again.`);
}

function toError({ isDenied, reason }: Extract<Callback, { kind: "failed" }>): GammaError {
	if (isDenied) {
		return new GammaError(
			"signIn.denied",
			"GitHub was not allowed to sign you in: sign in again and choose Authorize there.",
		);
	}
	return new GammaError("signIn.failed", `The sign-in did not work (${reason}): try again.`);
}
