import type { Difference } from "./differences";
import type { WhyHunk } from "./whyHunk";

/** How much a hunk is suspected of having changed a metric, by what it touches. No model is asked. */
export interface Suspicion {
	/** 0 to 100. */
	readonly score: number;
	/** One sentence. */
	readonly sentence: string;
}

export type SuspicionLevel = "likely" | "possible" | "unlikely";

export function levelOf(score: number): SuspicionLevel {
	return score >= 70 ? "likely" : score >= 40 ? "possible" : "unlikely";
}

interface Theme {
	readonly words: RegExp;
	readonly score: number;
	readonly name: string;
}

/** Ordered by how directly each moves a metric; a word is one between letters, so that `lr` is not in `already`. */
const themes: readonly Theme[] = [
	{
		words: /\b(lr|learning_?rate|warm_?up|lr_\w+|\w*scheduler\w*|cosine|StepLR|gamma)\b/i,
		score: 88,
		name: "the learning rate or its schedule",
	},
	{
		words: /\b(\w*loss\w*|criterion|label_smoothing|reduction|pos_weight|class_weights?)\b/i,
		score: 86,
		name: "the loss",
	},
	{
		words:
			/\b(adam\w*|sgd|rmsprop|lion|optimi[sz]er\w*|momentum|betas?|weight_decay|clip_grad\w*|grad\w*_clip\w*|\w*accum\w*|zero_grad)\b/i,
		score: 84,
		name: "the optimiser",
	},
	{
		words:
			/\b(\w*dataset\w*|data_?loader\w*|transforms?|augment\w*|normali[sz]e\w*|shuffle|\w*split\w*|read_csv|load_data|tokeni[sz]\w*|sampler\w*|num_classes|crop\w*|flip\w*)\b/i,
		score: 80,
		name: "the data or how it is prepared",
	},
	{
		words:
			/\b(nn\.\w+|\w*dropout\w*|\w*conv\w*|\w*linear\w*|\w*norm\d?d?|hidden\w*|num_layers|d_model|n_heads?|activation\w*|relu|gelu|init\w*_|xavier\w*|kaiming\w*|embed\w*|freeze\w*|requires_grad|pretrained)\b/i,
		score: 80,
		name: "the model",
	},
	{
		words: /\b(batch_?size|epochs?|max_steps|num_steps|total_steps|early_?stop\w*|patience)\b/i,
		score: 76,
		name: "how long or in what batches it trains",
	},
	{
		words:
			/\b(\w*eval\w*|validat\w+|metrics?|accuracy\w*|f1\w*|auc\w*|argmax|threshold\w*|top_?k|no_grad|train\(\))\b/i,
		score: 68,
		name: "how it is measured",
	},
	{
		words: /\b(b?float16|fp16|bf16|half|autocast|amp|GradScaler|tf32|quanti[sz]\w*)\b/i,
		score: 62,
		name: "its numerical precision",
	},
	{ words: /\b(\w*seed\w*|random_state|deterministic|rng|generator)\b/i, score: 48, name: "the seed" },
];
const dependencies =
	/(^|\/)(requirements[^/]*\.txt|[^/]*\.lock|pyproject\.toml|setup\.(py|cfg)|environment\.ya?ml|conda\.ya?ml|Dockerfile[^/]*|package(-lock)?\.json)$/i;
const beside =
	/(^|\/)(tests?|docs?|\.github|\.vscode|notebooks?|examples?)\/|(^|\/)(test_[^/]*|[^/]*_test\.py)$|\.(md|rst|txt|png|svg|ipynb)$|(^|\/)\.[^/]+$/i;
const settings = /\.(ya?ml|toml|json|ini|cfg|conf|gin)$/i;

export interface SuspicionScene {
	/** The metric that is asked about; null where none is. */
	readonly metric: string | null;
	readonly params: readonly Difference[];
}

/** By the path, the words of what was added and removed, and whether it speaks of the metric or of a param that differs. */
export function suspect(hunk: WhyHunk, { metric, params }: SuspicionScene): Suspicion {
	const { path } = hunk;
	const changed = hunk.lines.filter(({ mark }) => mark !== " ");
	const code = changed.map(({ text }) => withoutComment(text)).filter((text) => text !== "");
	const text = code.join("\n");
	if (dependencies.test(path))
		return { score: 52, sentence: "It changes what is installed, which may change everything below." };
	if (beside.test(path)) return { score: 4, sentence: "No training reads it: documents, tests or settings of tools." };
	if (hunk.isOpaque) return { score: 45, sentence: "It is no text, so nobody can say from here what changed." };
	if (changed.length === 0) return { score: 3, sentence: "The file has another name and the same content." };
	if (code.length === 0) return { score: 2, sentence: "Only comments or blank lines differ." };
	if (isReindented(hunk)) return { score: 12, sentence: "Only spaces differ." };
	const found = themes.filter(({ words }) => words.test(text));
	const [theme] = found;
	const param = params.find(({ name }) => word(lastPart(name)).test(text));
	const isOfMetric = metric !== null && word(lastPart(metric)).test(text);
	const base = theme?.score ?? (settings.test(path) ? 46 : 28);
	const score = Math.min(
		98,
		base + (isOfMetric ? 6 : 0) + (param ? 6 : 0) + Math.min(4, 2 * Math.max(0, found.length - 1)),
	);
	const what = replacement(hunk);
	const about = theme
		? `It touches ${theme.name}`
		: settings.test(path)
			? "It changes settings"
			: "It changes code that no word here ties to training";
	const notes = [
		what === null ? "" : `: ${what}`,
		param ? `; the param ${param.name} differs too (${param.base ?? "none"} → ${param.other ?? "none"})` : "",
	];
	return { score, sentence: `${about}${notes.join("")}.` };
}

/** The most suspicious first; equals in the order they came. */
export function bySuspicion<T extends { readonly score: number }>(hunks: readonly T[]): readonly T[] {
	return hunks
		.map((hunk, place) => ({ hunk, place }))
		.sort((a, b) => b.hunk.score - a.hunk.score || a.place - b.place)
		.map(({ hunk }) => hunk);
}

/** `lr = 0.1 → lr = 0.5`, where one short line took the place of one. */
function replacement({ lines }: WhyHunk): string | null {
	const [removed, ...more] = lines.filter(({ mark }) => mark === "-");
	const [added, ...others] = lines.filter(({ mark }) => mark === "+");
	if (!removed || !added || more.length > 0 || others.length > 0) return null;
	const [from, to] = [removed.text.trim(), added.text.trim()];
	return Math.max(from.length, to.length) > 80 ? null : `${from} → ${to}`;
}

function isReindented({ lines, path }: WhyHunk): boolean {
	// In Python and YAML the spaces at a line's begin are code.
	const keep = /\.(py|ya?ml)$/i.test(path);
	const bare = (sign: string) =>
		lines
			.filter(({ mark }) => mark === sign)
			.map(({ text }) => (keep ? text.trimEnd() : text.trim()).replaceAll(/(?<=\S)\s+/g, " "))
			.filter((text) => text.trim() !== "")
			.join("\n");
	return bare("-") === bare("+");
}

function withoutComment(text: string): string {
	return text.replace(/(^|\s)(#|\/\/).*$/, "").trim();
}

function lastPart(name: string): string {
	return name.split(/[./]/).at(-1) ?? name;
}

function word(name: string): RegExp {
	return new RegExp(`(?<![A-Za-z0-9])${name.replaceAll(/[^\w]/g, "\\$&") || "\\b\\B"}(?![A-Za-z0-9])`, "i");
}
