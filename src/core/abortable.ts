import { GammaError } from "../shared/errors";

/** The promise's outcome, or `call.cancelled` as soon as the signal is aborted; the work itself goes on. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return work;
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(new GammaError("call.cancelled", "It was cancelled."));
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
		void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
	});
}
