import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ClaudeServer } from "../../support/claudeServer";
import { GitProject } from "../../support/gitProject";

const project = new GitProject();
let claude: ClaudeServer;
beforeAll(async () => {
	claude = await ClaudeServer.start();
	project.commit("Start", { "train.py": "warmup = 1000\n" });
});
afterAll(async () => {
	await claude.close();
	project.remove();
});

function talk(environment: Readonly<Record<string, string>>, ...question: readonly string[]) {
	const program = resolve(import.meta.dirname, "../../../tools/agentLive.mjs");
	const env = { PATH: process.env.PATH, HOME: project.folder, ...environment };
	return new Promise<{ code: unknown; out: string; err: string }>((done) => {
		execFile(process.execPath, [program, ...question], { cwd: project.folder, env }, (error, out, err) =>
			done({ code: error?.code ?? 0, out, err }),
		);
	});
}

test("npm run agent:live talks over the folder it stands in, three turns of one conversation, with its tools", async () => {
	claude.clear();
	claude.script(
		{ blocks: [{ text: "It trains a net." }] },
		{ blocks: [{ text: "I look. " }, { tool: "read_file", input: { path: "train.py" } }] },
		{ blocks: [{ text: "The fox is best." }] },
		{ blocks: [{ text: "A shorter warmup." }] },
	);
	const { code, out, err } = await talk({ ANTHROPIC_API_KEY: claude.key, ANTHROPIC_BASE_URL: claude.url });
	expect({ code, err }).toEqual({ code: 0, err: "" });
	const order = [
		"It trains a net.",
		"I look. ",
		"train.py: done]",
		"The fox is best.",
		"A shorter warmup.",
		"tokens, $",
	];
	let at = 0;
	for (const words of order) {
		expect(out.slice(at)).toContain(words);
		at = out.indexOf(words, at);
	}
	expect(claude.asked.at(-1)?.text).toContain("warmup = 1000");
	expect(claude.asked.at(-1)?.body.messages).toHaveLength(7);
});

test("without a key it says which one it wants; a key that is refused is a sentence and no success", async () => {
	const { code, err } = await talk({});
	expect({ code, err }).toEqual({ code: 2, err: "Set ANTHROPIC_API_KEY to a key of the Claude Console.\n" });
	const refused = await talk({ ANTHROPIC_API_KEY: "sk-ant-wrong", ANTHROPIC_BASE_URL: claude.url }, "Why?");
	expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("does not accept this key") });
});
