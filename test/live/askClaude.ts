import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskConversations } from "../../src/adapters/agent/diskConversations";
import { AnthropicClaude } from "../../src/adapters/anthropic/anthropicClaude";
import { findStores } from "../../src/adapters/library/findStores";
import { openStore } from "../../src/adapters/library/openStore";
import { StoreLibrary } from "../../src/adapters/library/storeLibrary";
import { folderToolbox } from "../../src/adapters/mcp/folderToolbox";
import { AgentDesk } from "../../src/core/agent/agentDesk";
import { instructions } from "../../src/core/agent/instructions";
import { Permissions } from "../../src/core/agent/permissions";
import { silentLogger } from "../../src/core/logger";
import type { Part } from "../../src/shared/agent/conversation";

/** What is asked where nothing else is: a turn without tools' need, one that reads, one that goes on with what was said. */
export const conversation: readonly string[] = [
	"What does this project train, and where in the code? Two sentences.",
	"Which run is best, by which metric, and what did it do otherwise than the second? Look at the metrics first.",
	"What would you try next? One sentence.",
];

/** Questions to the real service over one folder, one after the other, each answer printed as it comes; the exit code. */
export async function askClaude(questions: readonly string[], folder: string): Promise<number> {
	const apiKey = process.env.ANTHROPIC_API_KEY;
	if (!apiKey) {
		process.stderr.write("Set ANTHROPIC_API_KEY to a key of the Claude Console.\n");
		return 2;
	}
	const library = new StoreLibrary({ open: openStore, logger: silentLogger });
	const toolbox = await folderToolbox(folder, library, await findStores(folder, {}));
	const claude = new AnthropicClaude({ apiKey, baseUrl: process.env.ANTHROPIC_BASE_URL || null });
	const desk = new AgentDesk({
		access: async () => ({ kind: "ready", through: "key", claude }),
		store: new DiskConversations(mkdtempSync(join(tmpdir(), "gamma-conversations-"))),
		...{ toolbox, logger: silentLogger },
		permissions: new Permissions({ get: () => undefined, set: () => {} }),
		describe: (call) => toolbox.describe(call),
		assemble: async () => [],
		decisions: () => null,
		system: () => instructions,
		model: { get: () => process.env.GAMMA_MODEL ?? "", set: () => {} },
		projectId: async () => null,
		clock: {
			...{ now: Date.now, random: Math.random, newId: () => crypto.randomUUID() },
			sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
		},
	});
	await desk.refresh();
	const shown = new Map<string, number>();
	let hasFailed = false;
	const print = () => {
		for (const { id, role, parts } of desk.snapshot.open?.messages ?? []) {
			if (role === "user") continue;
			// A call is printed once it has ended: what is printed cannot be taken back.
			const going = parts.findIndex((part) => part.kind === "tool" && part.output === null);
			const text = (going < 0 ? parts : parts.slice(0, going)).map(wordsOf).join("");
			process.stdout.write(text.slice(shown.get(id) ?? 0));
			shown.set(id, text.length);
			hasFailed ||= parts.some((part) => part.kind === "notice" && part.level === "error");
		}
	};
	for (const question of questions) {
		process.stdout.write(`\n\n> ${question}\n\n`);
		await new Promise<void>((done) => {
			const listening = desk.onDidChange(() => {
				print();
				if (desk.snapshot.open?.activity.kind !== "idle") return;
				if (desk.snapshot.open.messages.at(-1)?.role !== "assistant") return;
				listening.dispose();
				done();
			});
			void desk.send({ text: question, mentions: [], images: [] });
		});
		if (hasFailed) break;
	}
	const { costUsd, contextTokens } = desk.snapshot.open ?? {};
	process.stdout.write(`\n\n${contextTokens} tokens, $${costUsd?.toFixed(4)}\n`);
	desk.dispose();
	library.dispose();
	return hasFailed ? 1 : 0;
}

function wordsOf(part: Part): string {
	if (part.kind === "tool") return `\n[${part.title}: ${part.state}]\n`;
	return part.kind === "text" || part.kind === "notice" ? part.text : "";
}
