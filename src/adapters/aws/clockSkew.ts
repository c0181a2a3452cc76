import { formatDuration } from "../../core/durations";
import { GammaError } from "../../shared/errors";

/** Less than this is no reason for AWS to refuse, and may be the way of the answer. */
const leastMs = 30_000;

/**
 * What AWS says of a request that was signed by a wrong clock, with how far it is off where the answer tells the time: S3 in its
 * error, all of AWS in the header `Date`.
 */
export function toClockSkew(error: unknown, nowMs = Date.now()): GammaError {
	const serverMs = serverTimeOf(error);
	const offMs = serverMs === null ? 0 : nowMs - serverMs;
	const clock =
		Math.abs(offMs) < leastMs
			? "This machine's clock is wrong by minutes"
			: `This machine's clock is ${formatDuration(Math.abs(offMs))} ${offMs > 0 ? "ahead of" : "behind"} AWS's`;
	const text = `${clock}, which AWS refuses: set the time, then try again.`;
	return new GammaError("aws.clockSkew", text, { cause: error });
}

/** AWS's clients hide the answer in their errors; milliseconds since the epoch. */
function serverTimeOf(error: unknown): number | null {
	if (typeof error !== "object" || error === null) return null;
	const told = [
		"ServerTime" in error ? error.ServerTime : null,
		headerOf("$response" in error ? error.$response : null, "date"),
	];
	const times = told.map((time) => (typeof time === "string" ? Date.parse(time) : Number.NaN));
	return times.find((time) => Number.isFinite(time)) ?? null;
}

function headerOf(response: unknown, name: string): unknown {
	if (typeof response !== "object" || response === null || !("headers" in response)) return null;
	const { headers } = response;
	return typeof headers === "object" && headers !== null && name in headers
		? (headers as Record<string, unknown>)[name]
		: null;
}
