import type { Message, SentItem } from "../../shared/agent/conversation";
import type { SendPreview } from "../../shared/panels/agentPanel";
import type { Claude, ClaudeRequest } from "./claude";
import { toClaudeMessages } from "./toClaudeMessages";
import { tokensOf, tokensOfMessages } from "./tokens";

const tokensOfPicture = 1_600;

export interface PreviewParts {
	/** What was said before. */
	readonly before: readonly Message[];
	/** The prompt as it would be appended. */
	readonly message: Message;
	readonly request: Omit<ClaudeRequest, "messages">;
	/** Null where there is nobody to count. */
	readonly claude: Claude | null;
}

/** What would be sent with a prompt: each thing with its text, and the tokens of the whole, counted by the service where it answers. */
export async function previewSend({ before, message, request, claude }: PreviewParts): Promise<SendPreview> {
	const whole: ClaudeRequest = { ...request, messages: toClaudeMessages([...before, message]) };
	const toolTokens = tokensOf(JSON.stringify(request.tools));
	const estimate = tokensOfMessages(whole.messages) + toolTokens + tokensOf(request.system);
	const counted = claude ? await claude.countTokens(whole).catch(() => null) : null;
	return {
		items: [instructionsOf(request.system), ...message.parts.flatMap(itemsOf)],
		tokens: counted ?? estimate,
		isCounted: counted !== null,
		tokensBefore: before.length === 0 ? 0 : tokensOfMessages(toClaudeMessages(before)),
		tools: request.tools.length,
		toolTokens,
	};
}

function instructionsOf(system: string): SentItem {
	const label = "Gamma's instructions";
	return { label, kind: "instructions", tokens: tokensOf(system), leftOut: null, text: system };
}

function itemsOf(part: Message["parts"][number]): readonly SentItem[] {
	if (part.kind === "sent") return part.items;
	if (part.kind === "image") {
		return [{ label: "A picture", kind: "image", tokens: tokensOfPicture, leftOut: null, text: part.mimeType }];
	}
	return [];
}
