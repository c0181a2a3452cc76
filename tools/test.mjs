// `npm test`: every check and every test, bringing what they need. Ends with `N passed, N failed, N skipped`.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeDemo } from "./demo.mjs";
import { root, say } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { build, installPackages, packageVsix } from "./lib/packages.mjs";
import * as parts from "./lib/parts.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();

mkdirSync(join(root, ".cache"), { recursive: true });
const counts = { passed: 0, failed: 0, skipped: 0 };
const lines = [];

const bin = (name) => join(root, "node_modules", ".bin", name);

async function check(name, work) {
	try {
		await work();
		counts.passed++;
	} catch (error) {
		counts.failed++;
		lines.push(`FAILED   ${name}: ${error.message}`);
	}
}

function skip(name, reason) {
	counts.skipped++;
	lines.push(`SKIPPED  ${name}: ${reason}`);
}

/** Environment variable by which the tests find each part, and what is lost without it. */
const rig = {
	GAMMA_PYTHON: [parts.pythonClients, "tests against the real MLflow 3, TensorBoard and moto"],
	GAMMA_PYTHON_MLFLOW2: [parts.pythonMlflow2, "tests against the real MLflow 2"],
	GAMMA_PYTHON_MUJOCO: [parts.pythonMujoco, "MuJoCo beside its Python package"],
	GAMMA_SCHEMATHESIS: [parts.schemathesis, "the fuzzing of the relay's routes"],
	GAMMA_CHROMIUM: [parts.chromium, "tests of the panels and the editor"],
	GAMMA_EDITOR: [parts.editor, "tests in the real editor"],
	GAMMA_PYTHON_INFRA: [parts.pythonInfra, "checkov and zizmor over infra/ and the workflows"],
	GAMMA_PYTHON_HADOLINT: [parts.pythonHadolint, "hadolint over the images"],
	GAMMA_VERSITYGW: [parts.versitygw, "tests of artifacts against versitygw, the second S3 server"],
	GAMMA_ACTIONLINT: [parts.actionlint, "actionlint over the workflows"],
	GAMMA_TFLINT: [parts.tflint, "tflint over infra/"],
	GAMMA_TERRAFORM: [parts.terraform, "Terraform's own checks of infra/"],
	GAMMA_TERRAFORM_PROVIDERS: [parts.terraformProviders, "plan, apply and destroy of infra/"],
	GAMMA_POSTGRES: [parts.postgres, "tests of an MLflow server on PostgreSQL"],
};
const env = { ...process.env };

async function checkSources() {
	const linter = await parts.biome();
	if (linter.missing) skip("lint and format", linter.missing);
	else await check("lint and format", () => run(linter.path, ["check", "--error-on-warnings", "."], { cwd: root }));
	for (const project of ["pure", "node", "editor", "webview", "test"]) {
		await check(`types of ${project}`, () => run(bin("tsc"), ["-p", `tsconfig/${project}.json`], { cwd: root }));
	}
}

async function makeReady() {
	await check("build", () => build("--production"));
	await check("licences of what is bundled", () =>
		run(process.execPath, ["tools/notice.mjs", "--check"], { cwd: root }),
	);
	await check("package", () => packageVsix(join(root, ".cache", "gamma.vsix")));
	for (const [variable, [part, loss]] of Object.entries(rig)) {
		const { path, missing } = process.env[variable] ? { path: process.env[variable] } : await part();
		if (path) env[variable] = path;
		else skip(loss, missing);
	}
	const trainer = await parts.python();
	if (trainer.missing) return skip("tests on the demo project", trainer.missing);
	await check("demo project", async () => {
		env.GAMMA_DEMO = await makeDemo(join(root, ".cache", "demo"), trainer.path);
	});
}

// Neither needs what the other makes: two cores do both in the time of one.
await Promise.all([checkSources(), makeReady()]);

const only = process.argv.slice(2);
for (const project of ["unit", "integration", "e2e"]) {
	if (only.length > 0 && !only.includes(project)) continue;
	const report = join(root, ".cache", `tests-${project}.json`);
	rmSync(report, { force: true });
	say(`tests: ${project}`);
	const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	await run(bin("vitest"), args, { cwd: root, env }).catch(() => {});
	count(project, report);
}

function count(project, report) {
	let result;
	try {
		result = JSON.parse(readFileSync(report, "utf8"));
	} catch (error) {
		counts.failed++;
		lines.push(`FAILED   ${project}: the test runner left no report (${error.message})`);
		return;
	}
	for (const file of result.testResults) {
		const name = file.name.slice(root.length + 1);
		if (file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed")) {
			counts.failed++;
			lines.push(`FAILED   ${name}: ${file.message.split("\n")[0]}`);
		}
		for (const test of file.assertionResults) {
			const outcome = { passed: "passed", failed: "failed" }[test.status] ?? "skipped";
			counts[outcome]++;
			if (outcome !== "passed") lines.push(`${outcome.toUpperCase().padEnd(8)} ${name}: ${test.fullName}`);
			if (outcome === "failed") lines.push(...reasonsOf(test));
			// Passed, and yet it has a failure to tell: that of the first try.
			else if (test.failureMessages?.length > 0) lines.push(`RETRIED  ${name}: ${test.fullName}`);
		}
	}
}

/** What a failed test said, its first lines: the whole is far above in the output, or was cut. */
function reasonsOf(test) {
	const said = (test.failureMessages ?? []).join("\n").split("\n");
	return said
		.filter((line) => line.trim() !== "" && !/^\s+at .*node_modules/.test(line))
		.slice(0, 12)
		.map((line) => `         ${line.slice(0, 300)}`);
}

for (const line of lines) process.stdout.write(`${line}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(counts.failed > 0 ? 1 : 0);
