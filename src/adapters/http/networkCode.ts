/** Node's or undici's code of what went wrong below HTTP; empty where there is none. */
export function networkCode(error: unknown): string {
	for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
		if ("code" in at && typeof at.code === "string") return at.code;
		if (at instanceof AggregateError && at.errors.length > 0) return networkCode(at.errors[0]);
	}
	return "";
}
