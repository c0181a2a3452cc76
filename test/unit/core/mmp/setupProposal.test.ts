import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod/mini";
import { readFacts } from "../../../../src/core/mmp/repositoryFacts";
import { setupPaths } from "../../../../src/core/mmp/setupPaths";
import { proposeSetup } from "../../../../src/core/mmp/setupProposal";
import { parseTrainSettings } from "../../../../src/core/mmp/trainSettings";

/** A repository as far as the setup looks at it. */
function propose(texts: Readonly<Record<string, string>>, repository: string | null = "ada/spirals") {
	const files = {
		read: async (path: string) => texts[path] ?? null,
		list: async (folder: string) => {
			const start = folder === "" ? "" : `${folder}/`;
			const inside = Object.keys(texts).filter((path) => path.startsWith(start));
			return [...new Set(inside.map((path) => path.slice(start.length).split("/")[0] ?? ""))];
		},
	};
	return readFacts(files, { repository, folderName: "spirals" }).then(proposeSetup);
}

const textOf = (proposal: Awaited<ReturnType<typeof propose>>, path: string) =>
	proposal.files.find((file) => file.path === path)?.text ?? "";

test("a repository with train.py gets a workflow, its settings and a guide, all new", async () => {
	const proposal = await propose({ "train.py": "", "requirements.txt": "torch" });
	expect(proposal.files.map(({ path, state, existing }) => [path, state, existing])).toEqual(
		Object.values(setupPaths).map((path) => [path, "new", null]),
	);
	const settings = parseTrainSettings(textOf(proposal, setupPaths.settings));
	expect(settings).toMatchObject({ command: ["python3", "train.py"], experiment: "spirals", unknownKeys: [] });
	expect(textOf(proposal, setupPaths.settings)).toContain('"command": ["python3", "train.py"],\n');
	expect(proposal.blanks.map(({ key }) => key)).toEqual(["sagemaker.role", "sagemaker.image", "sagemaker.bucket"]);
	expect(Object.keys(proposal.variables)).toEqual(["GAMMA_AWS_ROLE", "GAMMA_AWS_REGION", "GAMMA_PACKAGE"]);
	expect(proposal.notes).toEqual([]);
	expect(textOf(proposal, setupPaths.guide)).toContain("`requirements.txt` is installed");
	expect(textOf(proposal, setupPaths.guide)).toContain("repo:ada/spirals:ref:refs/heads/models/*");
});

const stepSchema = z.object({
	name: z.string(),
	uses: z.optional(z.string()),
	run: z.optional(z.string()),
	with: z.optional(z.record(z.string(), z.unknown())),
});
const workflowSchema = z.strictObject({
	name: z.string(),
	on: z.unknown(),
	permissions: z.unknown(),
	concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }),
	jobs: z.object({
		submit: z.object({ permissions: z.unknown(), "timeout-minutes": z.number(), steps: z.array(stepSchema) }),
	}),
});

test("the workflow trains pushes to models only, with no right and no secret that it does not need", async () => {
	const text = textOf(await propose({ "train.py": "" }), setupPaths.workflow);
	const workflow = workflowSchema.parse(parse(text));
	const { submit } = workflow.jobs;
	expect(workflow.on).toEqual({ push: { branches: ["models", "models/**"] } });
	expect([workflow.permissions, submit.permissions]).toEqual([{}, { contents: "read", "id-token": "write" }]);
	expect(workflow.concurrency["cancel-in-progress"]).toBe(false);
	// Each push is a job: two commits of one branch never wait for each other.
	expect(workflow.concurrency.group).toContain("github.sha");
	for (const { uses } of submit.steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
	expect(text).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+\n/);
	expect(submit.steps.find(({ uses }) => uses?.startsWith("actions/checkout"))?.with).toEqual({
		"persist-credentials": false,
	});
	// Nothing of an event or a variable is pasted into a shell line.
	for (const { run } of submit.steps) expect(run ?? "").not.toContain("${{");
	expect(submit.steps.at(-1)?.run).toBe("gamma submit --target sagemaker");
	expect(text).not.toMatch(/secrets\.|AKIA|aws-secret/i);
});

