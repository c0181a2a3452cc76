import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildRelay } from "../../support/builtRelay";
import { type ApiDocument, apiMarkdown } from "../../support/docs/apiMarkdown";
import { type Block, guideNames, readGuide } from "../../support/docs/guide";
import { GammaCommand } from "../../support/gammaCommand";
import { startTestRelay } from "../../support/relay";

const root = resolve(import.meta.dirname, "../../..");
const isRun = ({ language, about }: Block) => language === "sh" && about === "run";

describe("each guide", () => {
	test.each(guideNames)(
		"%s: every command is run by a test, or said to need the cloud; every link leads somewhere",
		(name) => {
			const { text, blocks } = readGuide(name);
			for (const { language, about, line, text: block } of blocks) {
				const at = `${name}:${line}`;
				if (language === "sh")
					expect([at, about]).toEqual([at, expect.stringMatching(/^(run( needs=postgres)?|cloud needs \S.+)$/)]);
				if (language === "json") expect([at, typeof JSON.parse(block)]).toEqual([at, "object"]);
				if (language === "ini") expect(block).toBe(readFileSync(join(root, about.replace("file=", "")), "utf8"));
			}
			const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "");
			for (const [, to = ""] of prose.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
				if (!/^https?:/.test(to)) expect([to, existsSync(join(root, "docs", to))]).toEqual([to, true]);
			}
		},
	);

	test("names settings that there are", () => {
		const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
			contributes: { configuration: { properties?: object } | readonly { properties?: object }[] };
		};
		const known = [contributes.configuration].flat().flatMap(({ properties }) => Object.keys(properties ?? {}));
		for (const name of guideNames) {
			for (const { language, about, text } of readGuide(name).blocks) {
				if (language !== "json" || about !== "settings") continue;
				for (const key of Object.keys(JSON.parse(text) as object)) expect(known).toContain(key);
			}
		}
	});
});

describe("a newcomer who does what the guides say, word for word", { timeout: 240_000 }, () => {
	const command = new GammaCommand();
	let home: string;
	beforeAll(async () => {
		await command.build();
		await buildRelay(join(command.folder, "dist"));
	}, 120_000);
	afterAll(() => command.dispose());

	/** All of a guide's commands in one shell, in an empty home. What it printed, with how it ended. */
	async function follow(name: string, before = ""): Promise<{ code: number | null; said: string }> {
		home = mkdtempSync(join(tmpdir(), "gamma-newcomer-"));
		const bin = join(home, "bin");
		mkdirSync(bin);
		writeFileSync(join(bin, "gamma"), `#!/bin/sh\nexec "${process.execPath}" "${command.launcher}" "$@"\n`, {
			mode: 0o755,
		});
		writeFileSync(
			join(home, ".gitconfig"),
			"[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n",
		);
		const script = readGuide(name)
			.blocks.filter(isRun)
			.map(({ text }) => text)
			.join("\n");
		const child = spawn("bash", ["--norc", "-euo", "pipefail", "-c", `${before}\n${script}`], {
			cwd: home,
			detached: true,
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
				HOME: home,
				XDG_STATE_HOME: join(home, "state"),
				LANG: "C.UTF-8",
			},
		});
		let said = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (part: string) => {
				said += part;
			});
		}
		const code = await new Promise<number | null>((done) => child.on("exit", done));
		// The relay that the guide leaves running.
		try {
			process.kill(-(child.pid ?? 0), "SIGKILL");
		} catch {
			// Nothing was left.
		}
		rmSync(home, { recursive: true, force: true, maxRetries: 5 });
		return { code, said };
	}

	const hasPython = (() => {
		try {
			return execFileSync("python3", ["--version"]).length > 0;
		} catch {
			return false;
		}
	})();

	test.skipIf(!hasPython)(
		"laptop.md (needs Python): two trainings by push, and what differs between them",
		async () => {
			const { code, said } = await follow("laptop.md");
			expect([code, said]).toEqual([0, said]);
			expect(said).toMatch(/ FINISHED .*\n/);
			expect(said).toContain(".gamma/train.json: added");
			expect(said.match(/of models\/first is pending as/g)).toHaveLength(2);
			for (const step of ["claimed", "checked out", "trains: python3 train.py", "completed"]) {
				expect(said.match(new RegExp(`models/first \\w{7}: ${step}`, "g"))).toHaveLength(2);
			}
			expect(said).toMatch(/loss/);
		},
	);

	test("mmp.md: a branch of models, merged into main", async () => {
		const repository = "git init --quiet digits; cd digits; git commit --quiet --allow-empty --message Begin";
		const { code, said } = await follow("mmp.md", repository);
		expect([code, said]).toEqual([0, said]);
	});

	test("runner.md, team.md and troubleshooting.md, up to the first step that needs the cloud", async () => {
		const help = await follow("runner.md");
		expect(help).toEqual({ code: 0, said: expect.stringContaining("--gpus <n|ids>") });
		const patch = await follow("team.md");
		expect(patch).toEqual({ code: 0, said: expect.stringContaining("+++ b/.github/workflows/train.yml") });
		expect(await follow("troubleshooting.md")).toMatchObject({ code: 0 });
	});
});

test("docs/api.md says what the relay's own document says", async () => {
	const relay = await startTestRelay();
	const { body } = await relay.ask<ApiDocument>("GET", "/api/openapi.json");
	await relay.close();
	const path = join(root, "docs/api.md");
	if (process.env.GAMMA_UPDATE_DOCS) writeFileSync(path, apiMarkdown(body));
	expect(readFileSync(path, "utf8")).toBe(apiMarkdown(body));
});
