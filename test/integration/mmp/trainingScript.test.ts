import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveCommit } from "../../../src/adapters/mmp/archiveCommit";
import { scriptName, sourceName, trainingScript } from "../../../src/core/mmp/trainingScript";
import { GitProject } from "../../support/gitProject";

let project: GitProject;
let root: string;
beforeEach(() => {
	project = new GitProject();
	root = mkdtempSync(join(tmpdir(), "gamma-ml-"));
	mkdirSync(join(root, "input", "data", "gamma"), { recursive: true });
});
afterEach(() => {
	project.remove();
	rmSync(root, { recursive: true, force: true });
});

const channel = (name: string) => join(root, "input", "data", "gamma", name);

/** The commit in the container's channel, and what its script does there. */
async function train(sha: string, command: string | readonly string[] | null) {
	const archive = await archiveCommit(project.folder, sha);
	writeFileSync(channel(sourceName), readFileSync(archive.path));
	await archive.remove();
	writeFileSync(channel(scriptName), trainingScript({ command }));
	return run();
}

function run() {
	const env = { PATH: process.env.PATH, GAMMA_ML: root };
	const { status, stdout, stderr } = spawnSync("/bin/sh", [channel(scriptName)], { env, encoding: "utf8" });
	return { status, stdout, stderr };
}

test("words reach the training as they are written, without a shell between", async () => {
	const sha = project.commit("Train", { x: "" });
	await train(sha, ["true"]);
	const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/[\0\n]/.test(text));
	fc.assert(
		fc.property(fc.array(word, { maxLength: 4 }), (words) => {
			writeFileSync(channel(scriptName), trainingScript({ command: ["printf", "%s\\n", "first", ...words] }));
			expect(run().stdout).toBe(["first", ...words, ""].join("\n"));
		}),
		{ numRuns: 25 },
	);
});

test("a line is the shell's, and a repository that says nothing runs its train.py", async () => {
	const sha = project.commit("Train", { "train.py": "print('trained')", "data/a.txt": "a" });
	expect((await train(sha, "cat data/*.txt && echo $((1 + 1))")).stdout).toBe("a2\n");
	expect((await train(sha, null)).stdout).toBe("trained\n");
});

test("it ends with the training's own exit code, and at once where the code cannot be unpacked", async () => {
	const sha = project.commit("Train", { x: "" });
	expect((await train(sha, ["sh", "-c", "exit 7"])).status).toBe(7);
	writeFileSync(channel(sourceName), "no archive");
	const { status, stdout } = run();
	expect([status === 0, stdout]).toEqual([false, ""]);
});

test("requirements that cannot be installed end it before the training begins", async () => {
	const sha = project.commit("Train", { "requirements.txt": "--no-index\nno-such-package-of-gamma==1\n" });
	const { status, stdout } = await train(sha, ["echo", "began"]);
	expect(status).not.toBe(0);
	expect(stdout).not.toContain("began");
});

test("the archive is the commit: no change by hand, no file of git's, and no program that the repository's settings name", async () => {
	const sha = project.commit("Train", {
		"a.txt": "committed",
		".gitattributes": "secret.txt export-ignore",
		"secret.txt": "",
	});
	project.write("a.txt", "changed");
	project.write("b.txt", "new");
	project.git("config", "tar.tar.gz.command", `touch '${join(root, "ran")}'; gzip`);
	const { stdout } = await train(sha, "ls -A; cat a.txt");
	expect(stdout).toBe(".gitattributes\na.txt\ncommitted");
	expect(() => readFileSync(join(root, "ran"))).toThrow();
});

test("a commit that is not there is said, and leaves nothing behind", async () => {
	await expect(archiveCommit(project.folder, "0".repeat(40))).rejects.toMatchObject({ code: "git.failed" });
});
