import * as z from "zod/mini";

/** What a link to Gamma asks for: to show something, never to do something. */
export type GammaLink =
	| { readonly kind: "run"; readonly runId: string }
	/** Runs by id or key; `view` is the charts panel's own, as JSON. */
	| { readonly kind: "charts"; readonly runIds: readonly string[]; readonly view: string | null };

/** MLflow's ids are 32 hex digits, TensorBoard's are relative folders. */
const runId = z.string().check(z.minLength(1), z.maxLength(1024));
const runQuery = z.strictObject({ id: z.tuple([runId]) });
const chartsQuery = z.strictObject({
	run: z.array(runId).check(z.minLength(1), z.maxLength(200)),
	view: z.optional(z.tuple([z.string().check(z.maxLength(20_000))])),
});

/**
 * Reads `vscode://gamma-ml.gamma/run?id=…` and `/charts?run=…&run=…&view=…`, from the path and the query that VS Code has decoded
 * once already. Null for anything else, a further or repeated parameter included.
 */
export function parseGammaLink(path: string, query: string): GammaLink | null {
	const values = toValues(query);
	if (path === "/run") {
		const parsed = runQuery.safeParse(values);
		return parsed.success ? { kind: "run", runId: parsed.data.id[0] } : null;
	}
	if (path === "/charts") {
		const parsed = chartsQuery.safeParse(values);
		if (!parsed.success) return null;
		return { kind: "charts", runIds: parsed.data.run, view: parsed.data.view?.[0] ?? null };
	}
	return null;
}

/** The address of a run's page; `scheme` is the editor's own (`vscode`, `vscode-insiders`, `cursor`). */
export function toRunLink(scheme: string, extensionId: string, id: string): string {
	// What parts a query, or is decoded by reading it, must outlast VS Code's own decoding.
	return `${scheme}://${extensionId}/run?id=${encodeURIComponent(id.replace(/[%&=]/g, encodeURIComponent))}`;
}

function toValues(query: string): Record<string, string[]> {
	const values = new Map<string, string[]>();
	for (const part of query.split("&")) {
		if (part === "") continue;
		const equals = part.indexOf("=");
		const name = equals < 0 ? part : part.slice(0, equals);
		values.set(name, [...(values.get(name) ?? []), equals < 0 ? "" : decode(part.slice(equals + 1))]);
	}
	return Object.fromEntries(values);
}

/** A percent sign that begins no code was one of the id's own. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
