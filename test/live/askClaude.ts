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

/** One question to the real service over one folder, printed as it comes; the exit code. */
export async function askClaude(question: string, folder: string): Promise<number> {
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
	await new Promise<void>((done) => {
		desk.onDidChange(() => {
			const open = desk.snapshot.open;
			for (const { id, role, parts } of open?.messages ?? []) {
				if (role === "user") continue;
				const text = parts
					.map((part) =>
						part.kind === "tool"
							? `\n[${part.title}: ${part.state}]\n`
							: part.kind === "text" || part.kind === "notice"
								? part.text
								: "",
					)
					.join("");
				process.stdout.write(text.slice(shown.get(id) ?? 0));
				shown.set(id, text.length);
			}
			if (open?.activity.kind === "idle" && open.messages.some(({ role }) => role === "assistant")) done();
		});
		void desk.send({ text: question, mentions: [], images: [] });
	});
	const { costUsd, contextTokens } = desk.snapshot.open ?? {};
	process.stdout.write(`\n\n${contextTokens} tokens, $${costUsd?.toFixed(4)}\n`);
	desk.dispose();
	library.dispose();
	return 0;
}