test("without a train.py the command is a placeholder, and named", async () => {
	const proposal = await propose({ "README.md": "" }, null);
	expect(parseTrainSettings(textOf(proposal, setupPaths.settings)).command).toEqual([
		"python3",
		"<your training script>",
	]);
	expect(proposal.blanks[0]).toEqual({ key: "command", meaning: "your training script" });
	expect(proposal.notes).toEqual(["No train.py was found: say in .gamma/train.json what trains."]);
	expect(textOf(proposal, setupPaths.guide)).toContain("repo:OWNER/NAME:");
});

test.each([
	["src/train.py", ["python3", "src/train.py"]],
	["train.sh", ["sh", "train.sh"]],
])("%s is what trains", async (script, command) => {
	const proposal = await propose({ [script]: "" });
	expect(parseTrainSettings(textOf(proposal, setupPaths.settings)).command).toEqual(command);
	expect(proposal.notes).toEqual([]);
});

test("what is there stays: a differing workflow, and settings that only lack what SageMaker needs", async () => {
	const own = '{ "command": "make train", "env": {"A": "1"}, "sagemaker": {"role": "arn:r", "spot": true} }';
	const proposal = await propose({ "train.py": "", [setupPaths.workflow]: "name: mine\n", [setupPaths.settings]: own });
	expect(proposal.files.map(({ state, existing }) => [state, existing])).toEqual([
		["differs", "name: mine\n"],
		["differs", own],
		["new", null],
	]);
	const settings = parseTrainSettings(textOf(proposal, setupPaths.settings));
	expect(settings).toMatchObject({ command: "make train", experiment: null, env: { A: "1" } });
	expect(settings.sagemaker).toMatchObject({
		role: "arn:r",
		spot: true,
		image: "<address of the container image in ECR>",
	});
	expect(proposal.blanks.map(({ key }) => key)).toEqual(["sagemaker.image", "sagemaker.bucket"]);
});

test("a second setup proposes nothing, even where a person has filled in everything", async () => {
	const first = await propose({ "train.py": "" });
	const texts = Object.fromEntries(first.files.map(({ path, text }) => [path, text]));
	const second = await propose({ "train.py": "", ...texts });
	expect(second.files.map(({ state }) => state)).toEqual(["same", "same", "same"]);
	const filled = '{"sagemaker": {"bucket": "b", "image": "i", "role": "r"}}';
	const third = await propose({ "train.py": "", ...texts, [setupPaths.settings]: filled });
	expect(third.files.find(({ path }) => path === setupPaths.settings)?.state).toBe("same");
	expect(third.blanks).toEqual([]);
});

test("a workflow that submits already is left alone, and no second one comes beside it", async () => {
	const ci = "jobs:\n  x:\n    steps:\n      - run: npx gamma submit --target sagemaker\n";
	const proposal = await propose({ "train.py": "", ".github/workflows/ci.yaml": ci, ".github/workflows/lint.yml": "" });
	expect(proposal.files.map(({ path }) => path)).toEqual([setupPaths.settings, setupPaths.guide]);
	expect(proposal.notes).toEqual([
		".github/workflows/ci.yaml submits trainings already: .github/workflows/train.yml is left out.",
	]);
	expect(proposal.variables).toEqual({});
	expect(textOf(proposal, setupPaths.guide)).toContain("`.github/workflows/ci.yaml` submits each push");
});

test.each(["{", "[]", "null", "7", '{"command": 7}'])(
	"settings that cannot be read (%s) are kept, and fill in nothing",
	async (own) => {
		const proposal = await propose({ "train.py": "", [setupPaths.settings]: own });
		const file = proposal.files.find(({ path }) => path === setupPaths.settings);
		expect(file).toMatchObject({ state: "differs", existing: own });
		expect(proposal.blanks).toEqual([]);
	},
);
