import { parse as parsePartial } from "partial-json";
import type { WritingEdit } from "../../shared/agent/conversation";
import { toFailure } from "../../shared/errors";
import type { ClaudeTool } from "./claude";
import { withoutSecrets } from "./context/secrets";
import type { Permissions } from "./permissions";
import { canLast, judge } from "./policy";
import type { GrowingInput, Toolbox, ToolCall, ToolContext, ToolOutcome, Verdict } from "./toolbox";
import type { AgentTool } from "./tools/agentTool";
import { writingEdit } from "./writingEdit";

/** Letters of one answer; what is longer is cut at a line, and says so. */
const mostChars = 40_000;
/** Looked through for secrets; of what comes after it nothing is shown. */
const mostSearched = 4 * mostChars;
/** A preview is worth its work after so many more letters, and after this part of the whole: each reads all that there is. */
const previewStep = { chars: 40, part: 0.05 };

export interface ToolboxParts {
	readonly tools: readonly AgentTool[];
	readonly permissions: Permissions;
	readonly isTrusted: () => boolean;
	/** Shows an edit while it is written; an input of null is the end of it. */
	readonly preview?: (name: string, input: unknown, conversationId: string) => void;
}

/** The tools, the policy before them, and what every answer of theirs goes through: secrets out, cut, and marked as data. */
export class AgentToolbox implements Toolbox {
	readonly #tools: ReadonlyMap<string, AgentTool>;
	#previewed: { readonly id: string; readonly length: number } | null = null;

	constructor(private readonly parts: ToolboxParts) {
		this.#tools = new Map(parts.tools.map((tool) => [tool.name, tool]));
	}

	/** Of a workspace that is not trusted, those that look. */
	get tools(): readonly ClaudeTool[] {
		const isTrusted = this.parts.isTrusted();
		return this.parts.tools
			.filter(({ effect }) => isTrusted || effect === "read" || effect === "show")
			.map(({ tool }) => tool);
	}

	titleOf({ name, input }: ToolCall): string {
		const tool = this.#tools.get(name);
		const parsed = tool?.parse(input);
		// The model wrote it: one line, without marks that turn text around.
		const title = tool && parsed && "input" in parsed ? tool.title(parsed.input) : name;
		return title.replaceAll(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu, " ").slice(0, 200);
	}

	judge(call: ToolCall, conversationId: string): Verdict {
		const tool = this.#tools.get(call.name);
		if (!tool) return { kind: "deny", reason: `There is no tool ${JSON.stringify(call.name.slice(0, 100))}.` };
		const parsed = tool.parse(call.input);
		if ("problem" in parsed) return { kind: "deny", reason: `It was not run: ${parsed.problem}.` };
		const isTrusted = this.parts.isTrusted();
		return judge({ tool, input: parsed.input, conversationId, isTrusted }, this.parts.permissions);
	}

	/** How a permission for this call would be said. */
	describe({ name, input }: { readonly name: string; readonly input: unknown }) {
		const tool = this.#tools.get(name);
		const parsed = tool?.parse(input);
		if (!tool || !parsed || "problem" in parsed) return { target: null, label: name, canLast: false };
		const target = tool.target(parsed.input);
		const words = name.replaceAll("_", " ");
		return { target, label: target === null ? words : `${words}: ${target}`, canLast: canLast(tool, parsed.input) };
	}

	async run(call: ToolCall, context: ToolContext): Promise<ToolOutcome> {
		const tool = this.#tools.get(call.name);
		const parsed = tool?.parse(call.input);
		if (!tool || !parsed || "problem" in parsed) return { output: "It was not run.", isError: true, parts: [] };
		try {
			const outcome = await tool.run(parsed.input, context);
			const { output, isError, parts } =
				typeof outcome === "string" ? { output: outcome, isError: false, parts: [] } : outcome;
			return { output: asData(output), isError, parts };
		} catch (error) {
			return { output: withoutSecrets(toFailure(error).message).text, isError: true, parts: [] };
		}
	}

	preview(call: Omit<ToolCall, "input">, { json, isWhole }: GrowingInput, conversationId: string): WritingEdit | null {
		if (this.#tools.get(call.name)?.effect !== "propose") return null;
		const before = this.#previewed?.id === call.id ? this.#previewed.length : 0;
		if (!isWhole && json.length - before < Math.max(previewStep.chars, before * previewStep.part)) return null;
		this.#previewed = { id: call.id, length: json.length };
		try {
			const partial: unknown = parsePartial(json);
			const writing = writingEdit(call.name, partial);
			if (writing) this.parts.preview?.(call.name, partial, conversationId);
			return writing;
		} catch {
			// What is not JSON yet may be in a moment.
			return null;
		}
	}

	endPreview(conversationId: string): void {
		if (!this.#previewed) return;
		this.#previewed = null;
		this.parts.preview?.("", null, conversationId);
	}
}

/** What a tool found, without secrets, not too long, and so wrapped that it cannot end before its end. */
function asData(text: string): string {
	const { text: clean, secrets } = withoutSecrets(text.slice(0, mostSearched));
	const isCut = clean.length > mostChars || text.length > mostSearched;
	const body = isCut ? clean.slice(0, Math.max(clean.lastIndexOf("\n", mostChars), mostChars / 2)) : clean;
	const notes = [
		...(isCut ? [`cut: ${text.length} letters are more than is shown at once`] : []),
		...(secrets > 0 ? [`${secrets} secrets were left out`] : []),
	];
	const note = notes.length > 0 ? `\n(${notes.join("; ")})` : "";
	return `<data>\n${body.replaceAll(/<(?=\/?data>)/gi, "&lt;")}\n</data>${note}`;
}
