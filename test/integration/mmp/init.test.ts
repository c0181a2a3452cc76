import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";
import { setupPaths } from "../../../src/core/mmp/setupPaths";
import { toUnifiedDiff } from "../../../src/core/mmp/unifiedDiff";
import { GammaCommand } from "../../support/gammaCommand";
import { GitProject } from "../../support/gitProject";

const gamma = new GammaCommand();
let project: GitProject;

beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());
beforeEach(() => {
	project = new GitProject();
});
afterEach(() => project.remove());

const answer = z.object({
	root: z.string(),
	written: z.array(z.string()),
	files: z.array(z.object({ path: z.string(), state: z.string() })),
	blanks: z.array(z.object({ key: z.string() })),
	notes: z.array(z.string()),
});
const initJson = async (cwd: string, ...flags: string[]) => answer.parse(await gamma.json(["init", ...flags], { cwd }));
const read = (path: string) => readFileSync(join(project.folder, path), "utf8");

test("gamma init adds its three files, from any folder of the repository, and says what is still to say", async () => {
	project.commit("Train", { "train.py": "", "requirements.txt": "torch\n", "deep/inside/x.py": "" });
	project.git("remote", "add", "origin", "git@github.com:ada/spirals.git");
	const said = await gamma.run(["init"], { cwd: join(project.folder, "deep", "inside") });
	expect([said.code, said.err]).toEqual([0, ""]);
	expect(said.out.split("\n").slice(0, 3)).toEqual(Object.values(setupPaths).map((path) => `${path}: added`));
	expect(said.out).toContain("  sagemaker.role: ARN of the role");
	expect(said.out).toContain("  GAMMA_AWS_ROLE: ARN");
	expect(project.git("status", "--porcelain", "-uall").split("\n").sort()).toEqual(
		Object.values(setupPaths)
			.map((path) => `?? ${path}`)
			.sort(),
	);
	expect(read(setupPaths.guide)).toContain("repo:ada/spirals:ref:refs/heads/models");
});

test("a dry run writes nothing, and what it prints is a patch that git applies to the same effect", async () => {
	project.commit("Train", { "src/train.py": "", [setupPaths.settings]: '{"command": ["make"]}' });
	const dry = await gamma.run(["init", "--dry-run"], { cwd: project.folder });
	expect(dry.code).toBe(0);
	expect(project.git("status", "--porcelain")).toBe("");
	execFileSync("git", ["apply", "--index", "-"], { cwd: project.folder, input: dry.out });
	expect(project.git("diff", "--cached", "--name-status").split("\n").sort()).toEqual(
		[`A\t${setupPaths.workflow}`, `A\t${setupPaths.guide}`, `M\t${setupPaths.settings}`].sort(),
	);
	expect(JSON.parse(read(setupPaths.settings))).toMatchObject({
		command: ["make"],
		sagemaker: { instanceType: "ml.g5.xlarge" },
	});
	const after = await initJson(project.folder);
	expect(after.files.map(({ state }) => state)).toEqual(["same", "same", "same"]);
	expect(after.written).toEqual([]);
});

test("a file that is there is left byte for byte, and named", async () => {
	const workflow = "name: ours\r\n";
	project.commit("Train", { "train.py": "", [setupPaths.workflow]: workflow });
	const said = await gamma.run(["init"], { cwd: project.folder });
	expect(said.out).toContain(`${setupPaths.workflow}: is there, and left as it is\n`);
	expect(said.out).toContain(`gamma init --dry-run shows what differs in ${setupPaths.workflow}.`);
	expect(read(setupPaths.workflow)).toBe(workflow);
	expect(existsSync(join(project.folder, setupPaths.settings))).toBe(true);
});

test("a repository without a training script has its placeholder named, once in the file and once in the answer", async () => {
	project.commit("Begin", { "README.md": "" });
	const said = await initJson(project.folder, "--dry-run");
	expect(said.blanks.map(({ key }) => key)).toContain("command");
	expect(said.notes).toEqual(["No train.py was found: say in .gamma/train.json what trains."]);
	expect(said.written).toEqual([]);
});

test("nothing is written through a link that leads out of the repository", async () => {
	const outside = mkdtempSync(join(tmpdir(), "gamma-outside-"));
	project.commit("Train", { "train.py": "" });
	mkdirSync(join(outside, "workflows"));
	symlinkSync(outside, join(project.folder, ".github"));
	const said = await gamma.run(["init"], { cwd: project.folder });
	expect([said.code, said.err]).toEqual([
		1,
		"gamma: .github is no folder of this repository: nothing was written into it.\n",
	]);
	expect(existsSync(join(outside, "workflows", "train.yml"))).toBe(false);
	rmSync(outside, { recursive: true });
});

test("outside of a repository it says so, and what to do", async () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-none-"));
	const said = await gamma.run(["init"], { cwd: folder });
	expect(said.code).toBe(1);
	expect(said.err).toMatch(/^gamma: .* is in no git repository: call git init, or change the folder\.\n$/);
	rmSync(folder, { recursive: true });
});

test("git applies every unified diff, and gets what was meant", () => {
	const lines = fc.array(fc.constantFrom("a", "b", "c", "", " x", "-y", "+z"), { maxLength: 30 });
	const text = fc
		.tuple(lines, fc.boolean())
		.map(([all, ends]) => all.join("\n") + (ends && all.length > 0 ? "\n" : ""));
	fc.assert(
		fc.property(text, text, (before, after) => {
			fc.pre(before !== "" && after !== "" && before !== after);
			project.write("f", before);
			execFileSync("git", ["apply", "--whitespace=nowarn", "-"], {
				cwd: project.folder,
				input: toUnifiedDiff("f", before, after),
			});
			expect(read("f")).toBe(after);
		}),
		{ numRuns: 40 },
	);
});
