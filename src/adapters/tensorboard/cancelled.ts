import { GammaError } from "../../shared/errors";

/** Throws `call.cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new GammaError("call.cancelled", "Reading the log folder was cancelled.");
}
