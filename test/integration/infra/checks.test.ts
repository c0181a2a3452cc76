import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as yaml from "yaml";
import { trainWorkflow } from "../../../src/core/mmp/trainWorkflow";

const root = resolve(import.meta.dirname, "../../..");
const { GAMMA_ACTIONLINT: actionlint, GAMMA_TFLINT: tflint, GAMMA_PYTHON_INFRA: python } = process.env;
const hadolint = process.env.GAMMA_PYTHON_HADOLINT && join(dirname(process.env.GAMMA_PYTHON_HADOLINT), "hadolint");

/** What a program prints and how it ends. */
function run(program: string, args: readonly string[], cwd = root): Promise<{ code: number; said: string }> {
	return new Promise((done) =>
		execFile(program, [...args], { cwd, maxBuffer: 64 * 1_048_576 }, (error, said) =>
			done({ code: error ? Number(error.code ?? 1) : 0, said }),
		),
	);
}

const ofPython = (name: string) => join(dirname(python ?? ""), name);

describe("workflows, those that gamma init writes included", { timeout: 180_000 }, () => {
	let folder: string;
	let files: readonly string[];
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "gamma-workflows-"));
		const own = join(root, ".github/workflows");
		for (const name of readdirSync(own)) writeFileSync(join(folder, name), readFileSync(join(own, name)));
		writeFileSync(join(folder, "train.yml"), trainWorkflow());
		files = readdirSync(folder).map((name) => join(folder, name));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test.skipIf(!actionlint)("say nothing that GitHub would not understand (needs actionlint)", async () => {
		expect(await run(actionlint ?? "", files)).toEqual({ code: 0, said: "" });
		writeFileSync(
			join(folder, "wrong.yaml"),
			"on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [{ runs: x }] } }\n",
		);
		expect((await run(actionlint ?? "", [join(folder, "wrong.yaml")])).code).toBe(1);
		rmSync(join(folder, "wrong.yaml"));
	});

	test.skipIf(!python)("give nobody more than they need (needs zizmor)", async () => {
		const { code, said } = await run(ofPython("zizmor"), ["--offline", "--no-progress", "--pedantic", ...files]);
		expect(said).toContain("No findings to report");
		expect(code).toBe(0);
	});

	test("check out the same bytes on every system: no line end is converted", async () => {
		const paths = ["server/database/migrations/0001_ground.sql", "infra/deploy.sh", "docs/team.md"];
		const { said } = await run("git", ["check-attr", "text", "--", ...paths]);
		expect(said.trim().split("\n")).toEqual(paths.map((path) => `${path}: text: unset`));
	});

	test("publish the command under the name that the guides say", () => {
		const release = readFileSync(join(root, ".github/workflows/release.yml"), "utf8");
		const name = /npm pkg set name=(\S+)/.exec(release)?.[1];
		expect(name).toBe("@gamma-ml/gamma");
		for (const file of ["README.md", "docs/team.md"]) expect(readFileSync(join(root, file), "utf8")).toContain(name);
	});

	test("name every action by its commit, and each job's rights by their reason", () => {
		for (const file of files) {
			const text = readFileSync(file, "utf8");
			for (const [, action] of text.matchAll(/uses: (.*)/g)) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d/);
			const { permissions, jobs } = yaml.parse(text) as Workflow;
			expect(permissions).toEqual({});
			for (const job of Object.values(jobs)) {
				expect(job.permissions).toBeTypeOf("object");
				expect(job["timeout-minutes"]).toBeTypeOf("number");
			}
			for (const [, right] of text.matchAll(/^ {6}[a-z-]+: (?:read|write)(.*)$/gm)) expect(right).toMatch(/^ # /);
		}
	});
});

interface Workflow {
	readonly permissions: unknown;
	readonly jobs: Readonly<Record<string, { readonly permissions: unknown; readonly "timeout-minutes": unknown }>>;
}

describe("infra/ as its linters see it", { timeout: 300_000 }, () => {
	test.skipIf(!tflint)("Terraform's rules (needs tflint)", async () => {
		expect(await run(tflint ?? "", ["--recursive", "--format=compact"], join(root, "infra"))).toEqual({
			code: 0,
			said: "",
		});
	});

	test.skipIf(!python)("AWS's and Docker's rules, and a reason for each one passed over (needs checkov)", async () => {
		const { code, said } = await run(ofPython("checkov"), [
			...["-d", join(root, "infra"), "--framework", "terraform", "dockerfile"],
			...["--skip-download", "--compact", "--quiet", "-o", "json"],
		]);
		const reports = [JSON.parse(said)].flat() as readonly CheckovReport[];
		expect(reports.map(({ check_type }) => check_type).sort()).toEqual(["dockerfile", "terraform"]);
		for (const { summary, results } of reports) {
			expect(results.failed_checks.map(({ check_id, resource }) => [check_id, resource])).toEqual([]);
			expect(summary.passed).toBeGreaterThan(50);
		}
		expect(code).toBe(0);
		for (const file of readdirSync(join(root, "infra"), { recursive: true, encoding: "utf8" })) {
			if (!file.endsWith(".tf")) continue;
			const skips = readFileSync(join(root, "infra", file), "utf8").match(/checkov:skip=.*/g) ?? [];
			for (const skip of skips)
				expect([file, skip]).toEqual([file, expect.stringMatching(/^checkov:skip=CKV2?_AWS_\d+:.{20,}$/)]);
		}
	});
});

test.skipIf(!hadolint)("the images as hadolint sees them, none of its rules passed over (needs hadolint)", async () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-images-"));
	try {
		const strict = ["--no-color", "--failure-threshold", "style", "--disable-ignore-pragma"];
		const images = readdirSync(join(root, "infra/docker")).filter((name) => name.endsWith(".Dockerfile"));
		expect(images).toHaveLength(2);
		const files = images.map((name) => join(root, "infra/docker", name));
		expect(await run(hadolint ?? "", [...strict, ...files])).toEqual({ code: 0, said: "" });
		const wrong = join(folder, "Dockerfile");
		writeFileSync(wrong, "FROM debian\nRUN apt-get install curl\nUSER root\n");
		const { code, said } = await run(hadolint ?? "", [...strict, wrong]);
		expect([code, said]).toEqual([1, expect.stringContaining("DL3006")]);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

interface CheckovReport {
	readonly check_type: string;
	readonly summary: { readonly passed: number };
	readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}
