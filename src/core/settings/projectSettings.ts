import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { JsonSyntaxError, lineOf, parseJsonText } from "./jsonText";

/** Where a project keeps its settings, relative to its folder. */
export const projectSettingsPath = ".gamma/project.json";

const storeUri = z.string().check(z.minLength(1));
/** The file as it is written. */
export const projectFileSchema = z.object({
	stores: z.optional(
		z.array(z.union([storeUri, z.object({ uri: storeUri, label: z.optional(z.string().check(z.minLength(1))) })])),
	),
});

export interface ProjectSettings {
	/** As written: paths may be relative to the project's folder. */
	readonly stores: readonly { readonly uri: string; readonly label?: string }[];
}

/**
 * Reads `.gamma/project.json`: `{"stores": ["mlruns", {"uri": "https://…", "label": "team"}]}`; keys it does not know are
 * left alone. Throws `settings.invalid` with the line and the reason.
 */
export function parseProjectSettings(text: string): ProjectSettings {
	try {
		const json = parseJsonText(text);
		const parsed = projectFileSchema.safeParse(json.value);
		if (!parsed.success) {
			const path = parsed.error.issues[0]?.path ?? [];
			throw invalid(text, json.offsetOf(path), expectation(path));
		}
		const stores = (parsed.data.stores ?? []).map((store) => {
			if (typeof store === "string") return { uri: store };
			return store.label === undefined ? { uri: store.uri } : { uri: store.uri, label: store.label };
		});
		return { stores };
	} catch (error) {
		if (error instanceof JsonSyntaxError) throw invalid(text, error.offset, error.message);
		throw error;
	}
}

function expectation(path: readonly PropertyKey[]): string {
	if (path.length === 0) return 'an object such as {"stores": ["mlruns"]} is expected';
	if (path.length === 1) return '"stores" must be a list';
	return 'a store is a text such as "mlruns", or {"uri": "…", "label": "…"}';
}

function invalid(text: string, offset: number, reason: string): GammaError {
	return new GammaError(
		"settings.invalid",
		`${projectSettingsPath}, line ${lineOf(text, offset)}: ${reason}. The file was left out; correct it and it is read again.`,
	);
}
