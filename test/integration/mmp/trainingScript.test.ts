import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveCommit } from "../../../src/adapters/mmp/archiveCommit";
import { scriptName, sourceName, trainingScript } from "../../../src/core/mmp/trainingScript";
import { toJobCommand, toParamEnvironment } from "../../../src/core/runner/jobCommand";
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

/** Hyperparameters as SageMaker writes them for the container. */
function give(params: unknown): void {
	mkdirSync(join(root, "input", "config"), { recursive: true });
	writeFileSync(join(root, "input", "config", "hyperparameters.json"), JSON.stringify(params));
}

/** The commit in the container's channel, and what its script does there. */
async function train(
	sha: string,
	command: string | readonly string[] | null,
	passParams: "environment" | "arguments" = "environment",
) {
	const archive = await archiveCommit(project.folder, sha);
	writeFileSync(channel(sourceName), readFileSync(archive.path));
	await archive.remove();
	writeFileSync(channel(scriptName), trainingScript({ command, passParams }));
	return run();
}

const toScript = (command: readonly string[]) => trainingScript({ command, passParams: "environment" });

function run(PATH = process.env.PATH) {
	const env = { PATH, GAMMA_ML: root };
	const { status, stdout, stderr } = spawnSync("/bin/sh", [channel(scriptName)], { env, encoding: "utf8" });
	return { status, stdout, stderr };
}

test("words reach the training as they are written, without a shell between", async () => {
	const sha = project.commit("Train", { x: "" });
	await train(sha, ["true"]);
	const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/[\0\n]/.test(text));
	fc.assert(
		fc.property(fc.array(word, { maxLength: 4 }), (words) => {
			writeFileSync(channel(scriptName), toScript(["printf", "%s\\n", "first", ...words]));
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

/** What a training finds of its params: its arguments, and `GAMMA_PARAM_…` of its environment. */
const tellsParams = `import json, os, sys
print(json.dumps([sys.argv[1:], {k: v for k, v in sorted(os.environ.items()) if k.startswith("GAMMA_PARAM_")}]))
`;

test("hyperparameters reach the training as a re-run's params reach one of a runner", async () => {
	const sha = project.commit("Train", { "train.py": tellsParams });
	const params = {
		lr: "0.5",
		"batch-size": "32",
		größe: `a "b" 'c' $(touch pwned)\nd`,
		resume_from: "/opt/ml/input/data/checkpoint/step-100.pt",
		sagemaker_program: "not for us",
	};
	give(params);
	const { sagemaker_program: _, ...own } = params;
	const environment = Object.fromEntries(Object.entries(toParamEnvironment(own)).sort(([a], [b]) => (a < b ? -1 : 1)));
	const words = toJobCommand({ command: [], passParams: "arguments" }, own, "");
	const told = async (...how: [string | readonly string[] | null, ("environment" | "arguments")?]) => {
		const { status, stdout, stderr } = await train(sha, ...how);
		expect([status, stderr]).toEqual([0, ""]);
		return JSON.parse(stdout) as unknown;
	};
	expect(await told(null)).toEqual([[], environment]);
	expect(await told(["python3", "train.py", "--seed", "7"], "arguments")).toEqual([
		["--seed", "7", ...words],
		environment,
	]);
	// A line's last command gets them, and no shell reads them again.
	expect(await told("true && python3 train.py --seed 7", "arguments")).toEqual([
		["--seed", "7", ...words],
		environment,
	]);
	expect(() => readFileSync(join(root, "code", "pwned"))).toThrow();
});

test.each([[{}], [null]])("of %j nothing is passed, and nothing of Python is needed", async (none) => {
	const sha = project.commit("Train", { x: "" });
	give(none);
	expect(await train(sha, ["printf", "%s.", "only"], "arguments")).toEqual({ status: 0, stdout: "only.", stderr: "" });
});

test("an image without Python says why it cannot take hyperparameters; a word that is no program is named", async () => {
	const sha = project.commit("Train", { x: "" });
	give({ lr: "0.5" });
	const { status, stderr } = await train(sha, ["no-such-program"]);
	expect([status, stderr]).toEqual([1, expect.stringMatching(/^gamma: no-such-program cannot be started: /)]);
	const tools = join(root, "tools");
	mkdirSync(tools);
	for (const tool of ["mkdir", "tar", "gzip", "tr"]) {
		const path = spawnSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
		symlinkSync(path, join(tools, tool));
	}
	expect(run(tools)).toEqual({
		status: 1,
		stdout: "",
		stderr: "gamma: this training has hyperparameters, and its image has no python3 to read them with.\n",
	});
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
