import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../mlflowServer";

const root = resolve(import.meta.dirname, "../../..");
export const terraformPath = process.env.GAMMA_TERRAFORM;
export const providersFolder = process.env.GAMMA_TERRAFORM_PROVIDERS;

/** Services of AWS that infra/ speaks to, as the provider names their endpoints. */
const services =
	`appautoscaling cloudwatch cloudwatchlogs ec2 ecr ecs elbv2 events iam s3 secretsmanager servicediscovery sns sqs
	sts`.split(/\s+/);

/** A resource of a plan, as `terraform show -json` tells it. */
export interface PlannedResource {
	/** `data` is only read. */
	readonly mode: "managed" | "data";
	readonly address: string;
	readonly type: string;
	readonly values: Readonly<Record<string, unknown>>;
}

interface PlannedModule {
	readonly resources?: readonly PlannedResource[];
	readonly child_modules?: readonly PlannedModule[];
}

/** infra/ in a folder of its own, in front of moto in place of AWS. */
export class TerraformStack {
	readonly #folder = mkdtempSync(join(tmpdir(), "gamma-infra-"));
	readonly folder = join(this.#folder, "infra");
	readonly #environment: Record<string, string | undefined>;

	private constructor(
		readonly awsUrl: string,
		private readonly stopAws: () => Promise<void>,
	) {
		const configuration = join(this.#folder, "cli.tfrc");
		const mirror = JSON.stringify(providersFolder);
		writeFileSync(configuration, `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`);
		this.#environment = {
			...process.env,
			TF_CLI_CONFIG_FILE: configuration,
			CHECKPOINT_DISABLE: "1",
			TF_IN_AUTOMATION: "1",
		};
		cpSync(join(root, "infra"), this.folder, {
			recursive: true,
			filter: (source) => !/\.terraform|\.tfstate|override\.tf$/.test(source),
		});
		const endpoints = services.map((service) => `    ${service} = "${awsUrl}"`).join("\n");
		writeFileSync(
			join(this.folder, "moto_override.tf"),
			`terraform {
  backend "local" {}
}
provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
  endpoints {
${endpoints}
  }
}
`,
		);
	}

	/** `python` has moto. */
	static async start(python: string): Promise<TerraformStack> {
		const port = await freePort();
		const script = join(root, "test/support/python/moto_of_terraform.py");
		const moto = spawn(python, [script, "-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
		const url = `http://127.0.0.1:${port}`;
		for (let tried = 0; !(await fetch(`${url}/moto-api/data.json`).catch(() => null))?.ok; tried++) {
			if (tried > 600 || moto.exitCode !== null) throw new Error("moto did not start");
			await wait(100);
		}
		const stack = new TerraformStack(url, async () => {
			const ended = new Promise((done) => moto.once("exit", done));
			moto.kill("SIGKILL");
			await ended;
		});
		await stack.run("init", "-input=false");
		return stack;
	}

	/** What Terraform prints. Rejects with what it says where it fails. */
	async run(...args: readonly string[]): Promise<string> {
		try {
			const options = { cwd: this.folder, env: this.#environment, maxBuffer: 256 * 1_048_576 };
			return (await promisify(execFile)(terraformPath ?? "terraform", [...args], options)).stdout;
		} catch (error) {
			const { stderr = "", stdout = "" } = error as { stderr?: string; stdout?: string };
			throw new Error(`terraform ${args.join(" ")}: ${stderr || stdout}`, { cause: error });
		}
	}

	/** Everything that would be there, with what is known of it before. */
	async plan(...args: readonly string[]): Promise<readonly PlannedResource[]> {
		const file = join(this.#folder, "plan");
		await this.run("plan", "-input=false", `-out=${file}`, ...args);
		const shown = JSON.parse(await this.run("show", "-json", file)) as {
			planned_values: { root_module: PlannedModule };
		};
		return resourcesOf(shown.planned_values.root_module);
	}

	/** Everything that is there. */
	async applied(): Promise<readonly PlannedResource[]> {
		const shown = JSON.parse(await this.run("show", "-json")) as { values: { root_module: PlannedModule } };
		return resourcesOf(shown.values.root_module);
	}

	async stop(): Promise<void> {
		await this.stopAws();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

function resourcesOf(module: PlannedModule): PlannedResource[] {
	const own = (module.resources ?? []).filter(({ mode }) => mode === "managed");
	return [...own, ...(module.child_modules ?? []).flatMap(resourcesOf)];
}
