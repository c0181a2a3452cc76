/** How the browser came back from a sign-in; `state` says from which. */
export type Callback =
	| { readonly kind: "code"; readonly state: string; readonly code: string }
	/** `reason` is the service's own words, for the log. */
	| { readonly kind: "failed"; readonly state: string; readonly isDenied: boolean; readonly reason: string };

/** Both are 36 and 43 characters; what is far longer is none of ours. */
const longest = 512;

/**
 * Reads the query of `/auth/callback`, which VS Code has decoded once already. Null for what carries no state, or neither a
 * code nor an error, or one of them twice: anybody can write a link, so that only a whole answer counts.
 */
export function parseCallback(query: string): Callback | null {
	const values = new Map<string, string[]>();
	for (const part of query.split("&")) {
		const equals = part.indexOf("=");
		if (equals < 0) continue;
		const name = part.slice(0, equals);
		values.set(name, [...(values.get(name) ?? []), decode(part.slice(equals + 1))]);
	}
	const one = (name: string): string | null => {
		const [value, ...others] = values.get(name) ?? [];
		return value !== undefined && value !== "" && value.length <= longest && others.length === 0 ? value : null;
	};
	const [state, code, error] = [one("state"), one("code"), one("error")];
	if (state === null) return null;
	if (error !== null) {
		const isDenied = error === "access_denied" && (one("error_code") ?? "access_denied") === "access_denied";
		return { kind: "failed", state, isDenied, reason: one("error_description") ?? error };
	}
	return code === null ? null : { kind: "code", state, code };
}

function decode(text: string): string {
	const spaced = text.replaceAll("+", " ");
	try {
		return decodeURIComponent(spaced);
	} catch {
		return spaced;
	}
}
