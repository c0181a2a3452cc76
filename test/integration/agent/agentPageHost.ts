import type { Browser } from "playwright-core";
import type { Message, Part } from "../../../src/shared/agent/conversation";
import type { Handlers } from "../../../src/shared/call";
import {
	type AgentPanelState,
	agentCalls,
	type Completion,
	type OpenHead,
} from "../../../src/shared/panels/agentPanel";
import { openPanelPage, type PanelPage, type Theme } from "../../support/panelPage";

export const nowMs = 1_700_000_600_000;

export function aHead(change: Partial<OpenHead> = {}): OpenHead {
	return {
		id: "c1",
		title: "Why is the loss worse?",
		jobId: "job1",
		queued: [],
		activity: { kind: "idle" },
		lastHeardMs: null,
		contextTokens: 36_000,
		costUsd: 0.0412,
		...change,
	};
}

export function asked(id: string, text: string, ...more: readonly Part[]): Message {
	const parts: readonly Part[] = [{ kind: "text", text }, ...more];
	return { id, role: "user", parts: [...parts], createdAtMs: nowMs, model: null, usage: null, costUsd: null };
}

export function answered(id: string, ...parts: readonly Part[]): Message {
	return { id, role: "assistant", parts: [...parts], createdAtMs: nowMs, model: "claude", usage: null, costUsd: null };
}

export const words = (text: string): Part => ({ kind: "text", text });

export function aPanelState(change: Partial<AgentPanelState> = {}): AgentPanelState {
	const kept = { keptIn: "disk", waiting: 0, isOthers: false } as const;
	const conversation = { ...kept, projectId: null, jobId: null, createdAtMs: nowMs - 9_000_000 };
	return {
		hostNowMs: nowMs,
		access: { kind: "ready", through: "key" },
		models: [
			{ id: "claude", name: "Claude Sonnet", contextLimit: 200_000 },
			{ id: "small", name: "Claude Haiku", contextLimit: 200_000 },
		],
		model: "claude",
		conversations: [
			{ ...conversation, id: "c1", title: "Why is the loss worse?", jobId: "job1", updatedAtMs: nowMs - 60_000 },
			{ ...conversation, id: "c2", title: "Fix the out of memory", updatedAtMs: nowMs - 7_200_000 },
		],
		canMove: false,
		removed: null,
		permissions: [],
		open: aHead(),
		messages: [],
		runSigns: {},
		insert: null,
		...change,
	};
}

export interface AgentPageUnderTest extends PanelPage {
	/** What the page asked of its host, as `name {"params":1}`. */
	readonly asked: readonly string[];
	/** Streams messages, as the host does while an answer is written. */
	stream(messages: readonly Message[], open?: OpenHead): Promise<void>;
}

export async function openAgentPage(
	browser: Browser,
	state: AgentPanelState,
	options: {
		theme?: Theme;
		width?: number;
		height?: number;
		kept?: unknown;
		reducedMotion?: boolean;
		answers?: Partial<Handlers<typeof agentCalls>>;
		completions?: readonly Completion[];
	} = {},
): Promise<AgentPageUnderTest> {
	const calls: string[] = [];
	const { answers = {}, completions = [], ...page } = options;
	const noted = Object.fromEntries(
		Object.keys(agentCalls).map((name) => [
			name,
			(params: unknown, signal: AbortSignal) => {
				calls.push(`${name} ${JSON.stringify(params) ?? ""}`.trim());
				const answer = answers[name as keyof typeof agentCalls] as
					| ((params: unknown, signal: AbortSignal) => unknown)
					| undefined;
				if (answer) return answer(params, signal);
				return name === "complete" || name === "drop" ? completions : name === "search" ? ["c2"] : undefined;
			},
		]),
	) as unknown as Handlers<typeof agentCalls>;
	const opened = await openPanelPage({
		browser,
		panel: "agent",
		calls: agentCalls,
		handlers: noted,
		state: { kind: "whole", ...state },
		width: 420,
		height: 760,
		...page,
	});
	return {
		...opened,
		asked: calls,
		show: (next) => opened.show({ kind: "whole", ...(next as AgentPanelState) }),
		stream: (messages, open = aHead({ activity: { kind: "writing", sinceMs: nowMs } })) =>
			opened.show({ kind: "messages", hostNowMs: nowMs, open, messages }),
	};
}
