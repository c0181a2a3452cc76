import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskConversations } from "../../src/adapters/agent/diskConversations";
import { AnthropicClaude } from "../../src/adapters/anthropic/anthropicClaude";
import { AgentDesk, type AgentDeskParts } from "../../src/core/agent/agentDesk";
import type { Clock } from "../../src/core/agent/answering";
import { Permissions } from "../../src/core/agent/permissions";
import type { Toolbox } from "../../src/core/agent/toolbox";
import type { Message, Part, Prompt } from "../../src/shared/agent/conversation";
import { ClaudeServer } from "./claudeServer";
import { testLogger } from "./testLogger";

/** Time that a test moves: what sleeps wakes at once, and what was slept is written down. */
export class TestClock implements Clock {
	readonly slept: number[] = [];
	/** While set, sleeping lasts until it resolves or is aborted. */
	hold: Promise<void> | null = null;
	#ids = 0;

	now(): number {
		return Date.now();
	}

	async sleep(ms: number, signal: AbortSignal): Promise<void> {
		this.slept.push(ms);
		if (!this.hold) return;
		const aborted = new Promise<void>((done) => signal.addEventListener("abort", () => done(), { once: true }));
		await Promise.race([this.hold, aborted]);
	}

	random(): number {
		return 0.5;
	}

	newId(): string {
		return `m${++this.#ids}-${Math.random().toString(36).slice(2, 8)}`;
	}
}

/** No tools at all. */
export const noTools: Toolbox = {
	tools: [],
	titleOf: ({ name }) => name,
	judge: () => ({ kind: "deny", reason: "There is no such tool." }),
	run: async () => ({ output: "", isError: true, parts: [] }),
	preview: () => null,
	endPreview: () => {},
};

export interface AgentUnderTest {
	readonly server: ClaudeServer;
	readonly clock: TestClock;
	readonly folder: string;
	readonly store: DiskConversations;
	readonly permissions: Permissions;
	desk: AgentDesk;
	/** Another window over the same files. */
	again(parts?: Partial<AgentDeskParts>): Promise<AgentDesk>;
	/** Sends and waits for the end of the answer. */
	ask(text: string, desk?: AgentDesk): Promise<readonly Message[]>;
	close(): Promise<void>;
}

/** The real desk over the real SDK, the real disk, and a service that says what the test wants. */
export async function startAgent(given: Partial<AgentDeskParts> = {}, silenceMs?: number): Promise<AgentUnderTest> {
	const server = await ClaudeServer.start();
	const folder = mkdtempSync(join(tmpdir(), "gamma-agent-"));
	const store = new DiskConversations(folder);
	const clock = new TestClock();
	const kept = new Map<string, unknown>();
	const permissions = new Permissions({
		get: (scope) => kept.get(scope),
		set: (scope, value) => kept.set(scope, value),
	});
	let model = "";
	const make = async (parts: Partial<AgentDeskParts> = {}) => {
		const desk = new AgentDesk({
			access: async () => {
				const options = { apiKey: server.key, baseUrl: server.url, ...(silenceMs !== undefined && { silenceMs }) };
				return { kind: "ready", through: "key", claude: new AnthropicClaude(options) };
			},
			...{ store, permissions, clock, toolbox: noTools, logger: testLogger },
			describe: ({ name }) => ({ target: null, label: name, canLast: true }),
			assemble: async () => [],
			decisions: () => null,
			system: () => "You are Gamma.",
			model: {
				get: () => model,
				set: (id) => {
					model = id;
				},
			},
			projectId: async () => null,
			...given,
			...parts,
		});
		await desk.refresh();
		return desk;
	};
	const made: AgentUnderTest = {
		...{ server, clock, folder, store, permissions },
		desk: await make(),
		again: make,
		ask: async (text, desk = made.desk) => {
			await desk.send(promptOf(text));
			await untilIdle(desk);
			return desk.snapshot.open?.messages ?? [];
		},
		close: async () => {
			made.desk.dispose();
			await untilIdle(made.desk);
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return made;
}

export const promptOf = (text: string): Prompt => ({ text, mentions: [], images: [] });

/** Until nothing is written and nothing waits. */
export function untilIdle(desk: AgentDesk): Promise<void> {
	return until(desk, () => {
		const open = desk.snapshot.open;
		return !open || (open.activity.kind === "idle" && open.queued.length === 0);
	});
}

/** Until it is so; a change is a reason to look again. */
export function until(desk: AgentDesk, isSo: () => boolean): Promise<void> {
	return new Promise((resolve) => {
		const look = () => {
			if (!isSo()) return;
			listening.dispose();
			clearInterval(timer);
			resolve();
		};
		const listening = desk.onDidChange(look);
		const timer = setInterval(look, 20);
		look();
	});
}

export function textOf(messages: readonly Message[]): string {
	return partsOf(messages, "text")
		.map(({ text }) => text)
		.join("");
}

export function partsOf<K extends Part["kind"]>(messages: readonly Message[], kind: K): Extract<Part, { kind: K }>[] {
	return messages
		.filter(({ role }) => role === "assistant")
		.flatMap(({ parts }) => parts)
		.filter((part): part is Extract<Part, { kind: K }> => part.kind === kind);
}
