import { GammaError } from "../../shared/errors";

export const watchActions = ["notice", "stop", "wake"] as const;
/** `wake` asks the agent, with the window around the step. */
export type WatchAction = (typeof watchActions)[number];

export type Comparison = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** What a person wants to be told of: `val/loss > 1.2 for 5 min`, `loss is nan then stop`, `"Traceback" in log then wake`. */
export interface WatchRule {
	/** As it was written. */
	readonly text: string;
	readonly when:
		| {
				readonly kind: "metric";
				readonly metric: string;
				readonly comparison: Comparison;
				readonly value: number;
		  }
		| { readonly kind: "notFinite"; readonly metric: string }
		/** Text that a line of the log has, capitals alike or not. */
		| { readonly kind: "log"; readonly words: string };
	/** How long it has to hold; null: once is enough. */
	readonly lasting:
		| { readonly kind: "time"; readonly ms: number }
		| { readonly kind: "steps"; readonly steps: number }
		| null;
	readonly action: WatchAction;
}

const longest = 500;
const units: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };
const rest = String.raw`(?:\s+for\s+(?<count>\d+(?:\.\d+)?)\s*(?<unit>s|min|h|steps?))?(?:\s+then\s+(?<action>\w+))?`;
const metric = '(?:`(?<quoted>[^`]+)`|(?<plain>[^\\s`"<>=!]+))';
const number = String.raw`(?<value>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)`;
const forms = {
	metric: new RegExp(`^${metric}\\s*(?<comparison>[<>]=?|[=!]=)\\s*${number}${rest}$`, "i"),
	notFinite: new RegExp(`^${metric}\\s+is\\s+(?:nan|inf(?:inite)?|not\\s+finite)${rest}$`, "i"),
	log: new RegExp(`^(?:"(?<words>[^"]+)"|(?<word>[^\\s"\`]+))\\s+in\\s+(?:the\\s+)?log${rest}$`, "i"),
};

/** Throws `settings.invalid` with what is missing and an example. */
export function parseWatchRule(written: string): WatchRule {
	const text = written.trim();
	if (text === "" || text.length > longest) throw invalid(text, "is empty, or longer than 500 letters");
	for (const [kind, form] of Object.entries(forms)) {
		const found = form.exec(text)?.groups;
		if (!found) continue;
		return {
			text,
			when: conditionOf(kind as keyof typeof forms, found),
			lasting: lastingOf(text, kind, found),
			action: actionOf(text, found.action),
		};
	}
	throw invalid(text, "is no rule");
}

function conditionOf(kind: keyof typeof forms, found: Readonly<Record<string, string | undefined>>): WatchRule["when"] {
	const name = found.quoted ?? found.plain ?? "";
	switch (kind) {
		case "metric":
			return { kind, metric: name, comparison: found.comparison as Comparison, value: Number(found.value) };
		case "notFinite":
			return { kind, metric: name };
		case "log":
			return { kind, words: found.words ?? found.word ?? "" };
	}
}

function lastingOf(
	text: string,
	kind: string,
	{ count, unit }: Readonly<Record<string, string | undefined>>,
): WatchRule["lasting"] {
	if (count === undefined || unit === undefined) return null;
	if (kind === "log") throw invalid(text, "cannot last: a line is there or not");
	const ms = units[unit.toLowerCase()];
	return ms === undefined ? { kind: "steps", steps: Number(count) } : { kind: "time", ms: Number(count) * ms };
}

function actionOf(text: string, action: string | undefined): WatchAction {
	if (action === undefined) return "notice";
	const known = watchActions.find((one) => one === action.toLowerCase());
	if (!known) throw invalid(text, `ends with “then ${action}”, which is none of ${watchActions.join(", ")}`);
	return known;
}

function invalid(text: string, why: string): GammaError {
	const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
	return new GammaError(
		"settings.invalid",
		`The watch rule “${shown}” ${why}: write one like val/loss > 1.2 for 5 min, or "Traceback" in log then stop.`,
	);
}
